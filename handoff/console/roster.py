"""The page of the roster: the week, its lines and absences. All cadres see it, leads change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from handoff.console.access import for_cadres
from handoff.console.alarms import alarm_parts
from handoff.console.duty_texts import ROSTER_NOTICES, ROSTER_PROBLEMS
from handoff.console.roster_forms import AbsenceForm, LineForm
from handoff.console.roster_view import DAYS, absences_of, lines_of, monday_of, week_of
from handoff.kinds import DayKind
from handoff.models import Cadre, RosterLine
from handoff.readers import is_lead
from handoff.roster import has_roster, local_zone
from handoff.roster_changes import (
    LineNotFound,
    NotAllowed,
    UnfitLine,
    add_absence,
    add_line,
    change_line,
    remove_absence,
    remove_line,
)


def for_leads(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call the view for duty leads and supervisors; others, and lines of other unions, meet 404."""

    @wraps(view)
    def guarded(request: HttpRequest, cadre: Cadre, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_lead(cadre):
            raise Http404
        try:
            return view(request, cadre, *args, **kwargs)
        except (NotAllowed, LineNotFound) as error:
            raise Http404 from error

    return guarded


@require_GET
@for_cadres
def roster(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """One week of the roster, with its lines and absences."""
    return _page(request, cadre)


@require_POST
@for_cadres
@for_leads
def new_line(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """「排上」."""
    form = LineForm(request.POST, lead=cadre, auto_id="new-%s")
    if form.is_valid():
        try:
            add_line(cadre, form.new_line(), now=timezone.now())
        except UnfitLine as unfit:
            form.add_error(None, ROSTER_PROBLEMS[unfit.why])
        else:
            return _done(request, "line_added")
    return _page(request, cadre, line_form=form)


@require_POST
@for_cadres
@for_leads
def edit_line(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「改好了」."""
    form = LineForm(request.POST, lead=cadre, auto_id=f"line-{pk}-%s")
    if form.is_valid():
        try:
            change_line(cadre, pk, form.new_line(), now=timezone.now())
        except UnfitLine as unfit:
            form.add_error(None, ROSTER_PROBLEMS[unfit.why])
        else:
            return _done(request, "line_changed")
    return _page(request, cadre, changed=(pk, form))


@require_POST
@for_cadres
@for_leads
def drop_line(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「删掉」."""
    remove_line(cadre, pk, now=timezone.now())
    return _done(request, "line_removed")


@require_POST
@for_cadres
@for_leads
def new_absence(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """「记下请假」."""
    form = AbsenceForm(request.POST, lead=cadre, auto_id="away-%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            add_absence(cadre, given["cadre"], given["from_on"], given["until_on"], now=timezone.now())
        except UnfitLine as unfit:
            form.add_error(None, ROSTER_PROBLEMS[unfit.why])
        else:
            return _done(request, "absence_added")
    return _page(request, cadre, absence_form=form)


@require_POST
@for_cadres
@for_leads
def drop_absence(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「销假」."""
    remove_absence(cadre, pk, now=timezone.now())
    return _done(request, "absence_removed")


def _done(request: HttpRequest, notice: str) -> HttpResponse:
    messages.success(request, ROSTER_NOTICES[notice])
    return redirect("console:roster")


def _page(
    request: HttpRequest,
    cadre: Cadre,
    *,
    line_form: LineForm | None = None,
    absence_form: AbsenceForm | None = None,
    changed: tuple[int, LineForm] | None = None,
) -> HttpResponse:
    now = timezone.now()
    first, lead = _first_day(request, now=now), is_lead(cadre)
    days = week_of(cadre.organisation, first=first, now=now)
    cards = lines_of(cadre.organisation, now=now)
    parts = {
        **alarm_parts(cadre, now=now),
        "cadre": cadre,
        "now": now,
        "lead": lead,
        "days": days,
        "provisional": any(day.provisional for day in days),
        "earlier": first - timedelta(days=DAYS),
        "later": first + timedelta(days=DAYS),
        "lines": [(card, _line_form(cadre, card.line, changed) if lead else None) for card in cards],
        "open_line": changed[0] if changed else 0,
        "has_roster": has_roster(cadre.organisation),
        "absences": absences_of(cadre.organisation, now=now),
        "line_form": line_form or LineForm(lead=cadre, auto_id="new-%s", initial=_first_guess(now)),
        "absence_form": absence_form or AbsenceForm(lead=cadre, auto_id="away-%s"),
    }
    return render(request, "console/roster.html", parts)


def _line_form(cadre: Cadre, line: RosterLine, changed: tuple[int, LineForm] | None) -> LineForm:
    if changed is not None and changed[0] == line.pk:
        return changed[1]
    return LineForm(lead=cadre, initial=LineForm.initial_of(line), auto_id=f"line-{line.pk}-%s")


def _first_guess(now: datetime) -> dict[str, Any]:
    return {"valid_from": _today(now), "day_kind": DayKind.WORKDAYS.value}


def _first_day(request: HttpRequest, *, now: datetime) -> date:
    """The Monday of the week asked for; anything that is no date means this week."""
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        asked = _today(now)
    near = abs((asked - _today(now)).days) < 3660
    return monday_of(asked if near else _today(now))


def _today(now: datetime) -> date:
    return timezone.localtime(now, local_zone()).date()
