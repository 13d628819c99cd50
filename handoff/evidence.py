"""The originals that workers sent, each sealed in a file of its own: written and on the disk before its row commits.

A file whose transaction did not come about is swept away a day later; so is one whose contact was erased.
"""

from __future__ import annotations

import hashlib
import logging
import os
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from handoff.audit import record
from handoff.kinds import AuditAction, Medium
from handoff.models import Attachment, AuditRow, Cadre, Contact, Conversation, PendingMedia
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.evidence")

ORPHAN_AFTER = timedelta(days=1)
# One of the 256 folders each time.
_SWEEP_EVERY = timedelta(minutes=10)
_FOLDERS = 256
_AT_ONCE = 200
_SEALED, _UNFINISHED = ".sealed", ".part"


class EvidenceMissing(Exception):
    """There is no such file in this talk, or its original is gone from the disk."""


class EvidenceAltered(Exception):
    """The original opens, but its SHA-256 is not the one that was noted when it came."""


@dataclass(frozen=True)
class Original:
    """A file as the worker sent it; `content_type` and `medium` as `handoff.media` recognised them."""

    name: str
    content_type: str
    medium: Medium
    content: bytes = field(repr=False)

    def __repr__(self) -> str:
        return f"Original({self.content_type}, {len(self.content)} bytes)"


@dataclass(frozen=True)
class Kept:
    """An original that lies sealed on the disk and waits for its row. `sha256` in hex, of the original bytes."""

    reference: uuid.UUID
    name: str = field(repr=False)
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Opened:
    """An original as a cadre gets it."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


def keep(contact: Contact, original: Original) -> Kept:
    """Seal the original into a file of its own, safely on the disk when this returns. Raises ContactErased, OSError."""
    reference = uuid.uuid4()
    sealed = contact.seal_bytes(original.content, place=_place(reference))
    _write(path_of(reference), sealed)
    digest = hashlib.sha256(original.content).hexdigest()
    return Kept(reference, original.name, original.content_type, len(original.content), digest)


def discard(references: Iterable[uuid.UUID]) -> None:
    """Remove files that nobody needs any more; what cannot be removed now is left to the sweep."""
    for reference in references:
        try:
            path_of(reference).unlink(missing_ok=True)
        except OSError as error:
            log.warning("a file of evidence was not removed: %s", type(error).__name__)


def forget(contact: Contact) -> None:
    """Remove all originals of an erased contact, once the open transaction has committed."""
    references = list(
        Attachment.objects.filter(message__conversation__contact=contact).values_list("reference", flat=True)
    )
    transaction.on_commit(lambda: discard(references), robust=True)


def open_evidence(conversation_id: int, reference: uuid.UUID, cadre: Cadre, *, now: datetime) -> Opened:
    """The original, and a note that this cadre opened it: one audit row per cadre and file.

    With the last unopened file of a talk its light goes out. Raises EvidenceMissing, EvidenceAltered, ContactErased,
    Unreadable; then nothing counts as opened.
    """
    attachment = _find(conversation_id, reference)
    opened = Opened(attachment.name, attachment.content_type, _read(attachment))
    _note_opening(attachment, cadre, now=now)
    return opened


def sweep_orphans(*, now: datetime) -> int:
    """Remove files without a row, or of erased contacts, a day old; one folder every ten minutes; how many went."""
    if not _sweep_is_due(now):
        return 0
    turn = int(now.timestamp() // _SWEEP_EVERY.total_seconds()) % _FOLDERS
    old = _older_than(_home() / f"{turn:02x}", now - ORPHAN_AFTER)
    count = 0
    for start in range(0, len(old), _AT_ONCE):
        for path in _without_row(old[start : start + _AT_ONCE]):
            path.unlink(missing_ok=True)
            count += 1
    return count


def path_of(reference: uuid.UUID) -> Path:
    """Where the sealed original lies."""
    return _home() / reference.hex[:2] / f"{reference}{_SEALED}"


def _home() -> Path:
    home: Path = settings.NIANGJIA.home
    return home / "evidence"


def _place(reference: uuid.UUID) -> str:
    return f"attachment:{reference}:content"


def _write(path: Path, sealed: bytes) -> None:
    """Under another name until it is whole; the folder is made safe too, or a power cut could lose the name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(_UNFINISHED)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _find(conversation_id: int, reference: uuid.UUID) -> Attachment:
    found = (
        Attachment.objects.select_related("message__conversation__contact")
        .filter(message__conversation_id=conversation_id, reference=reference)
        .first()
    )
    if found is None:
        raise EvidenceMissing(reference)
    return found


def _read(attachment: Attachment) -> bytes:
    try:
        sealed = path_of(attachment.reference).read_bytes()
    except OSError as error:
        raise EvidenceMissing(attachment.reference) from error
    content = attachment.message.conversation.contact.open_bytes(sealed, place=_place(attachment.reference))
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise EvidenceAltered(attachment.reference)
    return content


def _note_opening(attachment: Attachment, cadre: Cadre, *, now: datetime) -> None:
    subject = f"attachment:{attachment.pk}"
    with transaction.atomic():
        conversation = Conversation.locked(attachment.message.conversation_id)
        if not AuditRow.objects.filter(subject=subject, cadre=cadre, action=AuditAction.EVIDENCE).exists():
            record(AuditAction.EVIDENCE, subject, cadre=cadre, now=now)
        first = Attachment.objects.filter(pk=attachment.pk, opened_at__isnull=True).update(
            opened_at=now, opened_by=cadre
        )
        unopened = Attachment.objects.filter(message__conversation=conversation, opened_at__isnull=True)
        coming = PendingMedia.objects.filter(message__conversation=conversation, next_at__isnull=False)
        if first and not unopened.exists() and not coming.exists():
            conversation.unread_since = None
            conversation.save(update_fields=["unread_since"])
        if first:
            bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)


def _sweep_is_due(now: datetime) -> bool:
    """Whether the last sweep of any process is long enough ago; this one is noted."""
    marker = _home() / "swept"
    try:
        if abs(now.timestamp() - marker.stat().st_mtime) < _SWEEP_EVERY.total_seconds():
            return False
    except FileNotFoundError:
        if not _home().is_dir():
            return False
    marker.touch(mode=0o600)
    os.utime(marker, (now.timestamp(), now.timestamp()))
    return True


def _older_than(folder: Path, limit: datetime) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if entry.stat().st_mtime < limit.timestamp()]
    except FileNotFoundError:
        return []


def _without_row(paths: Sequence[Path]) -> list[Path]:
    references = {path: _reference_of(path) for path in paths}
    needed = set(
        Attachment.objects.filter(
            reference__in=[reference for reference in references.values() if reference is not None],
            message__conversation__contact__erased_at__isnull=True,
        ).values_list("reference", flat=True)
    )
    return [path for path, reference in references.items() if reference not in needed]


def _reference_of(path: Path) -> uuid.UUID | None:
    """None for what was never finished."""
    if path.suffix != _SEALED:
        return None
    try:
        return uuid.UUID(path.stem)
    except ValueError:
        return None
