"""Files that workers sent, as cadres see and open them."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from handoff.console.access import access_talk, for_cadres
from handoff.console.file_texts import FETCHING, FILES, NOT_KEPT
from handoff.encryption import ContactErased, Unreadable
from handoff.evidence import EvidenceAltered, EvidenceMissing, Opened, open_evidence
from handoff.fetching import fetch_again, pending_of
from handoff.kinds import Channel, Medium
from handoff.media import PLAYED, SHOWN, honest_name
from handoff.models import Attachment, Cadre, Message, PendingMedia
from handoff.previews import CONTENT_TYPE, NoPreview, preview_of

log = logging.getLogger("niangjia.evidence")

_MEGABYTE = 1_048_576
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
# Why a fetch was given up (bot.media): nothing comes of another try.
_UNKNOWN_KIND = "UnknownMedia"
_FOR_GOOD = frozenset({_UNKNOWN_KIND, "MediaGone", "ContactErased", "Unreadable"})
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
    """A file in a line of the talk. `problem` says why there is nothing to open; then `reference` is empty.

    `fetch_from`: the message whose file may still come, for the button that tries again; 0 where nothing may.
    `sha256`, `received`: of the original, as it was noted when it came.
    """

    reference: str
    label: str
    name: str
    size: str
    way: Way
    opened: bool
    problem: str = ""
    fetch_from: int = 0
    again: bool = False
    sha256: str = ""
    received: str = ""


@require_GET
@for_cadres
def file(request: HttpRequest, cadre: Cadre, pk: int, reference: UUID) -> HttpResponse:
    """The original, for who may read the talk: pictures, sound and films shown, all else (and `?save`) to be saved."""
    opened = _open(cadre, pk, reference)
    if isinstance(opened, HttpResponse):
        return opened
    return _answer(opened, request.headers.get("Range", ""), save="save" in request.GET)


@require_GET
@for_cadres
def preview(request: HttpRequest, cadre: Cadre, pk: int, reference: UUID) -> HttpResponse:
    """A small picture without what the camera wrote into it. Who has seen it has seen the picture: it is opened."""
    opened = _open(cadre, pk, reference)
    if isinstance(opened, HttpResponse):
        return opened
    try:
        small = preview_of(opened.content) if opened.content_type in SHOWN else None
    except NoPreview:
        small = None
    if small is None:
        return HttpResponse(FILES["no_preview"], status=415, content_type="text/plain; charset=utf-8")
    headers = {name: value for name, value in _HEADERS.items() if name != "Accept-Ranges"}
    return HttpResponse(small, content_type=CONTENT_TYPE, headers=headers)


@require_POST
@for_cadres
def fetch(request: HttpRequest, cadre: Cadre, pk: int, message_id: int) -> HttpResponse:
    """「再取一次」: from the platform that still holds it, also after it was given up."""
    access_talk(cadre, pk)
    waits = fetch_again(pk, message_id, now=timezone.now())
    notices.success(request, FILES["again" if waits else "not_waiting"])
    return redirect("console:talk", pk)


def files_of(messages: Sequence[Message]) -> dict[int, list[FileLine]]:
    """The files of these messages by message id; their conversation with its contact must be loaded."""
    sent = {message.pk: message for message in messages if message.medium != Medium.TEXT}
    lines: dict[int, list[FileLine]] = {pk: [] for pk in sent}
    for attachment in Attachment.objects.filter(message_id__in=sent):
        attachment.message = sent[attachment.message_id]
        lines[attachment.message_id].append(_file_line(attachment))
    missing = [message for pk, message in sent.items() if not lines[pk]]
    pending = pending_of(message.pk for message in missing) if missing else {}
    for message in missing:
        lines[message.pk] = [_fetching(message, pending[message.pk])] if message.pk in pending else _not_kept(message)
    return lines


def _open(cadre: Cadre, pk: int, reference: UUID) -> Opened | HttpResponse:
    """The original, noted as opened, or the answer that says why not. Raises Http404."""
    access_talk(cadre, pk)
    try:
        return open_evidence(pk, reference, cadre, now=timezone.now())
    except EvidenceMissing as error:
        log.error("talk %s: no original for %s", pk, reference)
        raise Http404 from error
    except (EvidenceAltered, Unreadable):
        log.error("talk %s: the original of %s does not open", pk, reference)
        return HttpResponse(FILES["broken"], status=410, content_type="text/plain; charset=utf-8")


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
        sha256=attachment.sha256,
        received=_stamp(attachment.received_at),
    )


def _stamp(at: datetime) -> str:
    return timezone.localtime(at).strftime(FILES["received"])


def _fetching(message: Message, pending: PendingMedia) -> FileLine:
    """Where the platform gives it out no more, another try is no use either."""
    stopped, for_good = pending.next_at is None, pending.reason in _FOR_GOOD
    words = "from_wechat" if message.conversation.channel == Channel.WECHAT else "from_elsewhere"
    if stopped:
        words = "unknown_kind" if pending.reason == _UNKNOWN_KIND else "failed"
    elif pending.reason:
        words = "again"
    return FileLine(
        reference="",
        label=Medium(message.medium).label,
        name="",
        size="",
        way=Way.DOWNLOAD,
        opened=True,
        problem=FETCHING[words],
        fetch_from=message.pk,
        again=(stopped and not for_good) or words == "again",
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
