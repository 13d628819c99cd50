"""What the page has not seen yet: messages after a position, and who answers now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone

from bot.channels.webchat import sessions
from bot.channels.webchat.sessions import Visitor
from bot.channels.webchat.texts import COUNTRY, FILE_SHOWN
from handoff.kinds import Medium, MessageKind
from handoff.models import Conversation, Message
from handoff.readers import reader_on_duty, seen_at_for

AT_ONCE = 100


class Answers(StrEnum):
    """Who answers now, as the line on the page says it."""

    DESK = "desk"
    WAITING = "waiting"
    CADRE = "cadre"


@dataclass(frozen=True)
class Standing:
    """How the talk stands.

    `name` is the cadre's; `desk_speaks`: the dialogue answers, also while a person is waited for; `seen_at` says when
    somebody looks at the latest, while nobody is on duty.
    """

    answers: Answers
    ready: bool
    desk_speaks: bool
    thinking: bool = False
    name: str = ""
    on_duty: bool = False
    seen_at: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the page gets it."""
        return {
            "answers": self.answers.value,
            "ready": self.ready,
            "desk_speaks": self.desk_speaks,
            "thinking": self.thinking,
            "name": self.name,
            "on_duty": self.on_duty,
            "seen_at": self.seen_at,
        }


@dataclass(frozen=True)
class News:
    """Messages in the order of their positions, at most AT_ONCE; `more` when there are further ones."""

    messages: tuple[dict[str, Any], ...]
    more: bool
    standing: Standing


def news_for(token: str, *, after: int, ready: bool, now: datetime) -> News:
    """What is new for the person behind a token, after a position in their conversation. Raises SessionOver."""
    conversation = sessions.find(token, now=now).conversation
    rows = list(
        Message.objects.filter(conversation=conversation, position__gt=after)
        .select_related("cadre")
        .order_by("position")[: AT_ONCE + 1]
    )
    for row in rows:
        row.conversation = conversation
    return News(
        messages=tuple(as_shown(row) for row in rows[:AT_ONCE]),
        more=len(rows) > AT_ONCE,
        standing=_standing(conversation, ready=ready, now=now),
    )


def as_shown(message: Message) -> dict[str, Any]:
    """A message as the page gets it. Payloads of buttons stay on the server."""
    extras = message.extras
    return {
        "position": message.position,
        "reference": str(message.reference),
        "client": _client_id_of(message),
        "kind": message.kind,
        "name": message.cadre.display_name if message.cadre else "",
        "text": message.body,
        "file": file_of(message),
        "at": timezone.localtime(message.created_at).isoformat(timespec="seconds"),
        "buttons": [button["title"] for button in extras.get("buttons", [])],
        "citations": [_citation(citation) for citation in extras.get("citations", [])],
    }


def platform_key(visitor: Visitor, client_id: object) -> str:
    """The message's key, unique over all channels."""
    return f"webchat:{visitor.conversation.pk}:{client_id}"


def _client_id_of(message: Message) -> str | None:
    if message.kind != MessageKind.WORKER or not message.platform_key:
        return None
    return message.platform_key.rsplit(":", 1)[1]


def file_of(message: Message) -> str:
    """The message's file as the page shows it; empty without one."""
    name = message.extras.get("file_name")
    return FILE_SHOWN.format(medium=Medium(message.medium).label, name=name) if name else ""


def _citation(citation: Mapping[str, Any]) -> dict[str, Any]:
    law = str(citation["law"])
    return {
        "law": law,
        "short": law.removeprefix(COUNTRY),
        "article_no": citation["article_no"],
        "version_date": citation.get("version_date") or "",
        "text": citation.get("text", ""),
        "status": citation.get("status", ""),
        "kind": citation.get("kind", ""),
    }


def _standing(conversation: Conversation, *, ready: bool, now: datetime) -> Standing:
    if conversation.holder is not None:
        return Standing(Answers.CADRE, ready, desk_speaks=False, name=conversation.holder.display_name)
    speaks = not conversation.desk_is_silent
    unanswered = conversation.messages.filter(kind=MessageKind.WORKER, medium=Medium.TEXT, answered_at__isnull=True)
    thinking = speaks and unanswered.exists()
    if speaks and conversation.waiting_since is None:
        return Standing(Answers.DESK, ready, desk_speaks=True, thinking=thinking)
    on_duty = reader_on_duty(conversation, now=now)
    return Standing(
        Answers.WAITING,
        ready,
        desk_speaks=speaks,
        thinking=thinking,
        on_duty=on_duty,
        seen_at="" if on_duty else seen_at_for(conversation, now=now),
    )
