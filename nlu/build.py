"""Trains the dialogue model. Works on a copy: `rasa train` writes into the configuration that it is given."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import yaml
from numpy.typing import NDArray
from tqdm import tqdm

from knowledge.encoder import Encoder, encoder_identity, load_encoder
from nlu import texts
from nlu.components.encoder_source import lend
from nlu.components.plain_text import plain
from nlu.engine import MODEL_FILE
from nlu.errors import TrainingFailed
from nlu.quiet import quieten, train_in, without_warnings

HERE: Final = Path(__file__).resolve().parent
CONFIG: Final = HERE.parent / "config.yml"
DOMAIN: Final = HERE / "domain"
DATA: Final = HERE / "data"
COMPONENTS: Final = HERE / "components"
LEXICON: Final = HERE / "lexicon"
BATCH: Final = 32


def digest(encoder_name: str) -> str:
    """Hex; changes with anything that the model is made of."""
    total = sha256(f"rasa {version('rasa')} {encoder_identity(encoder_name)}".encode())
    for file in _inputs():
        total.update(f"\n{file.relative_to(HERE.parent).as_posix()}\n".encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def build(target: Path, *, encoder_name: str, cache_dir: Path | None = None, encoder: Encoder | None = None) -> None:
    """Fills the folder `target`; the bar goes to standard error. Raises TrainingFailed.

    `encoder`: one that is loaded already; else `encoder_name` is loaded with `cache_dir`. Training holds no chance: the
    classifier's seed stands in `config.yml`.
    """
    quieten()
    remembering = _Remembering(encoder or load_encoder(encoder_name, cache_dir=cache_dir))
    _encode(remembering)
    with TemporaryDirectory(prefix="niangjia-dialogue-") as folder:
        copy = Path(folder)
        _copy_into(copy, encoder_name)
        with tqdm(total=1, desc=texts.TRAINING, unit="", file=sys.stderr) as bar:
            _train(copy, remembering)
            bar.update()
        target.mkdir(parents=True, exist_ok=True)
        shutil.move(copy / MODEL_FILE, target / MODEL_FILE)
    about = {"digest": digest(encoder_name), "encoder": remembering.name, "rasa": version("rasa")}
    (target / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


class _Remembering:
    """The encoder, with the training sentences' vectors kept for the build: Rasa asks for each of them twice."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: dict[str, NDArray[np.float32]] = {}
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode_wordings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if new:
            self._kept.update(zip(new, self._encoder.encode_wordings(new), strict=True))
        return np.stack([self._kept[text] for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.encode_questions(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.encode_passages(texts)


def _inputs() -> list[Path]:
    patterns = ((DOMAIN, "*.yml"), (DATA, "*.yml"), (LEXICON, "*.txt"), (COMPONENTS, "*.py"))
    return [CONFIG, *sorted(file for folder, pattern in patterns for file in folder.rglob(pattern))]


def _sentences() -> list[str]:
    """Training sentences in plain text, each once."""
    found: dict[str, None] = {}
    for file in sorted((DATA / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines()
            found.update(dict.fromkeys(plain(line.removeprefix("-").strip()) for line in lines))
    return list(found)


def _encode(encoder: _Remembering) -> None:
    sentences = _sentences()
    with tqdm(total=len(sentences), desc=texts.ENCODING, unit="", file=sys.stderr) as bar:
        for start in range(0, len(sentences), BATCH):
            batch = sentences[start : start + BATCH]
            encoder.encode_wordings(batch)
            bar.update(len(batch))


def _copy_into(folder: Path, encoder_name: str) -> None:
    shutil.copytree(DOMAIN, folder / "domain")
    shutil.copytree(DATA, folder / "data")
    config: dict[str, Any] = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    for component in config["pipeline"]:
        if "encoder" in component:
            component["encoder"] = encoder_name
    (folder / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _train(folder: Path, encoder: Encoder) -> None:
    train_in(folder / "cache")
    with without_warnings(), _silent(), lend(encoder):
        from rasa.model_training import train

        result = train(
            domain=str(folder / "domain"),
            config=str(folder / "config.yml"),
            training_files=str(folder / "data"),
            output=str(folder),
            force_training=True,
            fixed_model_name=MODEL_FILE,
        )
    if result.code != 0 or not (folder / MODEL_FILE).is_file():
        raise TrainingFailed(f"rasa gave up with code {result.code}")


@contextmanager
def _silent() -> Iterator[None]:
    """Rasa reports on standard output, which belongs to results."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield
