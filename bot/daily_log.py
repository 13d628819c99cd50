"""The log file: a new one each day, kept for half a year and longer, safe for several processes at once.

Whoever writes first on a new day moves yesterday's file away under a lock; the others notice that the name leads to
another file and follow. Lines are single writes to a file opened for appending, so none is torn or lost.

Network logs are kept for at least six months: Cybersecurity Law of the PRC, art. 23(3).
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path

# The longest six months have 184 days.
KEPT_FOR = timedelta(days=190)
# A day on which something goes wrong again and again is cut into several files.
MOST_BYTES = 50_000_000
_OLD = re.compile(r"\.(\d{4}-\d{2}-\d{2})(\.\d+)?\.log")


def _today() -> date:
    return datetime.now().astimezone().date()


class DailyLog(WatchedFileHandler):
    """`niangjia.log`; earlier days beside it as `niangjia.2026-11-21.log`. Readable by its owner only."""

    def __init__(
        self,
        filename: Path,
        *,
        today: Callable[[], date] = _today,
        most_bytes: int = MOST_BYTES,
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(filename, encoding=encoding, delay=True)
        self._today, self._most_bytes = today, most_bytes

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler. One that cannot be moved away is written on; one that cannot be written stops nobody."""
        with suppress(OSError):
            self._move_on()
        with suppress(OSError):
            super().emit(record)

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return open(descriptor, "a", encoding=self.encoding, errors=self.errors)

    def _move_on(self) -> None:
        path = Path(self.baseFilename)
        if not self._is_over(path):
            return
        with _locked(path.with_suffix(".lock")):
            if self._is_over(path):  # nobody else was first
                path.rename(_free_name(path, _day_of(path)))
                self._remove_old(path)

    def _is_over(self, path: Path) -> bool:
        try:
            return _day_of(path) < self._today() or path.stat().st_size >= self._most_bytes
        except FileNotFoundError:
            return False

    def _remove_old(self, path: Path) -> None:
        oldest = self._today() - KEPT_FOR
        for old in path.parent.glob(f"{path.stem}.*.log"):
            named = _OLD.fullmatch(old.name.removeprefix(path.stem))
            if named and date.fromisoformat(named[1]) < oldest:
                old.unlink(missing_ok=True)


def _day_of(path: Path) -> date:
    """The day of its last line."""
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()


def _free_name(path: Path, day: date) -> Path:
    name, number = path.with_suffix(f".{day}.log"), 1
    while name.exists():
        name, number = path.with_suffix(f".{day}.{number}.log"), number + 1
    return name


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
