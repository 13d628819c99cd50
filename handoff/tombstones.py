"""Who was erased, kept outside the database: a restored backup still holds their keys, and they must go again.

One id a line, appended and never taken away; no word and no time. The file travels with every backup.
"""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

log = logging.getLogger("niangjia.erasure")

FILE_NAME = "erased.ids"


def note_erased(contacts: Iterable[uuid.UUID]) -> None:
    """Add those that are not there yet, safely on the disk when this returns. Raises OSError."""
    path = settings.NIANGJIA.home / FILE_NAME
    append(path, set(contacts) - read_erased(path))


def note_erased_now(contact: uuid.UUID) -> None:
    """After an erasure has committed: a disk that does not take it stops nobody; every backup looks again."""
    try:
        append(settings.NIANGJIA.home / FILE_NAME, {contact})
    except OSError as error:
        log.error("an erasure was not noted beside the database: %s", type(error).__name__)


def append(path: Path, contacts: Iterable[uuid.UUID]) -> None:
    """Write each id as one line. A line that was broken off before stays on its own."""
    lines = "".join(f"\n{contact}" for contact in sorted(contacts))
    if lines:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            file.write(lines.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def read_erased(*paths: Path) -> set[uuid.UUID]:
    """The ids in these files; a missing file and a broken line hold none."""
    found = set()
    for path in paths:
        if path.exists():
            for line in path.read_text(encoding="ascii", errors="replace").split():
                try:
                    found.add(uuid.UUID(line))
                except ValueError:
                    continue
    return found
