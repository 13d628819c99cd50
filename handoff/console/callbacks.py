"""Calls that are to be made: the list, one call with its number, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handoff.call_outcomes import CallSettled, OnlyForLeads, cancel_call, give_up, not_reached, reached
from handoff.call_texts import SURNAME_ONLY, UNION_CALLS
from handoff.callbacks import (
    access_call,
    book,
    call_light,
    for_this_cadre,
    is_for_lead,
    may_give_up,
    note_reading_number,
    open_calls,
    tell_agreed,
)
from handoff.console.access import access_talk, for_cadres
from handoff.console.call_form import CallForm
from handoff.console.care_texts import (
    CALL_LIGHTS,
    DAY,
    DAYS,
    FLAG_ORDERS,
    FOR_LEAD,
    FOR_ME,
    INTRODUCE,
    NOTICES,
    SPAN,
    WEEKDAYS,
)
from handoff.console.reach import known_number
from handoff.encryption import ContactErased, Unreadable
from handoff.kinds import CallBackReason, CallBackState
from handoff.lights import Light
from handoff.models import Cadre, CallBack, Conversation

LONGEST_NOTE = 500


@dataclass(frozen=True)
class CallRow:
    """One call in the list: nothing of what it is about."""

    pk: int
    number: str
    reason: str
    when: str
    light: Light
    light_words: str
    tried: int
    for_lead: bool


@dataclass(frozen=True)
class CallSheet:
    """One call on its page. `orders`: what the worker asked for and must be kept to."""

    row: CallRow
    talk: Conversation
    phone: str
    wished: str
    introduce: str
    about: str
    orders: tuple[str, ...]
    open: bool


@require_GET
@for_cadres
def calls(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """After three tries what is to be decided; then late ones, what is due today, and later."""
    now = timezone.now()
    return render(request, "console/calls.html", {"cadre": cadre, "now": now, **_listed(cadre, now=now)})


@require_GET
@for_cadres
def calls_list(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """The list alone, for a page that is open."""
    return render(request, "console/_calls.html", _listed(cadre, now=timezone.now()))


@require_GET
@for_cadres
def call(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """The number with all that must be kept to; each look is an audit row."""
    now = timezone.now()
    found = access_call(cadre, pk)
    shown = _sheet(found, cadre, now=now)
    with transaction.atomic():
        note_reading_number(found, cadre, now=now)
    decides = may_give_up(cadre, found)
    parts = {"cadre": cadre, "now": now, "call": shown, "decides": decides, "longest": LONGEST_NOTE}
    return render(request, "console/call.html", parts)


@require_POST
@for_cadres
def call_reached(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「打通了」."""
    note = _note(request)
    return _settled(request, lambda now: reached(pk, cadre, note=note, now=now), notice="reached", cadre=cadre)


