"""Taking a voice, a picture, a video or a file from the page: one per message, with or without a caption.

Whatever becomes of the file, its name and its caption are screened, and kept when there is danger in them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from bot.channels.webchat import sessions
from bot.channels.webchat.incoming import read_client_id, read_text
from bot.channels.webchat.network import network_extras
from bot.channels.webchat.news import file_of, platform_key
from bot.channels.webchat.refusals import Reason, Refused, answers_in_words
from bot.channels.webchat.sessions import Visitor
from bot.channels.webchat.texts import NAMELESS_FILE, REFUSALS, WORDS_KEPT
from bot.channels.webchat.views import stored_answer, visitor_of
from bot.composition import desk
from bot.limits import Allowance
from handoff.evidence import Original
from handoff.intake import Inbound, Received, receive_danger_without_file, receive_file
from handoff.media import UnknownMedia, recognise

log = logging.getLogger("niangjia.webchat")

ADDRESS = "/chat/files"
_MEGABYTE = 1_048_576
# Caption, name and the form around them.
_FORM_BYTES = 200_000
_LONGEST_NAME = 255
# Enough for a file of pay slips page by page, too few to fill a disk.
_MOST_FILES, _FILES_WITHIN = 40, timedelta(minutes=10)


@dataclass(frozen=True)
class PostedFile:
    """A message with a file as the page sent it. `file` is None when the page found it too large to send."""

    client_id: UUID
    caption: str = field(repr=False)
    name: str = field(repr=False)
    file: UploadedFile[Any] | None = field(repr=False)
    network: dict[str, Any] = field(default_factory=dict, repr=False)


@csrf_exempt  # the check is made inside, where a form that cannot be read gets its sentence
@require_POST
@answers_in_words
@csrf_protect
def files(request: HttpRequest) -> HttpResponse:
    """Store a message with its file: 201 the first time, 200 for a repeated id; `words` says why no file was kept."""
    now = timezone.now()
    visitor = visitor_of(request, now)
    posted = _read(request)
    try:
        received, words = _receive(visitor, posted, now=now), ""
    except Refused as refused:
        received, words = _receive_danger(visitor, posted, refused, now=now), _words_of(refused)
    response = stored_answer(posted.client_id, received, file=file_of(received.message), words=words)
    if sessions.refresh(visitor, now=now):
        sessions.set_cookie(response, visitor.token, secure=request.is_secure())
    return response


def most_bytes() -> int:
    """How large a request with a file may be."""
    return most_file_bytes() + _FORM_BYTES


@lru_cache(maxsize=1)
def uploads() -> Allowance:
    """How often each talk has sent a file lately."""
    return Allowance(most=_MOST_FILES, within=_FILES_WITHIN)


def most_file_bytes() -> int:
    """How large a file may be."""
    megabytes: int = settings.NIANGJIA.upload_megabytes
    return megabytes * _MEGABYTE


def _read(request: HttpRequest) -> PostedFile:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile | None):
        raise Refused(Reason.NOT_A_FORM)
    return PostedFile(
        client_id=read_client_id(request.POST.get("id")),
        caption=read_text(request.POST.get("text", "")),
        name=_name(request.POST.get("name", "") or (file.name if file is not None and file.name else "")),
        file=file,
        network=network_extras(request),
    )


def _name(name: str) -> str:
    """All of the name that can be printed, as no way into a folder. Raises Refused."""
    flat = read_text(name).replace("/", "_").replace("\\", "_")
    return "".join(character for character in flat if character.isprintable()).strip()[:_LONGEST_NAME]


def _receive(visitor: Visitor, posted: PostedFile, *, now: datetime) -> Received:
    """Raises Refused when the file cannot be kept."""
    if not uploads().take(str(visitor.conversation.pk), now=now):
        raise Refused(Reason.MANY_FILES)
    original = _original(posted)
    inbound = _inbound(visitor, posted)
    try:
        return receive_file(visitor.conversation, inbound, original, screen_rules=desk().rules.screen, now=now)
    except OSError as error:
        log.error("a file could not be kept: %s", type(error).__name__)
        raise Refused(Reason.FILE_NOT_KEPT) from error


def _original(posted: PostedFile) -> Original:
    """The file, recognised by its content. Raises Refused."""
    if posted.file is None:
        raise Refused(Reason.FILE_TOO_LARGE if posted.name else Reason.NO_FILE)
    if (posted.file.size or 0) > most_file_bytes():
        raise Refused(Reason.FILE_TOO_LARGE)
    content = posted.file.read()
    if not content:
        raise Refused(Reason.NO_FILE)
    try:
        found = recognise(content, declared=posted.file.content_type or "")
    except UnknownMedia as error:
        raise Refused(Reason.FILE_KIND) from error
    name = posted.name or NAMELESS_FILE
    return Original(name=name, content_type=found.content_type, medium=found.medium, content=content)


def _receive_danger(visitor: Visitor, posted: PostedFile, refused: Refused, *, now: datetime) -> Received:
    """Words with danger in them are stored without their file; else the refusal stands. Raises Refused."""
    inbound = _inbound(visitor, posted, not_kept=refused.reason.code)
    received = receive_danger_without_file(visitor.conversation.pk, inbound, screen_rules=desk().rules.screen, now=now)
    if received is None:
        raise refused
    return received


def _words_of(refused: Refused) -> str:
    """Why the file was not kept, for a message whose words were: the page does not try it again."""
    code = refused.reason.code
    return WORDS_KEPT.get(code, REFUSALS[code])


def _inbound(visitor: Visitor, posted: PostedFile, **extras: str) -> Inbound:
    return Inbound(
        text=posted.caption,
        platform_key=platform_key(visitor, posted.client_id),
        extras={**posted.network, **extras},
        file_name=posted.name,
    )
