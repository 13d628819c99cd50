"""Encodings kept by encoder and text, shared by every clone on the machine.

Only texts that this project ships go in: what a worker writes is encoded and forgotten.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database
from sqlite_utils.db import Table

Vectors = NDArray[np.float32]
BATCH = 32


class EncodingCache:
    """Rows of (key, vector) in one SQLite file; safe for several processes at once."""

    def __init__(self, folder: Path, space: str) -> None:
        """``space`` separates encoders and kinds of text: the same words as question and passage differ."""
        self.path = folder / "encodings.sqlite3"
        self.space = space

    def encode(self, texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors], *, dimension: int) -> Vectors:
        """(len(texts), dimension), in order. New vectors are kept batch by batch, so a stopped run is not lost."""
        keys = [self._key(text) for text in texts]
        with self._open() as database:
            known = self._known(database, keys)
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            for batch in _batches(missing):
                vectors = encode(list(batch.values()))
                rows = ({"key": key, "vector": vector.tobytes()} for key, vector in zip(batch, vectors, strict=True))
                with database.conn:
                    Table(database, "encodings").upsert_all(rows, pk="key")
                known.update(zip(batch, vectors, strict=True))
        if not keys:
            return np.zeros((0, dimension), dtype=np.float32)
        return np.stack([known[key] for key in keys])

    def _key(self, text: str) -> str:
        return sha256(f"{self.space}\0{text}".encode()).hexdigest()

    @contextmanager
    def _open(self) -> Iterator[Database]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=60)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS encodings (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")
            yield Database(connection)

    @staticmethod
    def _known(database: Database, keys: Sequence[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            where = f"key in ({','.join('?' * len(part))})"
            for row in database["encodings"].rows_where(where, part):
                found[row["key"]] = np.frombuffer(row["vector"], dtype=np.float32)
        return found


def _batches(missing: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Texts of like length together: the engine shares a batch out among the cores."""
    items = sorted(missing.items(), key=lambda item: (len(item[1]), item[0]))
    for start in range(0, len(items), BATCH):
        yield dict(items[start : start + BATCH])
