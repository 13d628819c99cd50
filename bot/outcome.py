"""What a turn leaves behind: its effects on the records, and what belongs to its replies."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from actions.effects import BookCallBack, Effect, OpenCase, RequestHandoff
from handoff.callbacks import book
from handoff.cases import open_case
from handoff.desk import request_handoff
from handoff.models import Conversation, Message

if TYPE_CHECKING:
    from nlu.engine import EngineReply


def extras_of(said: EngineReply) -> dict[str, Any]:
    """What is stored beside the words: `buttons` with their payloads, `citations`."""
    extras: dict[str, Any] = {}
    if said.buttons:
        extras["buttons"] = [{"title": button.title, "payload": button.payload} for button in said.buttons]
    if said.citations:
        extras["citations"] = [dict(citation) for citation in said.citations]
    return extras


def apply(effect: Effect, conversation: Conversation, message: Message, *, now: datetime) -> None:
    """Commit one effect. The caller's transaction holds the conversation's lock."""
    match effect:
        case OpenCase(case_no=case_no, kind=kind, fields=fields):
            open_case(conversation, kind, now=now, case_no=case_no, fields=fields, begun_by=message)
        case RequestHandoff():
            request_handoff(conversation, now=now, begun_by=message)
        case BookCallBack(agreed=agreed, slot=slot):
            book(conversation, agreed, slot=slot, now=now)
