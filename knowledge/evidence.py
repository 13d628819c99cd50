"""What each row of the indexes says to a question, and the features of entries and articles made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.affinity import NONE, Affinity, read_affinity
from knowledge.catalogue import Catalogue
from knowledge.keywords import WHOLE, Keywords, Table
from knowledge.subject import Signs
from knowledge.vectors import Vectors, read_vectors

Array = NDArray[np.float32]

ENTRY_FEATURES: Final = (
    *("nearest", "mean", "answer", "words", "answer_words", "pairs", "answer_pairs", "sounds"),
    *("whole_words", "whole_pairs", "whole_vector"),
)
NOTHING_OF_IT: Final = (0.0, 0.0, NONE)
"""What an entry read as one text reaches when nothing of it is left."""
ARTICLE_FEATURES: Final = ("nearest", "words", "vote", "law_cited", "leading")


@dataclass(frozen=True)
class Evidence:
    """One number a row: cosine after centring (``vector``), shares of the best possible keyword score.

    ``whole``: (entries, 3) of each entry read as one text: shares of its words and its pairs, and its affinity.
    ``subject``: what the question itself says of whether it is of our subject.
    """

    subject: Signs
    vector: Array
    words: Array
    pairs: Array
    sounds: Array
    whole: Array

    def without(self, rows: NDArray[np.intp], *, entry: int, whole: Sequence[float]) -> "Evidence":
        """As if those rows, all of one entry, were not in the indexes: read as one text it then reaches ``whole``."""

        def cut(values: Array, floor: float) -> Array:
            kept = values.copy()
            kept[rows] = floor
            return kept

        words, pairs, sounds = (cut(scores, 0.0) for scores in (self.words, self.pairs, self.sounds))
        left = self.whole.copy()
        left[entry] = whole
        return Evidence(self.subject, cut(self.vector, -1.0), words, pairs, sounds, left)


@dataclass(frozen=True)
class Centres:
    """Mean vectors, subtracted because every e5 vector leans the same way: questions 0.84 alike when unrelated."""

    questions: Array
    passages: Array

    def question(self, vectors: Array) -> Array:
        return _unit(vectors - self.questions)

    def passage(self, vectors: Array) -> Array:
        return _unit(vectors - self.passages)


def _unit(vectors: Array) -> Array:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


@dataclass(frozen=True)
class Wordings:
    """``vectors``: (texts, dimension), centred."""

    texts: Sequence[str]
    vectors: Array


class Rows:
    """The likeness of all vectors, the keyword indexes, and what each entry's wordings share; safe for threads."""

    def __init__(self, vectors: Vectors, keywords: Keywords, affinity: Affinity) -> None:
        self._vectors = vectors
        self._keywords = keywords
        self._affinity = affinity

    def evidence(self, question: str, vector: Array, *, subject: Signs) -> Evidence:
        """``vector``: (dimension,), centred as a question."""
        words, pairs, sounds = (self._keywords.scores(table, question) for table in Table)
        whole = [self._keywords.whole_scores(table, question) for table in WHOLE]
        whole.append(self._affinity.scores(vector))
        return Evidence(subject, self._vectors.likeness(vector), words, pairs, sounds, _side_by_side(whole))

    def whole_without(self, question: str, vector: Array, *, entry: int, gone: Wordings) -> tuple[float, ...]:
        """What the entry read as one text would reach if it had not those of its wordings."""
        by_tokens = (
            self._keywords.whole_score_without(table, question, entry=entry, wordings=gone.texts) for table in WHOLE
        )
        return (*by_tokens, self._affinity.score_without(vector, entry=entry, wordings=gone.vectors))


def load_rows(vectors: Path, database: Path, *, rows: int) -> Rows:
    return Rows(read_vectors(vectors), Keywords(database, rows), read_affinity(database))


def _side_by_side(columns: Sequence[Array]) -> Array:
    return np.asarray(np.stack(columns, axis=1), dtype=np.float32)


def entry_features(evidence: Evidence, catalogue: Catalogue) -> Array:
    """(entries, len(ENTRY_FEATURES))."""
    if not catalogue.entries:
        return np.zeros((0, len(ENTRY_FEATURES)), dtype=np.float32)
    starts, wordings, answers = catalogue.wording_starts, catalogue.wordings, catalogue.answer_rows

    def best(values: Array) -> Array:
        return np.maximum.reduceat(values[:wordings], starts)

    present = (evidence.vector[:wordings] > -1.0).astype(np.float32)
    sums = np.add.reduceat(evidence.vector[:wordings] * present, starts)
    means = sums / np.maximum(np.add.reduceat(present, starts), 1.0)
    columns = [
        best(evidence.vector),
        means,
        evidence.vector[answers],
        best(evidence.words),
        evidence.words[answers],
        best(evidence.pairs),
        evidence.pairs[answers],
        best(evidence.sounds),
    ]
    return np.hstack([_side_by_side(columns), evidence.whole])


@dataclass(frozen=True)
class Votes:
    """How likely each entry is meant, (entries,) adding up to one; ``left_out`` takes no part."""

    chances: Array
    left_out: int | None = None


def article_likeness(evidence: Evidence, catalogue: Catalogue) -> Array:
    """(articles, 2): how like each article is by its vector and by its words."""
    rows = catalogue.article_rows
    return _side_by_side([evidence.vector[rows], evidence.words[rows]])


def article_features(likeness: Array, catalogue: Catalogue, *, votes: Votes) -> Array:
    """(articles, len(ARTICLE_FEATURES)): own likeness, votes of the entries citing it, how often its law is cited."""
    counts = catalogue.times_cited.copy()
    if votes.left_out is not None:
        counts[list(catalogue.cited[votes.left_out])] -= 1.0
    by_law = np.bincount(catalogue.laws, weights=counts, minlength=1)[catalogue.laws] if len(counts) else counts
    votes_for = np.sqrt(catalogue.citing @ votes.chances)  # a second vote adds less than the first
    leading = np.sqrt(catalogue.leading @ votes.chances)
    return np.hstack([likeness, _side_by_side([votes_for, np.log1p(by_law), leading])])
