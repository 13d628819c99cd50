"""A restore's second half: the staged home is Django's home now. It is brought up to date and put right, then moved.

Until the files are moved nothing in the real home has changed; while they are moved a note stands there, and a desk
does not start beside it.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from bot.backups import dumps
from bot.backups.afterwards import Aftermath, opens_the_words, settle
from bot.backups.archive import ERASED
from bot.backups.keys import MASTER
from bot.backups.manifest import Contents, Manifest, key_mark
from bot.backups.places import Places, sync_folder, write_note
from bot.backups.postgres import restore_postgres
from bot.backups.refused import Refused
from bot.backups.staging import Plan, Staged, dump_in
from bot.backups.texts import BACKUP
from handoff.models import Contact
from handoff.restored import FILE_NAME as RESTORED
from handoff.tombstones import append, read_erased


@dataclass(frozen=True)
class Restored:
    """What became of it. `aside`: where what stood there before is now; `settings_beside`: settings not taken over."""

    manifest: Manifest
    at: datetime
    aftermath: Aftermath
    aside: Path | None
    settings_beside: Path | None


def restore(plan: Plan, staged: Staged, *, now: datetime) -> Restored:
    """Raises Refused; then the home is as it was."""
    _check_fit(staged)
    aside = plan.home / f"before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    erased = staged.erased | _erased_in_postgres()
    if staged.manifest.vendor == "postgresql":
        restore_postgres(dump_in(staged.folder), aside=aside, replace=plan.replace)
    else:
        dumps.check_copy(staged.places.database)
    if not opens_the_words():
        raise Refused(BACKUP["wrong_key"])
    call_command("migrate", verbosity=0, interactive=False)
    aftermath = settle(erased, backup_at=staged.manifest.made_at, now=now)
    append(staged.folder / ERASED, erased - read_erased(staged.folder / ERASED))
    _note(plan, staged, aftermath, now=now)
    _close(staged)
    settings_beside = _move(plan, staged, aside)
    if plan.keys is not None:
        write_note(Places(plan.home).key_backup, {"at": now.isoformat(), "key": staged.manifest.key})
    return Restored(staged.manifest, now, aftermath, aside if aside.exists() else None, settings_beside)


def _check_fit(staged: Staged) -> None:
    """The same kind of database, and no change to it that this program does not know."""
    theirs, ours = staged.manifest.vendor, connection.vendor
    if theirs != ours:
        names = {"theirs": BACKUP.get(theirs, theirs), "ours": BACKUP[ours]}
        raise Refused(BACKUP["wrong_vendor"].format(**names))
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    known |= {f"{app}.{name}" for one in loader.disk_migrations.values() for app, name in one.replaces}
    unknown = sorted(set(staged.manifest.migrations) - known)
    if unknown:
        raise Refused(BACKUP["newer_program"].format(program=staged.manifest.program, name=unknown[-1]))


def _erased_in_postgres() -> set[uuid.UUID]:
    """Of the database that is replaced, when it can be read. (SQLite's was read while staging.)"""
    if connection.vendor == "sqlite" or Contact._meta.db_table not in connection.introspection.table_names():
        return set()
    return set(Contact.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))


def _note(plan: Plan, staged: Staged, aftermath: Aftermath, *, now: datetime) -> None:
    """One line of JSON for each restore, kept: since when and until when records are missing, and what was changed."""
    row = {"at": now.isoformat(), "backup_at": staged.manifest.made_at.isoformat(), **asdict(aftermath)}
    before = plan.home / RESTORED
    earlier = before.read_text(encoding="utf-8") if before.exists() else ""
    (staged.folder / RESTORED).write_text(earlier + json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")


def _close(staged: Staged) -> None:
    """Everything into SQLite's one file, so that one name is the whole database."""
    connections.close_all()
    if connection.vendor == "sqlite":
        _fold_in(staged.places.database)


def _fold_in(path: Path) -> None:
    """A database that cannot be read any more is moved as it is, with its journals."""
    if path.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA journal_mode=DELETE")


def _move(plan: Plan, staged: Staged, aside: Path) -> Path | None:
    """From the staging folder into the home, what stood there aside; the database last."""
    home, folder = Places(plan.home), staged.places
    _fold_in(home.database)
    home.unfinished.touch(mode=0o600)
    sync_folder(plan.home)
    beside = _settings_beside(plan)
    for name in _names(plan, staged):
        old, new = plan.home / name, folder.home / name
        if old.exists():
            aside.mkdir(exist_ok=True, mode=0o700)
            old.rename(aside / name)
        if new.exists():
            new.rename(old)
    for path in (folder.home, plan.home):
        sync_folder(path)
    home.unfinished.unlink()
    sync_folder(plan.home)
    shutil.rmtree(folder.home, ignore_errors=True)
    return beside


def _names(plan: Plan, staged: Staged) -> Iterator[str]:
    home, folder = Places(plan.home), staged.places
    if staged.manifest.contents is Contents.FULL:
        yield home.evidence.name
        yield home.statutes.name
    here = home.secrets / MASTER
    if not here.is_file() or key_mark(here.read_bytes()) != staged.manifest.key:
        yield home.secrets.name
    if not home.settings_file.exists():
        yield home.settings_file.name
    yield from (path.name for path in folder.own_files())
    yield ERASED
    yield RESTORED
    if staged.manifest.vendor == "sqlite":
        yield f"{home.database.name}-wal"
        yield f"{home.database.name}-shm"
        yield home.database.name


def _settings_beside(plan: Plan) -> Path | None:
    """The backup's settings, where the home has others of its own: both stay, the operator compares."""
    here = Places(plan.home).settings_file
    theirs = plan.keys.settings_file if plan.keys is not None else None
    if theirs is None or not here.exists() or here.read_bytes() == theirs:
        return None
    beside = here.with_name(here.name + ".from-backup")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_bytes(theirs)
    return beside
