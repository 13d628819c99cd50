"""Calls, sheets and the broken glass on a talk's page, and how many calls are due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone

from handoff.callbacks import for_this_cadre, open_calls
from handoff.console.call_form import CallForm
from handoff.console.callbacks import CallRow, call_row
from handoff.console.reach import known_number
from handoff.console.sheets import ClockLine, SheetLine, clock_lines, kinds_for, sheet_lines
from handoff.glass import may_ask, open_glass, pending_glass
from handoff.kinds import CallBackState, SheetKind
from handoff.lights import Light
from handoff.models import BreakGlass, Cadre, Conversation
from handoff.readers import is_lead

register = template.Library()


@dataclass(frozen=True)
class CallCount:
    """How many calls are due today or late, of those this cadre may see."""

    due: int
    late: int


@dataclass(frozen=True)
class Board:
    """The sheets of a talk."""

    kinds: list[SheetKind]
    clocks: list[ClockLine]
    sheets: list[SheetLine]


@dataclass(frozen=True)
class GlassStand:
    """`shown`: there is ground to look, or somebody may look. `reason`: why it was asked for, for the second person."""

    shown: bool
    opened: BreakGlass | None = None
    waits: BreakGlass | None = None
    reason: str = ""
    mine: bool = False
    alone: bool = False


@register.simple_tag
def due_calls(cadre: Cadre | None) -> CallCount:
    """For the link to the list of calls; nothing for an account without a cadre."""
    if cadre is None:
        return CallCount(due=0, late=0)
    now = timezone.now()
    rows = [call_row(call, now=now) for call in for_this_cadre(cadre, open_calls(cadre))]
    late = sum(row.light is Light.RED for row in rows)
    return CallCount(due=sum(row.light is not Light.GREEN for row in rows), late=late)


@register.simple_tag
def calls_of_talk(conversation: Conversation) -> list[CallRow]:
    """The open calls of a talk."""
    if conversation.contact.erased_at is not None:
        return []
    now = timezone.now()
    calls = conversation.call_backs.filter(state=CallBackState.OPEN).select_related("conversation")
    return [call_row(call, now=now) for call in calls]


@register.simple_tag
def new_call_form(conversation: Conversation, form: Any = None) -> CallForm:
    """An empty form, or the one that came back."""
    return form if isinstance(form, CallForm) else CallForm(now=timezone.now(), known=known_number(conversation))


@register.simple_tag
def sheet_board(conversation: Conversation) -> Board:
    """Links, clocks and what has been begun."""
    if conversation.contact.erased_at is not None:
        return Board([], [], [])
    now = timezone.now()
    return Board(kinds_for(conversation), clock_lines(conversation, now=now), sheet_lines(conversation, now=now))


@register.simple_tag
def glass_stand(conversation: Conversation, cadre: Cadre) -> GlassStand:
    """Whether this cadre may ask, confirm or look."""
    if conversation.contact.erased_at is not None:
        return GlassStand(shown=False)
    now = timezone.now()
    opened, waits = open_glass(conversation, now=now), pending_glass(conversation, now=now)
    return GlassStand(
        shown=may_ask(conversation) or opened is not None,
        opened=opened,
        waits=waits,
        reason=waits.reason if waits else "",
        mine=waits is not None and waits.asked_by_id == cadre.pk,
        alone=is_lead(cadre),
    )
