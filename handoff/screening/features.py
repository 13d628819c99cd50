"""Texts → numbers: weighted character n-grams beside the encoder's vector, in one row for each text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_LONGEST = 2
_AT_LEAST = 2
_VECTOR_WEIGHT = 3.0
_GRAM_WEIGHT = 4.0
_EDGE = "\u0002"


def grams(text: str) -> set[str]:
    """The character n-grams (1 and 2 long) of a normalised text, its edges marked."""
    marked = f"{_EDGE}{text}{_EDGE}"
    return {marked[at : at + size] for size in range(1, _LONGEST + 1) for at in range(len(marked) - size + 1)}


@dataclass(frozen=True, eq=False)
class Features:
    """What was learned about the features: which n-grams count and how rare they are, and how vectors are spread."""

    vocabulary: tuple[str, ...]
    rarity: Floats
    mean: Floats
    spread: Floats

    @classmethod
    def fit(cls, texts: Sequence[str], vectors: Floats) -> Features:
        """Learn from normalised texts and their vectors (n, dimension)."""
        counts = Counter(gram for text in texts for gram in grams(text))
        vocabulary = tuple(sorted(gram for gram, count in counts.items() if count >= _AT_LEAST))
        rarity = [np.log((1 + len(texts)) / (1 + counts[gram])) + 1 for gram in vocabulary]
        spread = np.maximum(vectors.std(axis=0), 1e-6)
        return cls(vocabulary, np.asarray(rarity, np.float32), vectors.mean(axis=0), spread.astype(np.float32))

    @property
    def width(self) -> int:
        """Columns of a row: the vector's dimensions, then the n-grams."""
        return len(self.mean) + len(self.vocabulary)

    def places(self) -> dict[str, int]:
        """n-gram → its place in the vocabulary."""
        return {gram: place for place, gram in enumerate(self.vocabulary)}

    def rows(self, texts: Sequence[str], vectors: Floats, places: dict[str, int]) -> Floats:
        """A dense matrix (n, width); for a thousand and a half sentences that is some 30 MB."""
        rows = np.zeros((len(texts), self.width), np.float32)
        dimension = len(self.mean)
        rows[:, :dimension] = (vectors - self.mean) / self.spread * (_VECTOR_WEIGHT / np.sqrt(dimension))
        for row, text in zip(rows, texts, strict=True):
            known = [places[gram] for gram in grams(text) if gram in places]
            if known:
                weights = self.rarity[known]
                row[[dimension + place for place in known]] = weights * (_GRAM_WEIGHT / np.linalg.norm(weights))
        return rows
