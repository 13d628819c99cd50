"""The classifier layer: logistic regression over the encoder's vector and character n-grams.

Saved as numbers and JSON, never as a pickle: loading a model runs no code of the file. A long text is read in windows
and its most pressing window counts; beyond `MOST_WINDOWS` windows the middle is thinned out evenly, since the rules
layer has read every character already.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from handoff.screening.features import Features, Floats, grams
from handoff.screening.levels import Category, Finding, Layer, Level
from handoff.screening.normalise import Normaliser

if TYPE_CHECKING:
    from knowledge.encoder import Encoder

WINDOW = 160
STEP = 120
MOST_WINDOWS = 12
LEVELS = tuple(Level)
_NUMBERS = "classifier.npz"
_TEXTS = "classifier.json"
_SHOWN = 4


class ClassifierMissing(FileNotFoundError):
    """No trained classifier lies in the folder."""


class ClassifierStale(ValueError):
    """The classifier was trained with another encoder."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on a level is given: crisis alone; crisis or distress; anything but ordinary."""

    crisis: float
    distress: float
    sensitive: float


@dataclass(frozen=True, eq=False)
class Model:
    """A trained model: `levels` is (4, width + 1) in the order of `Level`, `categories` (names, width + 1)."""

    features: Features
    levels: Floats
    categories: Floats
    category_names: tuple[Category, ...]
    thresholds: Thresholds
    disguises: dict[str, str]
    encoder: str
    version: str

    def save(self, folder: Path) -> None:
        """Write two files into the folder."""
        np.savez_compressed(
            folder / _NUMBERS,
            rarity=self.features.rarity,
            mean=self.features.mean,
            spread=self.features.spread,
            levels=self.levels,
            categories=self.categories,
        )
        texts = {
            "version": self.version,
            "encoder": self.encoder,
            "thresholds": asdict(self.thresholds),
            "categories": [category.value for category in self.category_names],
            "disguises": self.disguises,
            "vocabulary": self.features.vocabulary,
        }
        (folder / _TEXTS).write_text(json.dumps(texts, ensure_ascii=False, indent=1), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what `save` wrote. Raises ClassifierMissing."""
        try:
            texts = json.loads((folder / _TEXTS).read_text("utf-8"))
            with np.load(folder / _NUMBERS, allow_pickle=False) as file:
                numbers = {name: file[name] for name in file.files}
        except FileNotFoundError as error:
            raise ClassifierMissing(f"No screening model in {folder.name}: run `niangjia build`.") from error
        features = Features(tuple(texts["vocabulary"]), numbers["rarity"], numbers["mean"], numbers["spread"])
        return cls(
            features=features,
            levels=numbers["levels"],
            categories=numbers["categories"],
            category_names=tuple(map(Category, texts["categories"])),
            thresholds=Thresholds(**texts["thresholds"]),
            disguises=texts["disguises"],
            encoder=texts["encoder"],
            version=texts["version"],
        )


def probabilities(rows: Floats, weights: Floats) -> Floats:
    """Softmax of a linear model; `weights` is (classes, width + 1), its last column the constant. (n, classes)."""
    scores = rows @ weights[:, :-1].T + weights[:, -1]
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True), np.float32)


def decide(chances: Floats, thresholds: Thresholds) -> Level:
    """The level for the probabilities of one text (4,), in the order of `Level`."""
    crisis, distress, _, ordinary = (float(chance) for chance in chances)
    if crisis >= thresholds.crisis:
        return Level.CRISIS
    if crisis + distress >= thresholds.distress:
        return Level.DISTRESS
    if 1 - ordinary >= thresholds.sensitive:
        return max(Level.SENSITIVE, Level.DISTRESS, key=lambda level: float(chances[LEVELS.index(level)]))
    return Level.ORDINARY


class Classifier:
    """A trained model with the encoder that it was trained with. Threads may share it."""

    def __init__(self, model: Model, encoder: Encoder) -> None:
        """Raises ClassifierStale when the encoder is not the model's."""
        if encoder.name != model.encoder:
            raise ClassifierStale(f"The screening model was trained with {model.encoder}, not {encoder.name}.")
        self.model = model
        self.version = model.version
        self._encoder = encoder
        self._normalise = Normaliser(model.disguises)
        self._places = model.features.places()

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> Classifier:
        """Raises ClassifierMissing or ClassifierStale."""
        return cls(Model.load(folder), encoder)

    def screen(self, text: str) -> Finding:
        """One encoding (about 15 ms) for each window of the text."""
        pieces = _windows(text)
        normal = [self._normalise(piece).text for piece in pieces]
        rows = self.model.features.rows(normal, self._encoder.encode_questions(pieces), self._places)
        chances = probabilities(rows, self.model.levels)
        found = [decide(chance, self.model.thresholds) for chance in chances]
        place = max(range(len(pieces)), key=lambda at: (found[at].seriousness, float(chances[at, 0])))
        level = found[place]
        return Finding(
            level=level,
            categories=self._categories(rows[place], level),
            score=min(1.0, float(chances[:, 0].max())),
            triggers=() if level is Level.ORDINARY else self._triggers(normal[place], rows[place], level),
            layer=Layer.CLASSIFIER,
            version=self.version,
        )

    def _categories(self, row: Floats, level: Level) -> tuple[Category, ...]:
        """The likeliest category of the level."""
        if level is Level.ORDINARY:
            return ()
        chances = probabilities(row[None, :], self.model.categories)[0]
        likeliest = sorted(zip(chances, self.model.category_names, strict=True), key=lambda pair: -float(pair[0]))
        return (next(category for _, category in likeliest if category.level is level),)

    def _triggers(self, text: str, row: Floats, level: Level) -> tuple[str, ...]:
        """The n-grams of the text that spoke most for the level and against ordinary."""
        against = self.model.levels[LEVELS.index(level)] - self.model.levels[LEVELS.index(Level.ORDINARY)]
        dimension = len(self.model.features.mean)
        columns = {gram: dimension + self._places[gram] for gram in grams(text) if gram in self._places}
        spoke = {gram: float(row[at] * against[at]) for gram, at in columns.items() if len(gram) > 1 and gram.isalnum()}
        strongest = sorted(spoke, key=lambda gram: (-spoke[gram], gram))[:_SHOWN]
        return tuple(gram for gram in strongest if spoke[gram] > 0)


def _windows(text: str) -> list[str]:
    """The text, or overlapping windows of it, the first and the last among them; fit for an encoder written in C."""
    text = text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8").strip()
    if len(text) <= WINDOW:
        return [text]
    starts = [*range(0, len(text) - WINDOW, STEP), len(text) - WINDOW]
    if len(starts) > MOST_WINDOWS:
        chosen = np.linspace(0, len(starts) - 1, MOST_WINDOWS).round().astype(int)
        starts = [starts[place] for place in chosen]
    return [text[start : start + WINDOW] for start in starts]
