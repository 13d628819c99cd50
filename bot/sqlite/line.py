"""The line in which writers wait for SQLite's one place: threads among themselves, processes in turn."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path
from typing import Final

# Two bytes of one file. Who holds the first writes next, who holds the second writes: a process that has just written
# finds the first one taken by whoever waits, and does not push in before them.
_NEXT, _WRITES = 0, 1
_LOOK_AGAIN_S: Final = 0.001


class Line:
    """One database's line. Threads share it; other processes have theirs over the same file. A process that dies leaves
    the line, for the kernel keeps it."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.name}-line")
        self._threads = threading.Lock()
        self._descriptor: int | None = None

    def enter(self, *, within_s: float) -> None:
        """Returns at the head of the line. Raises TimeoutError."""
        until = time.monotonic() + within_s
        if not self._threads.acquire(timeout=within_s):
            raise TimeoutError
        try:
            if self._is_shared():
                self._wait_for(_NEXT, until)
                try:
                    self._wait_for(_WRITES, until)
                finally:
                    self._let_go(_NEXT)
        except BaseException:
            self._threads.release()
            raise

    def leave(self) -> None:
        """The next one's turn."""
        if self._descriptor is not None:
            self._let_go(_WRITES)
        self._threads.release()

    def is_held(self) -> bool:
        """Whether a thread of this process stands at the head."""
        return self._threads.locked()

    def _is_shared(self) -> bool:
        """Where no file can be kept (the disk is full, somebody else's folder), SQLite's own lock has to do."""
        if self._descriptor is None:
            try:
                self._descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError:
                return False
        return True

    def _wait_for(self, place: int, until: float) -> None:
        assert self._descriptor is not None
        while True:
            try:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
                return
            except (BlockingIOError, PermissionError):  # either says that another process holds it
                pass
            if time.monotonic() >= until:
                raise TimeoutError
            time.sleep(_LOOK_AGAIN_S)

    def _let_go(self, place: int) -> None:
        assert self._descriptor is not None
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, place)
