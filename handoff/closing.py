"""Closing a talk with an outcome; after a danger, with the question how and when the worker may be telephoned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handoff.audit import record
from handoff.callbacks import book_follow_ups
from handoff.cases import OPEN_STATES
from handoff.desk import check_seen, handover_cases, let_go, with_open_calls
from handoff.desk_errors import FollowUpMissing, MustStayOpen, NotHolder
from handoff.desk_texts import DESK
from handoff.kinds import AuditAction, CaseState, MessageKind, Outcome
from handoff.models import Cadre, Conversation
from handoff.outbox import say
from handoff.readers import is_lead
from handoff.screening.levels import Category, Level
from handoff.wakeups import Topic, bulletin

_SERIOUS = (
    Category.CHILD_LABOUR,
    Category.MINOR,
    Category.HAZARD,
    Category.DEATH_OR_INJURY,
    Category.FORCED_LABOUR,
)
# A matter of life, of a child or of a serious hazard does not end because the worker no longer wants to speak of it.
_NEVER_WITHDRAWN = frozenset(
    category.value
    for category in Category
    if category.level is Level.CRISIS or category in _SERIOUS or category is Category.CADRE_OR_FUNDS
)


@dataclass(frozen=True)
class FollowUp:
    """What the worker answered when asked: number, when, as whom to ring, whether a message may be left.

    `declined`: asked, and does not want to be called.
    """

    phone: str = ""
    when: str = ""
    said_as: str = ""
    voicemail: bool = False
    declined: bool = False

    @property
    def answered(self) -> bool:
        """Whether the question was asked and answered."""
        return self.declined or bool(self.phone)


def close_talk(
    conversation_id: int,
    cadre: Cadre,
    outcome: Outcome,
    *,
    now: datetime,
    follow_up: FollowUp = FollowUp(),
    seen: int | None = None,
) -> Conversation:
    """Close the talk and its hand-over cases; the desk answers again. `seen` as in `release`.

    With calls agreed after a danger, its case stays open until they are made. Raises NotHolder, NewWords,
    FollowUpMissing, MustStayOpen.
    """
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        if conversation.holder_id != cadre.pk:
            raise NotHolder(conversation_id)
        check_seen(conversation, seen)
        in_danger = Level(conversation.level) == Level.CRISIS
        _check(conversation, outcome, follow_up, cadre)
        closed = let_go(conversation, now=now)
        if closed:
            _settle(conversation, cadre, outcome, follow_up, now=now)
            words = DESK["closed_gently" if in_danger else "closed"]
            said = words.format(name=cadre.display_name, outcome=Outcome(outcome).label)
            say(conversation, MessageKind.FIXED, said, now=now, words_name="closed")
        detail = outcome.value if closed else "kept"
        record(AuditAction.CLOSE, f"conversation:{conversation.pk}", cadre=cadre, now=now, detail=detail)
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation


def must_stay_open(conversation: Conversation) -> bool:
    """Whether the worker's wish alone does not end it.

    (Law on the Protection of Minors art. 11; Work Safety Law art. 60.)
    """
    return Level(conversation.level) == Level.CRISIS or bool(_NEVER_WITHDRAWN & set(conversation.categories))


def _check(conversation: Conversation, outcome: Outcome, follow_up: FollowUp, cadre: Cadre) -> None:
    """Whom rescue has reached need not be asked for a number; that nobody can be reached is for a lead to say."""
    if outcome == Outcome.WITHDRAWN and must_stay_open(conversation):
        raise MustStayOpen(conversation.pk)
    in_danger = Level(conversation.level) == Level.CRISIS
    needs_no_call = outcome == Outcome.WITH_RESCUE or (outcome == Outcome.UNREACHED and is_lead(cadre))
    if in_danger and not needs_no_call and not follow_up.answered:
        raise FollowUpMissing(conversation.pk)


def _settle(conversation: Conversation, cadre: Cadre, outcome: Outcome, follow_up: FollowUp, *, now: datetime) -> None:
    cases = handover_cases(conversation).filter(state__in=OPEN_STATES)
    cases.update(outcome=outcome, updated_at=now)
    if follow_up.phone:
        book_follow_ups(
            conversation,
            phone=follow_up.phone,
            when=follow_up.when,
            said_as=follow_up.said_as,
            voicemail=follow_up.voicemail,
            cadre=cadre,
            now=now,
        )
    cases.exclude(with_open_calls()).update(state=CaseState.CLOSED, updated_at=now)
