"""Keyword search: three inverted indexes over words, pairs of characters, and sounds.

Scores are BM25 (Robertson and Zaragoza 2009) divided by the highest that the question could reach, so 0 is nothing and
1 is everything; a word that the index does not know counts as a rare one that was not found. What a token is worth in a
passage is worked out when the index is built: a question only adds up.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from math import log
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.passages import Passage, PassageKind
from knowledge.tokens import article_words, pairs, sounds

MOST_TOKENS: Final = 48
_K1: Final = 1.2
_B: Final = 0.75
_HIGHEST: Final = _K1 + 1  # what a token's weight never exceeds


class Table(StrEnum):
    """What is indexed."""

    WORDS = "words"
    PAIRS = "pairs"
    SOUNDS = "sounds"


_TOKENS: Final[dict[Table, Callable[[str], list[str]]]] = {
    Table.WORDS: article_words,
    Table.PAIRS: pairs,
    Table.SOUNDS: sounds,
}

_KINDS: Final[dict[Table, frozenset[PassageKind]]] = {
    Table.WORDS: frozenset(PassageKind),
    Table.PAIRS: frozenset({PassageKind.WORDING, PassageKind.ANSWER}),
    Table.SOUNDS: frozenset({PassageKind.WORDING}),
}


def create_tables(connection: sqlite3.Connection, passages: Sequence[Passage]) -> None:
    """Articles stay out of the indexes that forgive typos: law is spelt right."""
    connection.execute("CREATE TABLE keywords (name, passages, tokens, starts, places, worth)")
    for table, tokens in _TOKENS.items():
        found = {
            place: Counter(tokens(passage.text))
            for place, passage in enumerate(passages)
            if passage.kind in _KINDS[table]
        }
        connection.execute("INSERT INTO keywords VALUES (?, ?, ?, ?, ?, ?)", (table.value, *_index(found)))


def _index(found: dict[int, Counter[str]]) -> tuple[int, str, bytes, bytes, bytes]:
    """How many passages; the tokens, one a line; then for each token where it stands and what it is worth there."""
    mean = max(sum(counts.total() for counts in found.values()) / max(len(found), 1), 1.0)
    standing: dict[str, list[tuple[int, float]]] = {}
    for place, counts in found.items():
        for token, count in counts.items():
            longer = 1 - _B + _B * counts.total() / mean
            standing.setdefault(token, []).append((place, count * _HIGHEST / (count + _K1 * longer)))
    starts, places, worth = [0], list[int](), list[float]()
    for token in sorted(standing):
        rarity = _inverse_frequency(len(found), len(standing[token]))
        places += [place for place, _ in standing[token]]
        worth += [weight * rarity for _, weight in standing[token]]
        starts.append(len(places))
    tokens = "\n".join(sorted(standing))
    of_starts, of_places, of_worth = np.array(starts, np.int64), np.array(places, np.int32), np.array(worth, np.float32)
    return len(found), tokens, of_starts.tobytes(), of_places.tobytes(), of_worth.tobytes()


@dataclass(frozen=True)
class _Index:
    """``places`` and ``worth`` of token number n stand from ``starts[n]`` to ``starts[n + 1]``."""

    passages: int
    numbers: dict[str, int]
    starts: NDArray[np.int64]
    places: NDArray[np.int32]
    worth: NDArray[np.float32]

    def standing(self, token: str) -> slice:
        number = self.numbers[token]
        return slice(int(self.starts[number]), int(self.starts[number + 1]))

    def rarity(self, token: str) -> float:
        found = self.standing(token) if token in self.numbers else slice(0, 0)
        return _inverse_frequency(self.passages, found.stop - found.start)


class Keywords:
    """The indexes in memory; threads may share them."""

    def __init__(self, path: Path, rows: int) -> None:
        self._rows = rows
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
            self._indexes = {Table(name): _read(*columns) for name, *columns in connection.execute(_READ)}

    def scores(self, table: Table, question: str) -> NDArray[np.float32]:
        """(rows,) 0..1."""
        scores, index = np.zeros(self._rows, dtype=np.float32), self._indexes[table]
        tokens = list(dict.fromkeys(_TOKENS[table](question)))[:MOST_TOKENS]
        for token in tokens:
            if token in index.numbers:
                found = index.standing(token)
                scores[index.places[found]] += index.worth[found]
        highest = _HIGHEST * sum(map(index.rarity, tokens))
        return scores / np.float32(highest) if highest else scores


_READ: Final = "SELECT name, passages, tokens, starts, places, worth FROM keywords"


def _read(passages: int, tokens: str, starts: bytes, places: bytes, worth: bytes) -> _Index:
    numbers = {token: number for number, token in enumerate(tokens.split("\n"))} if tokens else {}
    return _Index(
        passages,
        numbers,
        np.frombuffer(starts, np.int64),
        np.frombuffer(places, np.int32),
        np.frombuffer(worth, np.float32),
    )


def _inverse_frequency(total: int, count: int) -> float:
    return max(log((total - count + 0.5) / (count + 0.5)), 1e-6)
