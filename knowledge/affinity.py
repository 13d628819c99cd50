"""How much a question is like what an entry's wordings have in common, seen in the directions that tell entries apart.

Linear discriminant analysis (Fisher 1936, Rao 1948). What varies among the wordings of one entry, somebody's job or
temper, tells nothing: vectors are stretched until that varies alike in all directions, and what is left are the ways
in which entries differ.
"""

import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.read_only import reading

Array = NDArray[np.float32]

NONE: Final = -1.0
_SHRINKAGE: Final = 0.3
"""How far the scatter is drawn towards a ball, for few measure it; cross-validated, and flat from 0.05 to 0.4."""
_NOTHING_LEFT: Final = 1e-3


@dataclass(frozen=True, eq=False)
class Affinity:
    """``mean``: (dimension,) of all wordings; ``stretch``: (dimension, dimension), symmetric.

    ``sums``: (entries, dimension), of each entry's stretched wordings. Threads may share it.
    """

    mean: Array
    stretch: Array
    sums: Array

    def scores(self, vector: Array) -> Array:
        """``vector``: (dimension,), centred as a question. (entries,) cosines with what each entry's wordings share."""
        return _cosines(self.sums, self._lengths, self._stretched(vector))

    def score_without(self, vector: Array, *, entry: int, wordings: Array) -> float:
        """What an entry would have without those of its wordings, (wordings, dimension); NONE if it had no others."""
        left = self.sums[entry] - self._stretched(wordings).sum(axis=0)
        length = np.linalg.norm(left)
        if length < _NOTHING_LEFT:
            return NONE
        return float(_cosines(left[None, :], length, self._stretched(vector))[0])

    @cached_property
    def _lengths(self) -> Array:
        return np.asarray(np.linalg.norm(self.sums, axis=1), dtype=np.float32)

    def _stretched(self, vectors: Array) -> Array:
        stretched: Array = (vectors - self.mean) @ self.stretch
        return stretched


def _cosines(rows: Array, lengths: Array | np.floating[Any], vector: Array) -> Array:
    return np.asarray(rows @ vector / np.maximum(lengths * np.linalg.norm(vector), 1e-9), dtype=np.float32)


def learn_affinity(vectors: Array, *, entries: NDArray[np.intp]) -> Affinity:
    """``vectors``: (wordings, dimension), centred; ``entries``: whose each is, in order and none without any."""
    mean = vectors.mean(axis=0)
    starts = np.flatnonzero(np.diff(entries, prepend=-1))
    own = np.add.reduceat(vectors, starts) / np.bincount(entries)[:, None]
    stretch = _stretch(vectors - own[entries])
    return Affinity(mean, stretch, np.add.reduceat((vectors - mean) @ stretch, starts))


def _stretch(apart: Array) -> Array:
    """The inverse square root of the shrunken scatter. ``apart``: each wording's distance from its entry's mean."""
    scatter = apart.T.astype(np.float64) @ apart / len(apart)
    even = np.eye(len(scatter)) * (np.trace(scatter) / len(scatter))
    if not even.any():
        return np.eye(len(scatter), dtype=np.float32)  # nothing varies within any entry
    widths, directions = np.linalg.eigh((1 - _SHRINKAGE) * scatter + _SHRINKAGE * even)
    return np.asarray((directions / np.sqrt(widths)) @ directions.T, dtype=np.float32)


def write_affinity(connection: sqlite3.Connection, affinity: Affinity) -> None:
    connection.execute("CREATE TABLE affinity (dimension, mean, stretch, sums)")
    numbers = (affinity.mean, affinity.stretch, affinity.sums)
    blobs = (np.asarray(one, np.float32).tobytes() for one in numbers)
    connection.execute("INSERT INTO affinity VALUES (?, ?, ?, ?)", (len(affinity.mean), *blobs))


def read_affinity(path: Path) -> Affinity:
    """What ``write_affinity`` wrote."""
    with reading(path) as connection:
        dimension, *blobs = connection.execute("SELECT * FROM affinity").fetchone()
    mean, stretch, sums = (np.frombuffer(blob, np.float32) for blob in blobs)
    return Affinity(mean, stretch.reshape(dimension, dimension), sums.reshape(-1, dimension))
