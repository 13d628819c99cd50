"""Whether a text is about our subject at all, by its words and its vector.

Learned from our own wordings on the one side and from strangers' sentences on the other. The latter are kept, to be
compared with: what a stranger asks is more like what another stranger asked than words in common would tell.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.normalise import normalise
from knowledge.text_features import Features, Floats, Places
from knowledge.text_model import feature_rows, fit_classes
from knowledge.vectors import highest

FOLDS: Final = 5
NEAREST: Final = 10
"""As many sentences of strangers are compared with."""
_OURS, _STRANGE = 0, 1


@dataclass(frozen=True, eq=False)
class Signs:
    """``odds``: logarithm of the odds that a text is ours; the two sides count by their numbers.

    ``strangers``: (up to NEAREST,) how like the nearest sentences of strangers it is, -1..1, the most like first.
    """

    odds: float
    strangers: Floats


@dataclass(frozen=True, eq=False)
class Subject:
    """``weights``: (width + 1,), ours against strangers', the last one the constant. Threads may share it.

    ``strangers``: (sentences, dimension), of length one.
    """

    features: Features
    weights: Floats
    strangers: Floats

    @cached_property
    def _places(self) -> Places:
        return self.features.places()

    def signs(self, text: str, vector: Floats) -> Signs:
        """``vector``: (dimension,), centred and of length one."""
        return Signs(self._odds(text, vector), highest(self.strangers @ vector, NEAREST))

    def _odds(self, text: str, vector: Floats) -> float:
        dense = self.features.dense([vector[None, :]])[0]
        columns, values = self.features.sparse(_plain(text), self._places)
        return float(dense @ self.weights[: len(dense)] + values @ self.weights[columns] + self.weights[-1])


@dataclass(frozen=True, eq=False)
class Subjects:
    """One learned from everything, and for each fold one that has not seen that fold."""

    whole: Subject
    without: tuple[Subject, ...]


def learn_subject(
    texts: Sequence[str], vectors: Floats, *, ours: NDArray[np.bool_], folds: NDArray[np.intp]
) -> Subjects:
    """``vectors``: (texts, dimension); ``folds``: of each text, 0..FOLDS - 1. Rarity is taken from all of them."""
    plain = [_plain(text) for text in texts]
    features = Features.fit(plain, [vectors])
    rows, labels = feature_rows(features, plain, [vectors]), np.where(ours, _OURS, _STRANGE)

    def learned(places: NDArray[np.intp]) -> Subject:
        weights = fit_classes(rows[places], labels[places])
        return Subject(features, weights[_OURS] - weights[_STRANGE], vectors[places[~ours[places]]])

    everything = learned(np.arange(len(texts)))
    return Subjects(everything, tuple(learned(np.flatnonzero(folds != fold)) for fold in range(FOLDS)))


def _plain(text: str) -> str:
    return normalise(text).lower()


def write_subject(connection: sqlite3.Connection, subject: Subject) -> None:
    features = subject.features
    numbers = (features.rarity, features.mean, subject.weights, subject.strangers)
    connection.execute("CREATE TABLE subject (vocabulary, dimension, rarity, mean, weights, strangers)")
    connection.execute(
        "INSERT INTO subject VALUES (?, ?, ?, ?, ?, ?)",
        (
            "\n".join(features.vocabulary),
            len(features.mean),
            *(np.asarray(one, np.float32).tobytes() for one in numbers),
        ),
    )


def read_subject(connection: sqlite3.Connection) -> Subject:
    """What ``write_subject`` wrote."""
    vocabulary, dimension, *blobs = connection.execute("SELECT * FROM subject").fetchone()
    rarity, mean, weights, strangers = (np.frombuffer(blob, np.float32) for blob in blobs)
    features = Features(tuple(vocabulary.split("\n")), rarity, mean, (dimension,))
    return Subject(features, weights, strangers.reshape(-1, dimension))
