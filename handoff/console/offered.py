"""What a cadre may do with a talk beside answering: each act with what there is to choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handoff.cases import OPEN_STATES
from handoff.closing import must_stay_open
from handoff.console.rows import fingerprint_of
from handoff.console.stand import Stand
from handoff.console.talk_texts import OUTCOME_HINTS
from handoff.kinds import CadreRole, CallBackState, DepartmentKind, Outcome
from handoff.lanes import words_again
from handoff.models import Cadre, CallBack, Conversation, Department
from handoff.readers import is_lead, present_readers
from handoff.screening.levels import Category, Level


@dataclass(frozen=True)
class Choice:
    """One line of a list to choose from."""

    value: str
    words: str


@dataclass(frozen=True)
class Offered:
    """The acts. `key` changes when their forms would look different; `words`: the fixed words that one key sends."""

    key: str
    refer_to: tuple[Choice, ...]
    up: bool
    consult: tuple[Choice, ...]
    keep_from: tuple[Choice, ...]
    readmit: tuple[Choice, ...]
    assign_to: tuple[Choice, ...]
    unassign: bool
    outcomes: tuple[Choice, ...]
    join: bool
    leave: bool
    release: bool
    asks_for_call: bool
    has_call: bool
    case_open: bool
    words: str


def offered(conversation: Conversation, cadre: Cadre, stand: Stand, *, now: datetime) -> Offered:
    """All of it for this cadre, as the desk would allow it now."""
    waits = stand.waiting_since is not None
    passable = stand.mine or (waits and is_lead(cadre))
    held_by_other = bool(stand.holder) and not stand.mine
    in_crisis = Level(conversation.level) == Level.CRISIS
    parts = {
        "refer_to": _departments(conversation) if passable else (),
        "up": passable and conversation.organisation.parent_id is not None,
        "consult": _colleagues(conversation, except_pk=cadre.pk),
        "keep_from": _colleagues(conversation, except_pk=0),
        "readmit": _kept_away(conversation, except_pk=cadre.pk) if cadre.role == CadreRole.SUPERVISOR else (),
        "assign_to": _present(conversation, now=now) if waits and is_lead(cadre) else (),
        "unassign": waits and _may_take_back(conversation, cadre),
        "outcomes": _outcomes(conversation) if stand.mine else (),
        "join": held_by_other and not stand.joined,
        "leave": (stand.joined or stand.consulted) and not stand.mine,
        "release": stand.mine and (not in_crisis or _has_call(conversation) or conversation.alarm_rings),
        "asks_for_call": stand.in_danger,
        "has_call": _has_call(conversation),
        "case_open": in_crisis and conversation.cases.filter(state__in=OPEN_STATES).exists(),
    }
    words = words_again(conversation, now=now).text if stand.in_danger and stand.may_write else ""
    forms = {name: str(value) for name, value in parts.items() if name != "assign_to"}
    return Offered(key=fingerprint_of([forms, conversation.flags, words]), words=words, **parts)  # type: ignore[arg-type]


def _has_call(conversation: Conversation) -> bool:
    return CallBack.objects.filter(conversation=conversation, state=CallBackState.OPEN).exists()


def _may_take_back(conversation: Conversation, cadre: Cadre) -> bool:
    offered_to = conversation.assigned_to_id
    return offered_to is not None and (is_lead(cadre) or offered_to == cadre.pk)


def _departments(conversation: Conversation) -> tuple[Choice, ...]:
    """A complaint about a cadre or money goes to the discipline department, nowhere else."""
    others = Department.objects.filter(organisation_id=conversation.organisation_id)
    others = others.exclude(pk=conversation.department_id or 0)
    if Category.CADRE_OR_FUNDS.value in conversation.categories:
        others = others.filter(kind=DepartmentKind.DISCIPLINE)
    return tuple(Choice(str(department.pk), department.name) for department in others)


def _colleagues(conversation: Conversation, *, except_pk: int) -> tuple[Choice, ...]:
    kept_from = conversation.kept_from.values("pk")
    there = Cadre.objects.filter(organisation_id=conversation.organisation_id, user__is_active=True)
    there = there.exclude(role=CadreRole.OPERATOR).exclude(pk=except_pk).exclude(pk__in=kept_from)
    return tuple(Choice(str(pk), name) for pk, name in there.order_by("pk").values_list("pk", "display_name"))


def _kept_away(conversation: Conversation, *, except_pk: int) -> tuple[Choice, ...]:
    away = conversation.kept_from.exclude(pk=except_pk).order_by("pk")
    return tuple(Choice(str(pk), name) for pk, name in away.values_list("pk", "display_name"))


def _present(conversation: Conversation, *, now: datetime) -> tuple[Choice, ...]:
    there = present_readers(conversation, now=now)
    return tuple(Choice(str(cadre.pk), cadre.display_name) for cadre in there)


def _outcomes(conversation: Conversation) -> tuple[Choice, ...]:
    """That the worker no longer wants it is no outcome where it must stay open all the same."""
    stays = must_stay_open(conversation)
    return tuple(
        Choice(outcome.value, f"{outcome.label}（{OUTCOME_HINTS[outcome]}）")
        for outcome in Outcome
        if not (stays and outcome == Outcome.WITHDRAWN)
    )
