"""Reading what the page posts: JSON from anybody at all, so every shape of nonsense has its sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from bot.channels.webchat.refusals import Reason, Refused
from handoff.kinds import MessageKind
from handoff.models import Conversation, Message

LONGEST_TEXT = 20_000
_MOST_BUTTONS = 100


@dataclass(frozen=True)
class Choice:
    """A tapped button: the message that offered it, and its place there (from 0)."""

    message: UUID
    index: int

    def as_extras(self) -> dict[str, Any]:
        """As it is stored with the worker's message."""
        return {"choice": {"message": str(self.message), "index": self.index}}


@dataclass(frozen=True)
class Posted:
    """A message as the page sent it. `text` is as typed; `client_id` was made by the page, once per message."""

    client_id: UUID
    text: str
    choice: Choice | None

    def __repr__(self) -> str:
        return f"Posted({self.client_id})"


def read_posted(request: HttpRequest) -> Posted:
    """The posted message. Raises Refused."""
    body = read_json(request)
    text = read_text(body.get("text"))
    if not text.strip():
        raise Refused(Reason.EMPTY)
    return Posted(read_client_id(body.get("id")), text, _choice(body.get("choice")))


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The body as a JSON object. Raises Refused, RequestDataTooBig."""
    raw = request.body
    if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise Refused(Reason.TOO_LARGE)
    try:
        body = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refused(Reason.NOT_JSON) from error
    if not isinstance(body, dict):
        raise Refused(Reason.NOT_JSON)
    return body


def check_offered(choice: Choice, title: str, conversation: Conversation) -> None:
    """Whether this conversation was offered such a button. Raises Refused."""
    offer = (
        Message.objects.filter(conversation=conversation, reference=choice.message, position__isnull=False)
        .exclude(kind=MessageKind.WORKER)
        .first()
    )
    if offer is None:
        raise Refused(Reason.BAD_CHOICE)
    offer.conversation = conversation
    buttons = offer.extras.get("buttons", [])
    if choice.index >= len(buttons) or buttons[choice.index]["title"] != title:
        raise Refused(Reason.BAD_CHOICE)


def read_client_id(value: object) -> UUID:
    """The id that the page made. Raises Refused."""
    if not isinstance(value, str) or len(value) != 36:
        raise Refused(Reason.BAD_ID)
    try:
        return UUID(value)
    except ValueError as error:
        raise Refused(Reason.BAD_ID) from error


def read_text(value: object) -> str:
    """Words as typed, which may be none. Raises Refused."""
    if not isinstance(value, str):
        raise Refused(Reason.NOT_TEXT)
    if len(value) > LONGEST_TEXT:
        raise Refused(Reason.TOO_LONG)
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise Refused(Reason.UNREADABLE_TEXT)  # NUL, or half of a surrogate pair: no text that anybody typed
    return value


def _choice(value: object) -> Choice | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Refused(Reason.BAD_CHOICE)
    index = value.get("index")
    if type(index) is not int or not 0 <= index < _MOST_BUTTONS:
        raise Refused(Reason.BAD_CHOICE)
    try:
        return Choice(read_client_id(value.get("message")), index)
    except Refused as refused:
        raise Refused(Reason.BAD_CHOICE) from refused
