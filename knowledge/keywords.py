"""Keyword search: three inverted indexes over words, pairs of characters, and sounds; and two over whole entries.

Scores are BM25 (Robertson and Zaragoza 2009) divided by the highest that the question could reach, so 0 is nothing and
1 is everything; a word that the index does not know counts as a rare one that was not found. What a token is worth in a
passage is worked out when the index is built: a question only adds up.

A long question spreads over several wordings of an entry, and is near none of them. So an entry is also read as one
text: a token counts the more, the more of the entry's wordings have it, and its rarity is that among entries.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.passages import Passage, PassageKind
from knowledge.read_only import reading
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

WHOLE: Final = (Table.WORDS, Table.PAIRS)
"""What is indexed of whole entries too."""
_ENOUGH: Final = 1.0  # in so many wordings a token is worth half of its rarity
_ANSWERED: Final = 0.5  # a token of the answer counts as in so many wordings

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
    connection.execute("CREATE TABLE whole_entries (name, passages, tokens, starts, places, worth)")
    for table in WHOLE:
        connection.execute(
            "INSERT INTO whole_entries VALUES (?, ?, ?, ?, ?, ?)",
            (table.value, *_whole_index(passages, tokens=_TOKENS[table])),
        )


def _whole_index(
    passages: Sequence[Passage], *, tokens: Callable[[str], list[str]]
) -> tuple[int, str, bytes, bytes, bytes]:
    """As ``_index``, by entry; ``worth`` is in how many wordings a token stands."""
    numbers: dict[str, int] = {}
    standing: dict[str, dict[int, float]] = {}
    for passage in passages:
        if passage.kind is PassageKind.ARTICLE:
            continue
        entry = numbers.setdefault(passage.owner, len(numbers))
        for token in set(tokens(passage.text)):
            counts = standing.setdefault(token, {})
            counts[entry] = counts.get(entry, 0.0) + (1.0 if passage.kind is PassageKind.WORDING else _ANSWERED)
    return len(numbers), *_arrays({token: list(counts.items()) for token, counts in standing.items()})


def _index(found: dict[int, Counter[str]]) -> tuple[int, str, bytes, bytes, bytes]:
    """How many passages; the tokens, one a line; then for each token where it stands and what it is worth there."""
    mean = max(sum(counts.total() for counts in found.values()) / max(len(found), 1), 1.0)
    standing: dict[str, list[tuple[int, float]]] = {}
    for place, counts in found.items():
        for token, count in counts.items():
            longer = 1 - _B + _B * counts.total() / mean
            standing.setdefault(token, []).append((place, count * _HIGHEST / (count + _K1 * longer)))
    rarity = {token: _inverse_frequency(len(found), len(places)) for token, places in standing.items()}
    return len(found), *_arrays(
        {token: [(place, weight * rarity[token]) for place, weight in places] for token, places in standing.items()}
    )


def _arrays(standing: Mapping[str, Sequence[tuple[int, float]]]) -> tuple[str, bytes, bytes, bytes]:
    """The tokens, one a line; then for each token where it stands and what it is worth there."""
    starts, places, worth = [0], list[int](), list[float]()
    for token in sorted(standing):
        places += [place for place, _ in standing[token]]
        worth += [weight for _, weight in standing[token]]
        starts.append(len(places))
    of_starts, of_places, of_worth = np.array(starts, np.int64), np.array(places, np.int32), np.array(worth, np.float32)
    return "\n".join(sorted(standing)), of_starts.tobytes(), of_places.tobytes(), of_worth.tobytes()


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

    def worth_in(self, token: str, place: int) -> float:
        """0 where it does not stand."""
        if token not in self.numbers:
            return 0.0
        found = self.standing(token)
        return float(self.worth[found][self.places[found] == place].sum())

    def rarity(self, token: str) -> float:
        found = self.standing(token) if token in self.numbers else slice(0, 0)
        return _inverse_frequency(self.passages, found.stop - found.start)


class Keywords:
    """The indexes in memory; threads may share them."""

    def __init__(self, path: Path, rows: int) -> None:
        self._rows = rows
        with reading(path) as connection:
            self._indexes = {Table(name): _read(*columns) for name, *columns in connection.execute(_READ)}
            self._whole = {Table(name): _read(*columns) for name, *columns in connection.execute(_READ_WHOLE)}

    def scores(self, table: Table, question: str) -> NDArray[np.float32]:
        """(rows,) 0..1."""
        scores, index = np.zeros(self._rows, dtype=np.float32), self._indexes[table]
        tokens = _asked(table, question)
        for token in tokens:
            if token in index.numbers:
                found = index.standing(token)
                scores[index.places[found]] += index.worth[found]
        highest = _HIGHEST * sum(map(index.rarity, tokens))
        return scores / np.float32(highest) if highest else scores

    def whole_scores(self, table: Table, question: str) -> NDArray[np.float32]:
        """(entries,) 0..1: of each entry read as one text."""
        index = self._whole[table]
        scores, tokens = np.zeros(index.passages, dtype=np.float32), _asked(table, question)
        rarity = {token: index.rarity(token) for token in tokens}
        for token in tokens:
            if token in index.numbers:
                found = index.standing(token)
                count = index.worth[found]
                scores[index.places[found]] += np.float32(rarity[token]) * count / (count + _ENOUGH)
        highest = sum(rarity.values())
        return scores / np.float32(highest) if highest else scores

    def whole_score_without(self, table: Table, question: str, *, entry: int, wordings: Sequence[str]) -> float:
        """What ``whole_scores`` gave one entry if it had not those of its wordings."""
        index, tokens = self._whole[table], _asked(table, question)
        gone = Counter(token for wording in wordings for token in set(_TOKENS[table](wording)))
        counts = {token: index.worth_in(token, entry) - gone[token] for token in tokens}
        rarity = {token: index.rarity(token) for token in tokens}
        reached = sum(rarity[token] * count / (count + _ENOUGH) for token, count in counts.items() if count > 0)
        return reached / sum(rarity.values()) if tokens else 0.0


def _asked(table: Table, question: str) -> list[str]:
    return list(dict.fromkeys(_TOKENS[table](question)))[:MOST_TOKENS]


_READ: Final = "SELECT name, passages, tokens, starts, places, worth FROM keywords"
_READ_WHOLE: Final = "SELECT name, passages, tokens, starts, places, worth FROM whole_entries"


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
