"""What lies where in an installation's home, as far as backups are concerned."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO


@dataclass(frozen=True)
class Places:
    """The names in one home."""

    home: Path

    @property
    def database(self) -> Path:
        """SQLite's main file."""
        return self.home / "niangjia.sqlite3"

    @property
    def evidence(self) -> Path:
        """Sealed originals, in 256 folders."""
        return self.home / "evidence"

    @property
    def secrets(self) -> Path:
        """Master key and Django's key: never in an archive."""
        return self.home / "secrets"

    @property
    def settings_file(self) -> Path:
        """Holds passwords of platforms and mail: it goes with the keys."""
        return self.home / "niangjia.toml"

    @property
    def statutes(self) -> Path:
        """Imported law texts, and the list of each import."""
        return self.home / "statutes"

    @property
    def backups(self) -> Path:
        """Where archives go when no folder is named."""
        return self.home / "backups"

    @property
    def last_backup(self) -> Path:
        """When the last backup was made, and where it was put."""
        return self.home / "last-backup.json"

    @property
    def key_backup(self) -> Path:
        """When the keys were last put away, and which key it was."""
        return self.home / "key-backup.json"

    @property
    def unfinished(self) -> Path:
        """Stands here while a restore moves its files; a desk does not start beside it."""
        return self.home / "restore-unfinished"

    def own_files(self) -> list[Path]:
        """What an operator wrote beside the settings: holidays, menu and welcome words."""
        return sorted(path for path in self.home.glob("*.yml") if path.is_file() and not path.is_symlink())

    def statute_files(self) -> list[Path]:
        """The lists first: a text lies there before a list names it, so every list of a copy finds its texts."""
        return [*sorted(self.statutes.glob("imports/*.json")), *sorted(self.statutes.glob("texts/*.json"))]


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file for its owner only, under another name until it is whole and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_note(path: Path, note: Mapping[str, Any]) -> None:
    """A small JSON file, written whole."""
    with written_whole(path) as file:
        file.write(json.dumps(note, ensure_ascii=False, indent=1).encode() + b"\n")


def read_note(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty when there is none that can be read."""
    try:
        note = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}