@require_POST
@for_cadres
def call_missed(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「没打通」."""
    return _settled(request, lambda now: not_reached(pk, cadre, now=now), notice="missed", cadre=cadre)


@require_POST
@for_cadres
def call_given_up(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """The lead, or who stands in for one: nobody could be reached."""
    note = _note(request)
    return _settled(request, lambda now: give_up(pk, cadre, note=note, now=now), notice="gave_up", cadre=cadre)


@require_POST
@for_cadres
def call_cancelled(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「取消」."""
    return _settled(request, lambda now: cancel_call(pk, cadre, now=now), notice="cancelled", cadre=cadre)


@require_http_methods(["GET", "POST"])
@for_cadres
def book_call(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """Book a call by hand; a form that cannot be taken comes back with what was written."""
    now = timezone.now()
    conversation = access_talk(cadre, pk)
    known = known_number(conversation)
    form = CallForm(request.POST if request.method == "POST" else None, now=now, known=known)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            locked = Conversation.locked(conversation.pk)
            booked = book(locked, form.agreed, slot=form.slot, cadre=cadre, now=now)
            tell_agreed(booked, now=now)
        messages.success(request, NOTICES["booked"])
        return redirect("console:talk", pk)
    parts = {"cadre": cadre, "now": now, "talk": conversation, "call_form": form}
    return render(request, "console/book_call.html", parts, status=400 if form.is_bound else 200)


def call_row(call: CallBack, *, now: datetime, decides: bool = False) -> CallRow:
    """One call as the list shows it. `decides`: who looks decides what is done after three tries."""
    light, for_lead = call_light(call, now=now), is_for_lead(call)
    return CallRow(
        pk=call.pk,
        number=call.conversation.number,
        reason=CallBackReason(call.reason).label,
        when=span(call, now=now),
        light=light,
        light_words=(FOR_ME if decides else FOR_LEAD) if for_lead else CALL_LIGHTS[light],
        tried=call.tried,
        for_lead=for_lead,
    )


def span(call: CallBack, *, now: datetime) -> str:
    """When a call is due, in words."""
    starts, ends = timezone.localtime(call.due_from), timezone.localtime(call.due_until)
    ahead = (starts.date() - timezone.localtime(now).date()).days
    name = DAYS.get(ahead, WEEKDAYS[starts.weekday()])
    day = DAY.format(name=f"{name} ", month=starts.month, day=starts.day)
    return SPAN.format(day=day, starts=starts.strftime("%H:%M"), ends=ends.strftime("%H:%M"))


def _listed(cadre: Cadre, *, now: datetime) -> dict[str, list[CallRow]]:
    calls = for_this_cadre(cadre, open_calls(cadre))
    own = [call_row(call, now=now, decides=True) for call in calls]
    today = timezone.localtime(now).date()
    due = {call.pk for call in calls if timezone.localtime(call.due_from).date() <= today}
    return {
        "for_lead": [row for row in own if row.for_lead],
        "late": [row for row in own if row.light is Light.RED and not row.for_lead],
        "today": [row for row in own if row.light is not Light.RED and row.pk in due],
        "later": [row for row in own if row.light is not Light.RED and row.pk not in due],
    }


def _sheet(call: CallBack, cadre: Cadre, *, now: datetime) -> CallSheet:
    """Raises ContactErased."""
    try:
        details = call.details
    except Unreadable as error:
        raise ContactErased(str(call.pk)) from error
    said_as = details.get("said_as", "")
    kind = {UNION_CALLS: "union", SURNAME_ONLY: "surname"}.get(said_as, "own")
    flags = [flag for flag in FLAG_ORDERS if flag in call.conversation.flags]
    if details.get("voicemail") == "no" and "no_voicemail" not in flags:
        flags.append("no_voicemail")
    return CallSheet(
        row=call_row(call, now=now, decides=may_give_up(cadre, call)),
        talk=call.conversation,
        phone=details["phone"],
        wished=details.get("when", ""),
        introduce=INTRODUCE[kind].format(name=cadre.display_name, said_as=said_as),
        about=details.get("about", ""),
        orders=tuple(FLAG_ORDERS[flag] for flag in flags),
        open=call.state == CallBackState.OPEN,
    )


def _settled(
    request: HttpRequest, settle: Callable[[datetime], CallBack], *, notice: str, cadre: Cadre
) -> HttpResponse:
    now = timezone.now()
    try:
        call = settle(now)
    except CallSettled:
        messages.info(request, NOTICES["settled"])
        return redirect("console:calls")
    except OnlyForLeads:
        messages.error(request, NOTICES["only_leads"])
        return redirect("console:calls")
    if notice == "missed" and is_for_lead(call):
        notice = "missed_for_me" if may_give_up(cadre, call) else "missed_for_lead"
    messages.success(request, NOTICES[notice].format(number=call.conversation.number, again=span(call, now=now)))
    return redirect("console:calls")


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "").strip()[:LONGEST_NOTE]
