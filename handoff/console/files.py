"""Files that workers sent, as cadres see and open them."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from handoff.console.access import access_talk, for_cadres
from handoff.console.file_texts import FILES, NOT_KEPT
from handoff.encryption import ContactErased, Unreadable
from handoff.evidence import EvidenceAltered, EvidenceMissing, Opened, open_evidence
from handoff.kinds import Medium
from handoff.media import PLAYED, SHOWN, honest_name
from handoff.models import Attachment, Cadre, Message

log = logging.getLogger("niangjia.evidence")

_MEGABYTE = 1_048_576
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Opened by itself it may show itself, and nothing else.
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
        "frame-ancestors 'none'; sandbox"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}


class Way(StrEnum):
    """How a file is opened on the page."""

    PICTURE = "picture"
    SOUND = "sound"
    FILM = "film"
    DOWNLOAD = "download"


@dataclass(frozen=True)
class FileLine:
    """A file in a line of the talk. `problem` says why there is nothing to open; then `reference` is empty."""

    reference: str
    label: str
    name: str
    size: str
    way: Way
    opened: bool
    problem: str = ""


@require_GET
@for_cadres
def file(request: HttpRequest, cadre: Cadre, pk: int, reference: UUID) -> HttpResponse:
    """The original, for who may read the talk: pictures, sound and films shown, all else (and `?save`) to be saved."""
    access_talk(cadre, pk)
    try:
        opened = open_evidence(pk, reference, cadre, now=timezone.now())
    except EvidenceMissing as error:
        log.error("talk %s: no original for %s", pk, reference)
        raise Http404 from error
    except (EvidenceAltered, Unreadable):
        log.error("talk %s: the original of %s does not open", pk, reference)
        return HttpResponse(FILES["broken"], status=410, content_type="text/plain; charset=utf-8")
    return _answer(opened, request.headers.get("Range", ""), save="save" in request.GET)


def files_of(messages: Sequence[Message]) -> dict[int, list[FileLine]]:
    """The files of these messages by message id; their conversation with its contact must be loaded."""
    sent = {message.pk: message for message in messages if message.medium != Medium.TEXT}
    lines: dict[int, list[FileLine]] = {pk: [] for pk in sent}
    for attachment in Attachment.objects.filter(message_id__in=sent):
        attachment.message = sent[attachment.message_id]
        lines[attachment.message_id].append(_file_line(attachment))
    for pk, message in sent.items():
        if not lines[pk]:
            lines[pk] = _not_kept(message)
    return lines


def _answer(opened: Opened, wanted: str, *, save: bool) -> HttpResponse:
    shown = opened.content_type in SHOWN | PLAYED and not save
    name = honest_name(opened.name, opened.content_type)
    found = _RANGE.fullmatch(wanted)
    part = _part(found.groups(), len(opened.content)) if found else None  # type: ignore[arg-type]
    response = HttpResponse(opened.content, content_type=opened.content_type, headers=_HEADERS)
    if part is not None and shown:  # players ask for pieces; some play nothing that does not come in pieces
        first, last = part
        response = HttpResponse(
            opened.content[first : last + 1], status=206, content_type=opened.content_type, headers=_HEADERS
        )
        response["Content-Range"] = f"bytes {first}-{last}/{len(opened.content)}"
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    return response


def _part(bounds: tuple[str, str], size: int) -> tuple[int, int] | None:
    """First and last byte of a single range (RFC 9110, 14.1.2); None for one that cannot be met: then all is sent."""
    first, last = bounds
    if not first:
        return (max(0, size - int(last)), size - 1) if last and int(last) else None
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end) if int(first) <= end else None


def _file_line(attachment: Attachment) -> FileLine:
    try:
        name = attachment.name
    except (ContactErased, Unreadable):
        return FileLine("", Medium(attachment.message.medium).label, "", "", Way.DOWNLOAD, opened=True)
    megabytes = attachment.size / _MEGABYTE
    return FileLine(
        reference=str(attachment.reference),
        label=Medium(attachment.message.medium).label,
        name=name,
        size=FILES["megabytes"].format(size=megabytes) if megabytes >= 0.1 else FILES["small"],
        way=_way(attachment),
        opened=attachment.opened_at is not None,
    )


def _way(attachment: Attachment) -> Way:
    if attachment.content_type in SHOWN:
        return Way.PICTURE
    if attachment.content_type in PLAYED:
        return Way.FILM if attachment.message.medium == Medium.VIDEO else Way.SOUND
    return Way.DOWNLOAD


def _not_kept(message: Message) -> list[FileLine]:
    try:
        extras = message.extras
    except (ContactErased, Unreadable):
        return []
    if not extras.get("file_name"):
        return []
    problem = NOT_KEPT.get(extras.get("not_kept", ""), NOT_KEPT["other"])
    label = Medium(message.medium).label
    return [FileLine("", label, extras["file_name"], "", Way.DOWNLOAD, opened=True, problem=problem)]
