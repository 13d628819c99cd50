"""The classifier layer: logistic regression over what two encoders say, character n-grams and words.

Its classes are the groups of our sentences (a category, or a kind of ordinary talk); a level is the sum of its groups.
Saved as numbers and JSON, never as a pickle: loading a model runs no code of the file. A long text is read in windows
and its most pressing window counts; beyond `MOST_WINDOWS` windows the middle is thinned out evenly, since the rules
layer has read every character already.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from handoff.screening.decision import LEVELS, Thresholds, decide, weighed
from handoff.screening.levels import Category, Finding, Layer, Level
from handoff.screening.normalise import Normaliser
from handoff.screening.second_look import SecondLook
from knowledge.text_features import Features, Floats, grams
from knowledge.text_model import softmax_rows
from knowledge.use_encoder import SecondEncoder, shipped_second_encoder

if TYPE_CHECKING:
    from knowledge.encoder import Encoder

WINDOW = 160
STEP = 120
MOST_WINDOWS = 12
_NUMBERS = "classifier.npz"
_TEXTS = "classifier.json"
_SHOWN = 4


class ClassifierMissing(FileNotFoundError):
    """No trained classifier lies in the folder."""


class ClassifierStale(ValueError):
    """The classifier was trained with other encoders."""


@dataclass(frozen=True, slots=True)
class Group:
    """A class of the classifier: a kind of sentence and its level."""

    level: Level
    name: str


@dataclass(frozen=True, eq=False)
class Model:
    """A trained model: `weights` is (groups, width + 1), its last column the constant.

    `second_look` reads the same features. `ladder` tells how strongly usual ordinary talk speaks of crisis or distress:
    evenly spaced quantiles, ascending.
    """

    features: Features
    weights: Floats
    groups: tuple[Group, ...]
    second_look: SecondLook
    thresholds: Thresholds
    ladder: Floats
    disguises: dict[str, str]
    encoders: tuple[str, ...]
    version: str

    def save(self, folder: Path) -> None:
        """Write two files into the folder."""
        np.savez_compressed(
            folder / _NUMBERS,
            rarity=self.features.rarity,
            mean=self.features.mean,
            weights=self.weights,
            second_look=self.second_look.weights,
            ladder=self.ladder,
        )
        texts = {
            "version": self.version,
            "encoders": self.encoders,
            "sizes": self.features.sizes,
            "thresholds": asdict(self.thresholds),
            "harmless_below": self.second_look.limit,
            "groups": [(group.level.value, group.name) for group in self.groups],
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
        vocabulary, sizes = tuple(texts["vocabulary"]), tuple(texts["sizes"])
        return cls(
            features=Features(vocabulary, numbers["rarity"], numbers["mean"], sizes),
            weights=numbers["weights"],
            groups=tuple(Group(Level(level), name) for level, name in texts["groups"]),
            second_look=SecondLook(numbers["second_look"], texts["harmless_below"]),
            thresholds=Thresholds(**texts["thresholds"]),
            ladder=numbers["ladder"],
            disguises=texts["disguises"],
            encoders=tuple(texts["encoders"]),
            version=texts["version"],
        )


def by_level(chances: Floats, groups: Sequence[Group]) -> Floats:
    """Probabilities of groups (n, groups) → of levels (n, 4)."""
    belongs = np.array([[group.level is level for level in LEVELS] for group in groups], np.float32)
    return np.asarray(chances @ belongs, np.float32)


class Classifier:
    """A trained model with the encoders that it was trained with. Threads may share it."""

    def __init__(self, model: Model, encoder: Encoder, second: SecondEncoder | None = None) -> None:
        """`second` None: the shipped one. Raises ClassifierStale when the encoders are not the model's."""
        self._second = second or shipped_second_encoder()
        present = (encoder.name, self._second.name)
        if present != model.encoders:
            raise ClassifierStale(f"The screening model was trained with {model.encoders}, not {present}.")
        self.model = model
        self.version = model.version
        self._encoder = encoder
        self._normalise = Normaliser(model.disguises)
        self._places = model.features.places()

    @classmethod
    def load(cls, folder: Path, encoder: Encoder, second: SecondEncoder | None = None) -> Classifier:
        """Raises ClassifierMissing or ClassifierStale."""
        return cls(Model.load(folder), encoder, second)

    def screen(self, text: str, seen: Level = Level.ORDINARY) -> Finding:
        """One encoding of each kind (about 15 and 3 ms) for each window; `seen` is what the rules saw in the text."""
        pieces = _windows(text)
        normal = [self._normalise(piece).text for piece in pieces]
        scores, again = self._scores(pieces, normal)
        groups = softmax_rows(scores)
        chances = weighed(by_level(groups, self.model.groups), seen)
        if seen is Level.ORDINARY:
            chances = self.model.second_look.calmed(chances, again)
        found = [decide(chance, self.model.thresholds) for chance in chances]
        place = max(range(len(pieces)), key=lambda at: (found[at].seriousness, float(chances[at, 0])))
        level = found[place]
        return Finding(
            level=level,
            categories=self._categories(groups[place], level),
            score=min(1.0, float(chances[:, 0].max())),
            triggers=() if level is Level.ORDINARY else self._triggers(normal[place], level),
            layer=Layer.CLASSIFIER,
            version=self.version,
            weight=self._weight(float(chances[:, :2].sum(axis=1).max())),
        )

    def _weight(self, chance: float) -> float:
        """The share of usual ordinary messages that speak less of crisis or distress."""
        return float(np.searchsorted(self.model.ladder, chance)) / len(self.model.ladder)

    def _scores(self, pieces: Sequence[str], normal: Sequence[str]) -> tuple[Floats, Floats]:
        """(n, groups), and of the second look (n,)."""
        vectors = [self._encoder.encode_questions(pieces), self._second.encode(pieces)]
        dense = self.model.features.dense(vectors)
        sparse = [self.model.features.sparse(text, self._places) for text in normal]
        return _scored(self.model.weights, dense, sparse), _scored(self.model.second_look.weights, dense, sparse)

    def _categories(self, chances: Floats, level: Level) -> tuple[Category, ...]:
        """The likeliest category of the level."""
        if level is Level.ORDINARY:
            return ()
        of_level = [place for place, group in enumerate(self.model.groups) if group.level is level]
        return (Category(self.model.groups[max(of_level, key=lambda place: float(chances[place]))].name),)

    def _triggers(self, text: str, level: Level) -> tuple[str, ...]:
        """The n-grams of the text that spoke most for the level and against ordinary."""
        against = self._mean_weights(level) - self._mean_weights(Level.ORDINARY)
        columns, values = self.model.features.sparse(text, self._places)
        told = {int(column): float(value * against[column]) for column, value in zip(columns, values, strict=True)}
        spoke = {gram: told.get(self._places.get(gram, -1), 0.0) for gram in grams(text)}
        spoke = {gram: value for gram, value in spoke.items() if len(gram) > 1 and gram.isalnum() and value > 0}
        return tuple(sorted(spoke, key=lambda gram: (-spoke[gram], gram))[:_SHOWN])

    def _mean_weights(self, level: Level) -> Floats:
        rows = [place for place, group in enumerate(self.model.groups) if group.level is level]
        return np.asarray(self.model.weights[rows].mean(axis=0))


def _scored(weights: Floats, dense: Floats, sparse: Sequence[tuple[NDArray[np.int64], Floats]]) -> Floats:
    """(n, …) for weights (…, width + 1)."""
    scores = dense @ weights[..., : dense.shape[1]].T + weights[..., -1]
    by_parts = [weights[..., columns] @ values for columns, values in sparse]
    return np.asarray(scores + np.array(by_parts), np.float32)


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
