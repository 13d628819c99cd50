"""A talk as a cadre reads it, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from handoff.console.files import FileLine, files_of
from handoff.console.states import FIELDS, State, states_of
from handoff.console.texts import ERASED, LEVELS, MYSELF, SPEAKERS, UNREADABLE
from handoff.console.times import clock
from handoff.encryption import ContactErased, Unreadable
from handoff.kinds import MessageKind
from handoff.link_codes import CODE_WORDS, without_code
from handoff.models import Cadre, Conversation, Message
from handoff.screening.levels import Level

AT_ONCE = 200
# Older messages have come to rest; a repeated refresh need not look at all of them.
_STATES_SHOWN = 60
_MOST_AWAITED = 50


@dataclass(frozen=True)
class Citation:
    """What an answer of the desk rests on. `held`: the text stands in our index, word for word."""

    law: str
    article_no: str
    version_date: str
    status: str
    text: str
    held: bool


@dataclass(frozen=True)
class Line:
    """One message. `readable` is false when the words are gone; then `text` says so."""

    pk: int
    kind: str
    speaker: str
    clock: str
    said_at: datetime
    text: str
    readable: bool
    level: str
    level_words: str
    options: tuple[str, ...]
    citations: tuple[Citation, ...]
    state: State
    edits: bool
    files: tuple[FileLine, ...] = ()

    @property
    def awaits_files(self) -> bool:
        """Whether a file of it may still come from the platform."""
        return any(file.fetch_from for file in self.files)


def latest_lines(conversation: Conversation, cadre: Cadre, *, now: datetime, before: int | None = None) -> list[Line]:
    """The last lines of the talk, or the last ones before a message, oldest first; at most `AT_ONCE`."""
    messages = _messages(conversation)
    if before is not None:
        messages = messages.filter(pk__lt=before)
    newest_first = list(messages.order_by("-pk")[:AT_ONCE])
    return _lines(conversation, newest_first[::-1], cadre, now=now)


def lines_after(conversation: Conversation, cadre: Cadre, *, after: int, now: datetime) -> list[Line]:
    """What was said after a message, oldest first."""
    return _lines(conversation, list(_messages(conversation).filter(pk__gt=after)[:AT_ONCE]), cadre, now=now)


def recent_states(conversation: Conversation, *, up_to: int, now: datetime) -> list[State]:
    """How far the recent messages of ours have come, of those already on the page."""
    ours = _messages(conversation).exclude(kind=MessageKind.WORKER).filter(pk__lte=up_to)
    newest_first = list(ours.order_by("-pk").only(*FIELDS)[:_STATES_SHOWN])
    return list(states_of(conversation, newest_first[::-1], now=now).values())


def lines_among(conversation: Conversation, cadre: Cadre, *, ids: Sequence[int], now: datetime) -> list[Line]:
    """Those of the talk's messages that an open page asks for again."""
    return _lines(conversation, list(_messages(conversation).filter(pk__in=ids)[:AT_ONCE]), cadre, now=now)


def awaiting_files(lines: Sequence[Line]) -> list[int]:
    """The messages, the newest ones, whose files may still come from the platform."""
    return [line.pk for line in lines if line.awaits_files][-_MOST_AWAITED:]


def has_lines_before(conversation: Conversation, first: int) -> bool:
    """Whether something was said before a message."""
    return _messages(conversation).filter(pk__lt=first).exists()


def _messages(conversation: Conversation) -> QuerySet[Message]:
    return Message.objects.filter(conversation_id=conversation.pk)


def _lines(conversation: Conversation, messages: Sequence[Message], cadre: Cadre, *, now: datetime) -> list[Line]:
    names = dict(
        Cadre.objects.filter(pk__in={message.cadre_id for message in messages}).values_list("pk", "display_name")
    )
    if cadre.pk in names:
        names[cadre.pk] = MYSELF.format(name=names[cadre.pk])
    for message in messages:
        message.conversation = conversation
    files, states = files_of(messages), states_of(conversation, messages, now=now)
    return [
        replace(_line(message, names, states[message.pk], now=now), files=tuple(files.get(message.pk, ())))
        for message in messages
    ]


def _line(message: Message, names: dict[int, str], state: State, *, now: datetime) -> Line:
    text, extras, readable = _opened(message)
    level = Level(message.level)
    return Line(
        pk=message.pk,
        kind=message.kind,
        speaker=names.get(message.cadre_id or 0) or SPEAKERS[MessageKind(message.kind)],
        clock=clock(message.created_at, now=now),
        said_at=message.created_at,
        text=text,
        readable=readable,
        level=level.value,
        level_words="" if level == Level.ORDINARY else LEVELS[level],
        options=tuple(button["title"] for button in extras.get("buttons", ())),
        citations=tuple(_citation(citation) for citation in extras.get("citations", ())),
        state=state,
        edits="edits" in extras,
    )


def _opened(message: Message) -> tuple[str, dict[str, Any], bool]:
    try:
        body = without_code(message.body) if message.words_name == CODE_WORDS else message.body
        return body, message.extras, True
    except ContactErased:
        return ERASED, {}, False
    except Unreadable:
        return UNREADABLE, {}, False


def _citation(stored: dict[str, Any]) -> Citation:
    return Citation(
        law=stored["law"],
        article_no=stored["article_no"],
        version_date=str(stored.get("version_date") or ""),
        status=stored.get("status") or "",
        text=stored.get("text") or "",
        held=stored.get("kind") == "verbatim",
    )
