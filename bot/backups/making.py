"""Making an archive while the desk runs.

The database is copied first, the originals after it: an original lies on the disk before its row commits, so every row
of the copy finds its file, unless its contact is erased meanwhile; the list of the erased is therefore read last. What
comes in between is a file without a row, which the sweep takes away a day after a restore.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from bot.backups import dumps
from bot.backups.archive import ERASED, ArchiveWriter
from bot.backups.locks import one_at_a_time
from bot.backups.manifest import Contents, Manifest, key_mark
from bot.backups.places import Places, sync_folder, write_note, written_whole
from bot.backups.refused import Refused, in_one_sentence
from bot.backups.texts import BACKUP
from handoff.models import Attachment, Contact
from handoff.tombstones import FILE_NAME, append, note_erased, read_erased

NIGHTLY, BEFORE_UPGRADE = "niangjia", "before-upgrade"
# A backup that fills the disk would stop the desk: so much stays free.
LEAVES_FREE = 100 * 1024 * 1024
_STAMP = r"-\d{8}T\d{6}Z\.tar"


@dataclass(frozen=True)
class Made:
    """`missing`: originals whose file is gone from the disk. `removed`: older archives that went."""

    path: Path
    size: int
    missing: int
    removed: int


def make_backup(folder: Path, *, contents: Contents, keep: int | None, now: datetime) -> Made:
    """One archive in `folder`, whole or not at all. Raises Refused."""
    places = Places(settings.NIANGJIA.home)
    prefix = NIGHTLY if contents is Contents.FULL else BEFORE_UPGRADE
    with one_at_a_time(places.home), in_one_sentence():
        if places.unfinished.exists():
            raise Refused(BACKUP["restore_broke_off"])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep_drafts(folder)
        _need_room(folder, contents)
        path = folder / f"{prefix}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar"
        if path.exists():
            raise Refused(BACKUP["exists"].format(path=path))
        with written_whole(path) as file:
            manifest = _write(ArchiveWriter(file), folder, contents, now=now)
        _take_erased_along(folder)
        size = path.stat().st_size
        if contents is Contents.FULL:
            note = {"at": now.isoformat(), "path": str(path), "bytes": size}
            write_note(places.last_backup, note)
        removed = _remove_old(folder, prefix, keep=keep, newest=path)
    return Made(path, size, manifest.missing, removed)


def archives_in(folder: Path, prefix: str = NIGHTLY) -> list[Path]:
    """The archives of this kind, the oldest first."""
    pattern = re.compile(re.escape(prefix) + _STAMP)
    return sorted(path for path in folder.glob("*.tar") if pattern.fullmatch(path.name))


def _write(writer: ArchiveWriter, folder: Path, contents: Contents, *, now: datetime) -> Manifest:
    places = Places(settings.NIANGJIA.home)
    with _copy_in(folder) as copy:
        applied = MigrationRecorder(connection).applied_migrations()
        dumps.copy_database(copy)
        writer.add(dumps.member_name(), copy)
    missing = 0
    if contents is Contents.FULL:
        needed = _references()
        written = set(_add_evidence(writer, places.evidence))
        missing = len(_references() & needed - written)
        for path in places.own_files():
            writer.add(f"own/{path.name}", path)
        for path in places.statute_files():
            writer.add(str(path.relative_to(places.home)), path)
    note_erased(Contact.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))
    if (places.home / FILE_NAME).exists():
        writer.add(ERASED, places.home / FILE_NAME)
    manifest = Manifest(
        contents=contents,
        program=version("niangjia"),
        made_at=now,
        vendor=connection.vendor,
        key=key_mark(settings.NIANGJIA_MASTER_KEY),
        migrations=tuple(sorted(f"{app}.{name}" for app, name in applied)),
        missing=missing,
    )
    return writer.end(manifest, settings.NIANGJIA_MASTER_KEY)


@contextmanager
def _copy_in(folder: Path) -> Iterator[Path]:
    copy = folder / f".copy.{secrets.token_hex(4)}.part"
    try:
        yield copy
    finally:
        for path in (copy, copy.with_name(copy.name + "-journal")):
            path.unlink(missing_ok=True)


def _references() -> set[str]:
    """The originals that must be there."""
    rows = Attachment.objects.filter(message__conversation__contact__erased_at__isnull=True)
    return {str(reference) for reference in rows.values_list("reference", flat=True)}


def _add_evidence(writer: ArchiveWriter, folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*/*.sealed")):
        try:
            writer.add(f"evidence/{path.parent.name}/{path.name}", path)
        except FileNotFoundError:
            continue  # erased this moment
        yield path.stem


def _need_room(folder: Path, contents: Contents) -> None:
    needed = 2 * dumps.database_bytes() + LEAVES_FREE
    if contents is Contents.FULL:
        needed += sum(path.stat().st_size + 1024 for path in evidence_files())
    free = shutil.disk_usage(folder).free
    if free < needed:
        mega = 1024 * 1024
        raise Refused(BACKUP["no_room"].format(folder=folder, needed=needed // mega + 1, free=free // mega))


def evidence_files() -> Iterable[Path]:
    """All sealed originals of this installation."""
    return Places(settings.NIANGJIA.home).evidence.glob("*/*.sealed")


def _take_erased_along(folder: Path) -> None:
    """The list lies beside the archives too, so that an old archive is restored with the newest list there is."""
    known = folder / FILE_NAME
    append(known, read_erased(settings.NIANGJIA.home / FILE_NAME) - read_erased(known))


def _sweep_drafts(folder: Path) -> None:
    """What a backup that was killed left behind; no other one runs now."""
    for draft in folder.glob(".*.part*"):
        draft.unlink(missing_ok=True)


def _remove_old(folder: Path, prefix: str, *, keep: int | None, newest: Path) -> int:
    if keep is None:
        return 0
    old = [path for path in archives_in(folder, prefix) if path != newest][: -(keep - 1) or None]
    for path in old:
        path.unlink(missing_ok=True)
    sync_folder(folder)
    return len(old)
