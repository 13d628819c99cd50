"""The sheets of a talk: filled in beforehand, changed, told, sent, printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from handoff.console.access import access_talk, for_cadres
from handoff.console.care_texts import CLOCK_ADVICE, LIGHTS, NOTICES
from handoff.console.times import clock, how_long
from handoff.kinds import SheetKind
from handoff.lights import Light
from handoff.models import Cadre, Conversation, Sheet
from handoff.sheet_clocks import SheetClock
from handoff.sheet_texts import CLOCKS, FIELDS_OF, LONG_FIELDS
from handoff.sheets import (
    LONGEST_FIELD,
    LONGEST_TO,
    FirstComesFirst,
    NameTooLong,
    NothingWritten,
    SheetSent,
    clocks_of,
    current,
    filled,
    is_collective,
    mark_sent,
    note_reading,
    save_sheet,
    tell_by_telephone,
    told_of,
)


@dataclass(frozen=True)
class FieldLine:
    """One field of a sheet as it stands on the page."""

    name: str
    label: str
    value: str
    long: bool


@dataclass(frozen=True)
class ClockLine:
    """One clock in words."""

    label: str
    advice: str
    light: Light
    light_words: str
    due: str
    done: str
    left: str
    kept_late: bool


@dataclass(frozen=True)
class SheetLine:
    """A sheet that has been begun."""

    kind: str
    label: str
    number: int
    sent: str
    sent_to: str


@require_http_methods(["GET", "POST"])
@for_cadres
def sheet(request: HttpRequest, cadre: Cadre, pk: int, kind: str) -> HttpResponse:
    """The sheet to be changed; a new one is filled in from the talk."""
    now, wanted = timezone.now(), _kind(kind)
    conversation = access_talk(cadre, pk)
    if request.method == "POST":
        return _save(request, conversation, wanted, cadre, now=now)
    return _page(request, conversation, wanted, cadre, now=now)


@require_POST
@for_cadres
def sheet_gone(request: HttpRequest, cadre: Cadre, pk: int, kind: str) -> HttpResponse:
    """「已电话报告」 or 「已报出」, to whom."""
    now, wanted = timezone.now(), _kind(kind)
    conversation = access_talk(cadre, pk)
    held = current(conversation, wanted)
    if held is None:
        raise Http404
    by_telephone = request.POST.get("how") == "telephone"
    mark = tell_by_telephone if by_telephone else mark_sent
    try:
        mark(held.pk, request.POST.get("to", ""), cadre=cadre, now=now)
        messages.success(request, NOTICES["told" if by_telephone else "sent"])
    except SheetSent:
        messages.info(request, NOTICES["sheet_sent"])
    except NameTooLong:
        messages.error(request, NOTICES["name_too_long"].format(most=LONGEST_TO))
    except NothingWritten:
        messages.error(request, NOTICES["nothing_written"])
    return redirect("console:sheet", pk, kind)


@require_GET
@for_cadres
def sheet_print(request: HttpRequest, cadre: Cadre, pk: int, kind: str, number: int) -> HttpResponse:
    """One page to be printed or read out over the telephone; each look is an audit row."""
    now, wanted = timezone.now(), _kind(kind)
    conversation = access_talk(cadre, pk)
    held = Sheet.objects.filter(conversation=conversation, kind=wanted, number=number).select_related("made_by").first()
    if held is None:
        raise Http404
    held.conversation = conversation
    with transaction.atomic():
        note_reading(held, cadre, now=now)
    parts = {
        "talk": conversation,
        "cadre": cadre,
        "sheet": held,
        "label": wanted.label,
        "fields": _lines(wanted, held.fields),
        "union": conversation.organisation.name,
        "told": told_of(held),
    }
    return render(request, "console/sheet_print.html", parts)


def clock_lines(conversation: Conversation, *, now: datetime) -> list[ClockLine]:
    """The clocks of a collective matter in words."""
    return [_clock_line(item, now=now) for item in clocks_of(conversation, now=now)]


def sheet_lines(conversation: Conversation, *, now: datetime) -> list[SheetLine]:
    """The sheets that have been begun, oldest first."""
    rows = Sheet.objects.filter(conversation=conversation).only("kind", "number", "sent_at", "sent_to")
    return [
        SheetLine(
            kind=row.kind,
            label=SheetKind(row.kind).label,
            number=row.number,
            sent=clock(row.sent_at, now=now) if row.sent_at else "",
            sent_to=row.sent_to,
        )
        for row in rows
    ]


def kinds_for(conversation: Conversation) -> list[SheetKind]:
    """Which sheets make sense for a talk: 110 always, the others for a matter of many."""
    return list(SheetKind) if is_collective(conversation) else [SheetKind.POLICE]


def _page(
    request: HttpRequest, conversation: Conversation, kind: SheetKind, cadre: Cadre, *, now: datetime
) -> HttpResponse:
    held = current(conversation, kind)
    told = told_of(held) if held else None
    parts: dict[str, Any] = {
        "cadre": cadre,
        "now": now,
        "talk": conversation,
        "kind": kind.value,
        "label": kind.label,
        "sheet": held,
        "fields": _lines(kind, held.fields if held else filled(conversation, kind, now=now)),
        "told_to": told.to if told else "",
        "told_clock": clock(told.at, now=now) if told else "",
        "sent_clock": clock(held.sent_at, now=now) if held and held.sent_at else "",
        "clocks": clock_lines(conversation, now=now) if kind != SheetKind.POLICE else [],
        "others": sheet_lines(conversation, now=now),
        "longest": LONGEST_FIELD,
        "longest_to": LONGEST_TO,
    }
    return render(request, "console/sheet.html", parts)


def _save(
    request: HttpRequest, conversation: Conversation, kind: SheetKind, cadre: Cadre, *, now: datetime
) -> HttpResponse:
    try:
        save_sheet(conversation.pk, kind, request.POST.dict(), cadre=cadre, now=now)
        messages.success(request, NOTICES["saved"])
    except SheetSent:
        messages.info(request, NOTICES["sheet_sent"])
    except NothingWritten:
        messages.error(request, NOTICES["nothing_written"])
    except FirstComesFirst:
        messages.error(request, NOTICES["first_first"])
    return redirect("console:sheet", conversation.pk, kind.value)


def _clock_line(item: SheetClock, *, now: datetime) -> ClockLine:
    return ClockLine(
        label=CLOCKS[item.name],
        advice=CLOCK_ADVICE[item.name],
        light=item.light,
        light_words=LIGHTS[item.light],
        due=clock(item.due_at, now=now),
        done=clock(item.done_at, now=now) if item.done_at else "",
        left=how_long(min(now, item.due_at), now=max(now, item.due_at)),
        kept_late=item.late and item.done_at is not None,
    )


def _lines(kind: SheetKind, fields: dict[str, str]) -> list[FieldLine]:
    return [
        FieldLine(name, label, fields.get(name, ""), name in LONG_FIELDS) for name, label in FIELDS_OF[kind].items()
    ]


def _kind(value: str) -> SheetKind:
    if value not in set(SheetKind):
        raise Http404
    return SheetKind(value)
