"""Locks between processes on one home: they end with their process, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.backups.places import Places
from bot.backups.refused import Refused
from bot.backups.texts import BACKUP

_HELD = ExitStack()


def hold_desk(home: Path) -> None:
    """From now until this process ends no restore begins. Raises Refused while one is under way or has broken off."""
    _HELD.enter_context(_locked(home / "serve.lock", fcntl.LOCK_SH, BACKUP["restore_runs"]))
    if Places(home).unfinished.exists():
        raise Refused(BACKUP["restore_broke_off"])


@contextmanager
def desk_rests(home: Path) -> Iterator[None]:
    """Held by a restore: no desk starts meanwhile. Raises Refused while one runs."""
    with _locked(home / "serve.lock", fcntl.LOCK_EX, BACKUP["desk_runs"].format(home=home)):
        yield


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """Backups of one home wait for each other and for a restore."""
    with _locked(home / "backup.lock", fcntl.LOCK_EX, ""):
        yield


@contextmanager
def upgrading_alone(home: Path) -> Iterator[None]:
    """Processes that start at once wait for the first to bring the database up to date."""
    with _locked(home / "upgrade.lock", fcntl.LOCK_EX, ""):
        yield


@contextmanager
def _locked(path: Path, how: int, refusal: str) -> Iterator[None]:
    """Waits when there is no `refusal`, else raises it as Refused."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, how | (fcntl.LOCK_NB if refusal else 0))
        except BlockingIOError as error:
            raise Refused(refusal) from error
        yield
    finally:
        os.close(descriptor)
