"""Where a talk stands for the cadre who looks at it: who has it, what it is about, whether he can be answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Sum

from handoff.console.origins import channel_words
from handoff.console.rows import fingerprint_of, reasons_of
from handoff.console.texts import CAN_ANSWER, CONTACT_ERASED, LEVELS, TALK_ENDED
from handoff.console.times import clock, how_long
from handoff.duty import is_away
from handoff.kinds import CaseKind, CaseState, Channel, Part
from handoff.models import (
    Attachment,
    AuditRow,
    Cadre,
    CallBack,
    Conversation,
    Message,
    Note,
    Participant,
    PendingMedia,
)
from handoff.screening.levels import Category, Level
from handoff.viewing import viewing_now
from handoff.windows import Standing, standing_of


@dataclass(frozen=True)
class CaseLine:
    """A case that belongs to the talk."""

    case_no: str
    kind_words: str
    state_words: str


@dataclass(frozen=True)
class Stand:
    """`key` names who may do what, `guide_key` what the guide is about: by them an open page notices what is stale.

    `holder_away`: the colleague who has the talk cannot be counted on any more; another may take over. `joined`: this
    cadre serves the worker beside the holder; `consulted`: was asked for advice.
    """

    key: str
    mine: bool
    joined: bool
    consulted: bool
    holder: str
    holder_away: bool
    held_clock: str
    waiting: str
    waiting_since: datetime | None
    heard_clock: str
    channel: str
    level: Level
    level_words: str
    reasons: tuple[str, ...]
    in_danger: bool
    categories: frozenset[str]
    guide_key: str
    standing: Standing
    can_answer: bool
    answer_words: str
    cases: tuple[CaseLine, ...]
    fingerprint: str

    @property
    def erased(self) -> bool:
        """Whether the contact's key is gone: nothing can be read or done any more."""
        return self.key.endswith("erased")

    @property
    def may_write(self) -> bool:
        """Whether this cadre's replies reach the worker."""
        return self.mine or self.joined


def stand_of(conversation: Conversation, cadre: Cadre, *, now: datetime) -> Stand:
    """All of it, from the row and its cases."""
    held, waiting, level = conversation.held_since, conversation.waiting_since, Level(conversation.level)
    standing = standing_of(conversation, now=now)
    can_answer, answer_words = reachable(conversation, standing)
    part = part_of(conversation, cadre)
    joined = part == Part.JOINED and conversation.holder_id is not None
    return Stand(
        key=("joined-" if joined else "") + _key(conversation, cadre, now=now),
        mine=conversation.holder_id == cadre.pk,
        joined=joined,
        consulted=part == Part.CONSULTED,
        holder=conversation.holder.display_name if conversation.holder else "",
        holder_away=_is_away(conversation.holder, now=now),
        held_clock=clock(held, now=now) if held else "",
        waiting=how_long(waiting, now=now) if waiting else "",
        waiting_since=waiting,
        heard_clock=clock(conversation.heard_at, now=now) if conversation.heard_at else "",
        channel=channel_words(conversation),
        level=level,
        level_words=LEVELS[level],
        reasons=tuple(reasons_of(conversation.categories)),
        in_danger=level in (Level.CRISIS, Level.DISTRESS),
        categories=frozenset(value for value in conversation.categories if value in set(Category)),
        guide_key=fingerprint_of([level.value, sorted(conversation.categories)]),
        standing=standing,
        can_answer=can_answer,
        answer_words=answer_words,
        cases=_cases(conversation),
        fingerprint=talk_fingerprint(conversation.pk, now=now),
    )


def reachable(conversation: Conversation, standing: Standing) -> tuple[bool, str]:
    """Whether the worker can be answered in his channel now, and the sentence that says so."""
    if conversation.contact.erased_at is not None:
        return False, CONTACT_ERASED
    if conversation.closed_at is not None:
        return False, TALK_ENDED
    if not standing.reach.arrives:
        return False, standing.short
    return True, CAN_ANSWER[Channel(conversation.channel)]


