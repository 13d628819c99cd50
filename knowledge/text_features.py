"""Texts → numbers: what two encoders say beside weighted character n-grams and words, one row for each text.

A row has a dense part, the encoders' vectors, and a sparse part: tf-idf of the n-grams and words that a text has. Each
part is brought to a length of its own, so that none drowns the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.tokens import every_word

Floats = NDArray[np.float32]
Places = dict[str, int]
LENGTHS = {"vectors": 3.0, "grams": 4.0, "words": 3.0}
"""How long each part of a row is: chosen by cross-validation, and flat around these."""
_LONGEST = 3
_AT_LEAST = 2
_EDGE = "\u0002"
_WORD = "\u0003"
"""Begins every word and pair of words, to tell them from n-grams of the same characters."""


def grams(text: str) -> set[str]:
    """The character n-grams (1 to 3 long) of a normalised text, its edges marked."""
    marked = f"{_EDGE}{text}{_EDGE}"
    return {marked[at : at + size] for size in range(1, _LONGEST + 1) for at in range(len(marked) - size + 1)}


def words(text: str) -> set[str]:
    """The words of a normalised text, and each word with the next one."""
    cut = every_word(text)
    pairs = (f"{_WORD}{one}{_WORD}{other}" for one, other in pairwise(cut))
    return {f"{_WORD}{word}" for word in cut} | set(pairs)


@dataclass(frozen=True, eq=False)
class Features:
    """What was learned about the features: which n-grams and words count and how rare they are, and the mean vectors.

    `sizes` gives each encoder's dimensions; `vocabulary` holds n-grams and words, sorted; `mean` is (sum(sizes),).
    """

    vocabulary: tuple[str, ...]
    rarity: Floats
    mean: Floats
    sizes: tuple[int, ...]

    @classmethod
    def fit(cls, texts: Sequence[str], vectors: Sequence[Floats]) -> Features:
        """Learn from normalised texts and their vectors, one array (n, dimension) for each encoder."""
        counts = Counter(part for text in texts for part in grams(text) | words(text))
        vocabulary = tuple(sorted(part for part, count in counts.items() if count >= _AT_LEAST))
        rarity = [np.log((1 + len(texts)) / (1 + counts[part])) + 1 for part in vocabulary]
        mean = np.concatenate([one.mean(axis=0) for one in vectors])
        return cls(vocabulary, np.asarray(rarity, np.float32), mean, tuple(one.shape[1] for one in vectors))

    @property
    def width(self) -> int:
        """Columns of a row: the vectors' dimensions, then n-grams and words."""
        return len(self.mean) + len(self.vocabulary)

    def places(self) -> Places:
        """n-gram or word → its column."""
        return {part: len(self.mean) + place for place, part in enumerate(self.vocabulary)}

    def dense(self, vectors: Sequence[Floats]) -> Floats:
        """(n, sum(sizes)): each encoder's vectors from the mean, all of one length."""
        parts, start = [], 0
        for one, size in zip(vectors, self.sizes, strict=True):
            moved = one - self.mean[start : start + size]
            parts.append(moved * (LENGTHS["vectors"] / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)))
            start += size
        return np.hstack(parts).astype(np.float32)

    def sparse(self, text: str, places: Places) -> tuple[NDArray[np.int64], Floats]:
        """Columns and values of the n-grams and words that are known; the values of each kind have its length."""
        columns, values = [], []
        for kind, parts in (("grams", grams(text)), ("words", words(text))):
            known = sorted(places[part] for part in parts if part in places)
            rarity = self.rarity[np.array(known, np.int64) - len(self.mean)]
            columns.append(np.array(known, np.int64))
            values.append(rarity * (LENGTHS[kind] / max(float(np.linalg.norm(rarity)), 1e-6)))
        return np.concatenate(columns), np.concatenate(values).astype(np.float32)
