"""Which of the engine's replies fit where the talk stands: beside fixed words, and after a cadre has spoken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from actions.sureness import Sureness
from handoff.desk_texts import DESK
from handoff.following import Following
from handoff.kinds import Medium, MessageKind
from handoff.lanes import reassure
from handoff.models import Conversation, Message
from handoff.screening.levels import Level

if TYPE_CHECKING:
    from nlu.engine import EngineReply, TurnResult

# What the dialogue says to these would sound heartless to somebody who waits with a sensitive matter.
SMALL_TALK = frozenset(
    {"greet", "goodbye", "chitchat", "out_of_scope", "nlu_fallback", "affirm", "deny", "cancel", "ask_question"}
)
# So long after a cadre gave the talk back, the desk remembers that somebody has spoken there.
_REMEMBERED_FOR = timedelta(days=7)
_LOOKED_AT = 30


def fitting(
    conversation: Conversation, message: Message, result: TurnResult, *, may_follow: Following, now: datetime
) -> Sequence[EngineReply]:
    """After fixed words only what may follow them, never small talk.

    While such a matter waits for a person, small talk gives way to the words for who waits.
    """
    if message.level != Level.ORDINARY:
        return _after_words(result.replies, may_follow)
    with_articles = [said for said in result.replies if said.citations]
    if message.medium != Medium.TEXT and not with_articles and result.intent in SMALL_TALK:
        return []  # the caption speaks of something that only a person can look at
    waits = conversation.waiting_since is not None and conversation.level == Level.SENSITIVE
    if waits and not with_articles and result.intent in SMALL_TALK and not _in_a_form(conversation, result):
        reassure(conversation, message, now=now)
        return []
    return _after_release(conversation, result.replies, now=now)


def _after_words(replies: Sequence[EngineReply], may_follow: Following) -> Sequence[EngineReply]:
    """The sure answer, or else what comes nearest to one, of what may follow."""
    said = {reply.sureness: reply for reply in replies}
    nearest, asked_back = said.get(Sureness.TENTATIVE), said.get(Sureness.ASKED_BACK)
    guessed, unknown = said.get(Sureness.GUESSED), said.get(Sureness.UNKNOWN)
    elsewhere = said.get(Sureness.ELSEWHERE)
    if Following.SURE_ANSWER in may_follow and (sure := said.get(Sureness.SURE)):
        return [sure]
    if Following.NEAREST_ANSWER in may_follow and nearest:
        return [nearest]
    if Following.OFFER in may_follow and (offered := nearest or asked_back):
        return [_offer(offered)]
    if Following.NONE_TO_GIVE in may_follow and guessed:
        return [_offer(guessed)]
    if Following.NONE_TO_GIVE in may_follow and elsewhere:
        return [elsewhere]
    if Following.NONE_TO_GIVE in may_follow and unknown:
        return [replace(unknown, text=DESK["nothing_to_offer"], buttons=())]
    return []


def _offer(unsure: EngineReply) -> EngineReply:
    return replace(unsure, text=DESK["offered"], citations=())


def _in_a_form(conversation: Conversation, result: TurnResult) -> bool:
    """The yes that submits a form and the word that stops one are no small talk, although no form runs after them."""
    before = conversation.snapshot
    return bool(result.snapshot.active_loop or (before and json.loads(before).get("active_loop")))


def _after_release(
    conversation: Conversation, replies: Sequence[EngineReply], *, now: datetime
) -> Sequence[EngineReply]:
    """The desk does not say again what it said before the cadre came, and what the cadre said counts for more."""
    released = conversation.released_at
    if released is None or now - released > _REMEMBERED_FOR:
        return replies
    repeated = {said.text for said in replies if said.citations} & _said_before(conversation, released)
    fresh = [
        replace(said, text=DESK["said_before"], citations=()) if said.text in repeated else said for said in replies
    ]
    name = _who_spoke(conversation)
    first = next((place for place, said in enumerate(fresh) if said.citations), None)
    if name and first is not None and not _answered_since(conversation, released):
        caution = DESK["after_release"].format(name=name)
        fresh[first] = replace(fresh[first], text=f"{fresh[first].text}\n{caution}")
    return fresh


def _said_before(conversation: Conversation, released: datetime) -> frozenset[str]:
    rows = _engine(conversation).filter(created_at__lt=released, position__isnull=False).order_by("-id")[:_LOOKED_AT]
    for row in rows:
        row.conversation = conversation
    return frozenset(row.body for row in rows)


def _answered_since(conversation: Conversation, released: datetime) -> bool:
    """Whether an answer of the desk since then has already carried the caution."""
    return any(_cites(row, conversation) for row in _engine(conversation).filter(created_at__gt=released)[:_LOOKED_AT])


def _cites(row: Message, conversation: Conversation) -> bool:
    row.conversation = conversation
    return bool(row.extras.get("citations"))


def _who_spoke(conversation: Conversation) -> str:
    last = Message.objects.filter(conversation=conversation, kind=MessageKind.CADRE).order_by("-id")
    message = last.select_related("cadre").first()
    return message.cadre.display_name if message is not None and message.cadre is not None else ""


def _engine(conversation: Conversation) -> QuerySet[Message]:
    return Message.objects.filter(conversation=conversation, kind=MessageKind.ENGINE)
