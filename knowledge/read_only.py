"""Opens the artifact's SQLite file, which nobody writes once it is there."""

import sqlite3
from contextlib import AbstractContextManager, closing
from pathlib import Path


def reading(path: Path) -> AbstractContextManager[sqlite3.Connection]:
    """Closed when the block is left."""
    return closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True))
