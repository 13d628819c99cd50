"""A copy of the database as it was at one moment, while the desk writes on."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from bot.backups import postgres
from bot.backups.archive import POSTGRES, SQLITE
from bot.backups.refused import Refused
from bot.backups.texts import BACKUP

_WAITS_S = 60


def member_name() -> str:
    """How the copy is called in the archive."""
    return SQLITE if connection.vendor == "sqlite" else POSTGRES


def copy_database(target: Path) -> None:
    """One consistent copy, for its owner only. Raises Refused, OSError, sqlite3.Error."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if connection.vendor == "sqlite":
        copy_sqlite(Path(connection.settings_dict["NAME"]), target)
    else:
        postgres.dump_postgres(target)


def copy_sqlite(source: Path, target: Path) -> None:
    """VACUUM INTO reads one snapshot, keeps no writer waiting, and leaves out pages that hold only what was deleted."""
    with closing(sqlite3.connect(source, timeout=_WAITS_S)) as database:
        database.execute("VACUUM INTO ?", [str(target)])


def database_bytes() -> int:
    """About how large a copy will be."""
    if connection.vendor != "sqlite":
        return postgres.database_bytes()
    path = Path(connection.settings_dict["NAME"])
    return sum(one.stat().st_size for one in (path, path.with_name(path.name + "-wal")) if one.exists())


def check_copy(path: Path) -> None:
    """Open the copy and check it through. Raises Refused."""
    if path.name == POSTGRES:
        postgres.check_dump(path)
        return
    try:
        with closing(sqlite3.connect(path)) as database:
            answer = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise Refused(BACKUP["database_broken"]) from error
    if answer != "ok":
        raise Refused(BACKUP["database_broken"])


def is_unused(path: Path) -> bool:
    """Whether there is no SQLite database, or one without a table; one that cannot be read is used."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    try:
        with closing(sqlite3.connect(path)) as database:
            return bool(database.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])
    except sqlite3.DatabaseError:
        return False