def part_of(conversation: Conversation, cadre: Cadre) -> Part | None:
    """How this cadre takes part at present, beside the holder."""
    row = conversation.participants.filter(cadre=cadre, ended_at__isnull=True).first()
    return Part(row.part) if row is not None else None


def talk_fingerprint(conversation_id: int, *, now: datetime) -> str:
    """Changes when the talk or its state would look different, also when who has it goes away without a word."""
    holder = Cadre.objects.select_related("user").filter(held=conversation_id).first()
    row = (
        Conversation.objects.filter(pk=conversation_id)
        .values_list(
            "holder_id",
            "held_since",
            "waiting_since",
            "level",
            "categories",
            "alarmed_at",
            "acknowledged_at",
            "closed_at",
            "contact__erased_at",
            "flags",
            "urgent",
            "headcount",
            "department_id",
            "assigned_to_id",
            "words_due_at",
            "window_used",
        )
        .first()
    )
    said = Message.objects.filter(conversation_id=conversation_id)
    moved = said.aggregate(
        last=Max("pk"), changed=Max("delivery_changed_at"), tried=Sum("attempts"), parts=Sum("parts_sent")
    )
    around = [*_around(conversation_id, now=now), _files(conversation_id), _reach(conversation_id, now=now)]
    return fingerprint_of([row, moved, _is_away(holder, now=now), around])


def _around(conversation_id: int, *, now: datetime) -> list[object]:
    """What colleagues do on the talk: who looks and takes part, notes and calls, and who must not read it."""
    taking = Participant.objects.filter(conversation_id=conversation_id)
    notes = Note.objects.filter(conversation_id=conversation_id)
    calls = CallBack.objects.filter(conversation_id=conversation_id)
    return [
        viewing_now(conversation_id, now=now),
        taking.aggregate(last=Max("pk"), ended=Count("ended_at")),
        notes.aggregate(last=Max("pk"), read=Count("read_at")),
        calls.aggregate(last=Max("pk"), settled=Count("settled_at"), due=Max("due_from")),
        Conversation.kept_from.through.objects.filter(conversation_id=conversation_id).count(),
        AuditRow.objects.filter(subject=f"conversation:{conversation_id}").aggregate(last=Max("pk")),
    ]


def _files(conversation_id: int) -> list[object]:
    """What has come of what the platform holds for us."""
    pending = PendingMedia.objects.filter(message__conversation_id=conversation_id)
    return [
        Attachment.objects.filter(message__conversation_id=conversation_id).count(),
        pending.aggregate(all=Count("pk"), tried=Sum("attempts"), going=Count("next_at"), failed=Count("failed_at")),
    ]


def _reach(conversation_id: int, *, now: datetime) -> list[object]:
    """Whether a reply arrives, until when: that also changes by itself, when a window closes."""
    conversation = Conversation.objects.filter(pk=conversation_id).first()
    if conversation is None:
        return []
    standing = standing_of(conversation, now=now)
    return [standing.reach, standing.left, standing.until]


def _is_away(holder: Cadre | None, *, now: datetime) -> bool:
    return holder is not None and is_away(holder, now=now)


def _key(conversation: Conversation, cadre: Cadre, *, now: datetime) -> str:
    erased = "erased" if conversation.contact.erased_at else "kept"
    if conversation.holder_id is None:
        return f"free-{erased}"
    if conversation.holder_id == cadre.pk:
        return f"mine-{erased}"
    there = "away" if _is_away(conversation.holder, now=now) else "there"
    return f"held-{conversation.holder_id}-{there}-{erased}"


def _cases(conversation: Conversation) -> tuple[CaseLine, ...]:
    own = conversation.cases.filter(organisation_id=conversation.organisation_id).order_by("-opened_at", "-pk")
    return tuple(CaseLine(case.case_no, CaseKind(case.kind).label, CaseState(case.state).label) for case in own)
