"""Keyword search: three FTS5 tables over words, pairs of characters, and sounds.

Scores are FTS5's BM25 divided by the highest that the question could reach, so 0 is nothing and 1 is everything;
a word that the index does not know counts as a rare one that was not found.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from math import log
from pathlib import Path
from threading import local
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.passages import Passage, PassageKind
from knowledge.tokens import article_words, pairs, sounds

MOST_TOKENS: Final = 48
_SATURATION: Final = 2.2  # BM25's term weight never exceeds k1 + 1, and FTS5 has k1 = 1.2


class Table(StrEnum):
    """Names of tables; they alone are put into statements as text."""

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
    """Row n+1 is passage n. Articles stay out of the tables that forgive typos: law is spelt right."""
    for table, tokens in _TOKENS.items():
        connection.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(tokens, content='')")
        rows = (
            (row, " ".join(tokens(passage.text)))
            for row, passage in enumerate(passages, 1)
            if passage.kind in _KINDS[table]
        )
        connection.executemany(f"INSERT INTO {table}(rowid, tokens) VALUES (?, ?)", rows)  # noqa: S608
        connection.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608


class Keywords:
    """Reads the tables; each thread has its own connection."""

    def __init__(self, path: Path, rows: int) -> None:
        self._path = path
        self._rows = rows
        self._threads = local()
        self._weights = {table: self._table_weights(table) for table in Table}

    def scores(self, table: Table, question: str) -> NDArray[np.float32]:
        """(rows,) 0..1."""
        scores = np.zeros(self._rows, dtype=np.float32)
        tokens = list(dict.fromkeys(_TOKENS[table](question)))[:MOST_TOKENS]
        weights, unknown = self._weights[table]
        highest = _SATURATION * sum(weights.get(token, unknown) for token in tokens)
        known = [token for token in tokens if token in weights]
        if not known:
            return scores
        query = f"SELECT rowid - 1, -bm25({table}) FROM {table} WHERE {table} MATCH ?"  # noqa: S608
        found = self._connection().execute(query, (_any_of(known),)).fetchall()
        if found:
            rows, values = zip(*found, strict=True)
            scores[list(rows)] = np.asarray(values, dtype=np.float32) / highest
        return scores

    def _table_weights(self, table: Table) -> tuple[dict[str, float], float]:
        """Inverse document frequency of every token, as FTS5 computes it, and that of one never seen."""
        connection = self._connection()
        name = f"temp.{table}_vocabulary"
        connection.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5vocab('main', '{table}', 'row')")
        total = connection.execute(f"SELECT count(*) FROM {table}_docsize").fetchone()[0]  # noqa: S608
        counts = connection.execute(f"SELECT term, doc FROM {name}").fetchall()  # noqa: S608
        return {term: _inverse_frequency(total, count) for term, count in counts}, _inverse_frequency(total, 0)

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            uri = f"file:{self._path}?mode=ro&immutable=1"
            connection = self._threads.connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        return connection


def _any_of(tokens: Iterable[str]) -> str:
    return " OR ".join(f'"{token}"' for token in tokens)


def _inverse_frequency(total: int, count: int) -> float:
    return max(log((total - count + 0.5) / (count + 0.5)), 1e-6)
