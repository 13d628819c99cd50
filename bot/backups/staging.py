"""A restore's first half, before Django is set up: everything is laid out and checked in a folder beside the home.

Nothing of the home is touched here. (Django's settings make keys where there are none; so this comes first.)
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.backups.archive import ERASED, POSTGRES, SQLITE, read_archive
from bot.backups.keys import Keys, keys_in
from bot.backups.manifest import Manifest, key_mark
from bot.backups.places import Places
from bot.backups.refused import Refused
from bot.backups.texts import BACKUP
from handoff.tombstones import read_erased

DRAFTS = ".restore-"


@dataclass(frozen=True)
class Plan:
    """What is to be restored where. `keys`: from a key backup; None: those that lie in the home."""

    archive: Path
    home: Path
    keys: Keys | None
    replace: bool


@dataclass(frozen=True)
class Staged:
    """A whole home, laid out in `folder`. `erased`: contacts that must not come back."""

    folder: Path
    manifest: Manifest
    erased: frozenset[uuid.UUID]

    @property
    def places(self) -> Places:
        """The names in the folder."""
        return Places(self.folder)


def stage(plan: Plan) -> Staged:
    """Lay out and check. Raises Refused."""
    keys = plan.keys or keys_in(plan.home)
    if keys is None:
        raise Refused(BACKUP["keys_needed"])
    for old in plan.home.glob(f"{DRAFTS}*"):
        shutil.rmtree(old, ignore_errors=True)
    folder = plan.home / f"{DRAFTS}{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        read = read_archive(plan.archive, into=folder)
        if read.manifest.key != key_mark(keys.master_key):
            raise Refused(BACKUP["wrong_key"])
        if not read.is_ours(keys.master_key):
            raise Refused(BACKUP["forged"])
        _arrange(folder, plan, keys)
        return Staged(folder, read.manifest, frozenset(_all_erased(plan, folder)))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _arrange(folder: Path, plan: Plan, keys: Keys) -> None:
    """From the archive's names to a home's."""
    staged = Places(folder)
    if (folder / SQLITE).exists():
        (folder / SQLITE).rename(staged.database)
    for path in folder.glob("own/*.yml"):
        path.rename(folder / path.name)
    shutil.rmtree(folder / "own", ignore_errors=True)
    staged.secrets.mkdir(mode=0o700)
    for name, value in keys.files.items():
        write_private(staged.secrets / name, value)
    here = Places(plan.home).settings_file
    settings_file = here.read_bytes() if here.is_file() else keys.settings_file
    if settings_file is not None:
        write_private(staged.settings_file, settings_file)


def write_private(path: Path, content: bytes) -> None:
    """For its owner only."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def dump_in(folder: Path) -> Path:
    """Where PostgreSQL's dump lies in a staging folder."""
    return folder / POSTGRES


def _all_erased(plan: Plan, folder: Path) -> set[uuid.UUID]:
    """From the archive, from the list beside it, from the home's list, and from the database that stands there."""
    listed = read_erased(folder / ERASED, plan.archive.parent / ERASED, plan.home / ERASED)
    return listed | _erased_in(Places(plan.home).database)


def _erased_in(database: Path) -> set[uuid.UUID]:
    if not database.exists():
        return set()
    try:
        with closing(sqlite3.connect(database)) as opened:
            rows = opened.execute("SELECT id FROM handoff_contact WHERE erased_at IS NOT NULL").fetchall()
    except sqlite3.Error:
        return set()  # it is broken, which may be why somebody restores
    return {uuid.UUID(str(row[0])) for row in rows}
