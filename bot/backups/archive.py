"""The archive itself: a tar file, not compressed (what is sealed does not become smaller), its manifest at the end."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from bot.backups.manifest import NAME, Manifest, Member, Read, read_manifest
from bot.backups.refused import Refused
from bot.backups.texts import BACKUP

SQLITE, POSTGRES = "database.sqlite3", "database.dump"
ERASED = "erased.ids"
# Nothing else is taken out of an archive, so no name can lead out of the folder.
_NAMES = re.compile(
    r"database\.(sqlite3|dump)|erased\.ids|evidence/[0-9a-f]{2}/[0-9a-f-]{36}\.sealed|own/[^/\0]+\.yml"
    r"|statutes/(imports/[0-9]{6}|texts/[0-9a-f]{64})\.json"
)
_MOST_MANIFEST = 512 * 1024 * 1024
_AT_ONCE = 1024 * 1024


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class _Hashing:
    """Passes bytes through and keeps their digest."""

    def __init__(self, file: _Readable) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """See io."""
        part = self._file.read(size)
        self._digest.update(part)
        self.size += len(part)
        return part

    def as_member(self) -> Member:
        """What was read so far."""
        return Member(self.size, self._digest.hexdigest())


class ArchiveWriter:
    """Writes members one after another, then the manifest that names them all."""

    def __init__(self, file: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115  closed by `end`
        self._members: dict[str, Member] = {}

    def add(self, name: str, path: Path) -> None:
        """A file as it is now. Raises FileNotFoundError, OSError."""
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            through = _Hashing(file)
            self._tar.addfile(_entry(name, size), through)  # all that it asks for is `read`
        self._members[name] = through.as_member()

    def end(self, manifest: Manifest, master_key: bytes) -> Manifest:
        """Write the manifest; it is given back with its members."""
        whole = replace(manifest, members=self._members)
        raw = whole.as_bytes(master_key)
        self._tar.addfile(_entry(NAME, len(raw)), io.BytesIO(raw))
        self._tar.close()
        return whole


def read_archive(path: Path, *, into: Path | None, only: tuple[str, ...] = ()) -> Read:
    """Check every digest, and lay the files out `into` a folder (those named in `only`, else all).

    Raises Refused when the archive is cut short, altered, or none of ours.
    """
    found: dict[str, Member] = {}
    raw = None
    try:
        with tarfile.open(path, "r:") as tar:
            for entry in tar:
                if raw is not None or not entry.isreg() or entry.name in found:
                    raise Refused(BACKUP["altered"].format(name=entry.name))
                if entry.name == NAME:
                    raw = _small(tar, entry)
                    continue
                keep = into if into is not None and (not only or entry.name in only) else None
                found[entry.name] = _take(tar, entry, keep)
    except (tarfile.TarError, EOFError, UnicodeError) as error:
        raise Refused(BACKUP["not_a_backup"]) from error
    if raw is None:
        raise Refused(BACKUP["not_a_backup"])
    read = read_manifest(raw)
    _compare(read.manifest.members, found)
    return read


def _take(tar: tarfile.TarFile, entry: tarfile.TarInfo, into: Path | None) -> Member:
    if not _NAMES.fullmatch(entry.name):
        raise Refused(BACKUP["not_a_backup"])
    source: Any = tar.extractfile(entry)
    through = _Hashing(source)
    if into is None:
        while through.read(_AT_ONCE):
            pass
        return through.as_member()
    target = into / entry.name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while part := through.read(_AT_ONCE):
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return through.as_member()


def _small(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(entry)
    if file is None or entry.size > _MOST_MANIFEST:
        raise Refused(BACKUP["not_a_backup"])
    return file.read()


def _compare(named: dict[str, Member], found: dict[str, Member]) -> None:
    wrong = sorted(name for name in named.keys() | found.keys() if named.get(name) != found.get(name))
    if wrong:
        raise Refused(BACKUP["altered"].format(name=wrong[0]))
    if not {SQLITE, POSTGRES} & found.keys():
        raise Refused(BACKUP["not_a_backup"])


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry
