"""What stops a backup or a restore."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from bot.backups.texts import BACKUP

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Refused(Exception):
    """It cannot be done, and nothing was changed; the message is one sentence for the operator."""


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Faults of the disk and of SQLite leave as Refused."""
    try:
        yield
    except OSError as error:
        full = error.errno in _NO_ROOM
        what = BACKUP["disk_full"] if full else BACKUP["disk_fault"].format(why=error.strerror, what=error.filename)
        raise Refused(what) from error
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        what = BACKUP["disk_full"] if full else BACKUP["database_fault"].format(why=error)
        raise Refused(what) from error
