"""All fixed words as a worker here would read them, for cadres and professionals; an approval is recorded there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from handoff import texts
from handoff.approval import ApprovalRefused, approval_of, record_approval, words_digest
from handoff.console.access import for_cadres
from handoff.console.alarms import alarm_parts
from handoff.console.words_texts import APPROVAL_FORM, APPROVAL_REFUSED, DEPARTMENT_HERE, RECORDED, WORDS
from handoff.duty import next_seen_at
from handoff.kinds import CadreRole
from handoff.models import Cadre, Organisation
from handoff.words import HotlineView, words_named


@dataclass(frozen=True)
class Shown:
    """One text as it reads here; `with_woman` where it differs while a woman cadre is there."""

    name: str
    title: str
    said_when: str
    on_duty: str
    off_duty: str
    with_woman: str


@require_GET
@for_cadres
def words(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """All texts, and whether they are drafts."""
    return render(request, "console/words.html", _parts(cadre, now=timezone.now()))


@require_POST
@for_cadres
def approve(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """Record an approval; 400 with the page and one sentence where that cannot be."""
    now, posted = timezone.now(), request.POST
    approved_on = _day(posted.get("approved_on", ""))
    problem = _problem(request, approved_on)
    if not problem and approved_on is not None:
        try:
            approval = record_approval(
                cadre.organisation, cadre, approved_by=posted.get("approved_by", ""), approved_on=approved_on, now=now
            )
        except ApprovalRefused as refused:
            problem = APPROVAL_REFUSED[type(refused)]
        else:
            said = RECORDED.format(approved_by=approval.approved_by, approved_on=date_format(approved_on))
            messages.success(request, said)
            return redirect("console:words")
    parts = _parts(cadre, now=now) | {"problem": problem, "written": posted}
    return render(request, "console/words.html", parts, status=400)


def hotlines_here(union: Organisation) -> list[HotlineView]:
    """The union's numbers, in their order."""
    return [
        HotlineView(number=line.number, name=line.name, hours=line.hours, purpose=line.purpose, dial=line.dial)
        for line in union.hotlines.all()
    ]


def _parts(cadre: Cadre, *, now: datetime) -> dict[str, object]:
    union = cadre.organisation
    return {
        "cadre": cadre,
        "now": now,
        "shown": _shown(union, now=now),
        "approval": approval_of(union),
        "digest": words_digest(),
        "drafted_on": texts.DRAFTED_ON,
        "today": timezone.localdate(now),
        "may_approve": cadre.role == CadreRole.SUPERVISOR,
        **alarm_parts(cadre, now=now),
        "unverified": union.hotlines.filter(verified_on__isnull=True).exists(),
    }


def _shown(union: Organisation, *, now: datetime) -> list[Shown]:
    lines, seen_at = hotlines_here(union), next_seen_at(union, now=now)
    department = DEPARTMENT_HERE if union.departments.exists() else ""

    def said(name: str, *, on_duty: bool, woman: bool = False) -> str:
        return words_named(
            name, on_duty=on_duty, hotlines=lines, seen_at=seen_at, department=department, woman_on_duty=woman
        ).text

    shown = []
    for name in texts.TEXTS:
        title, said_when = WORDS[name]
        plain, with_woman = said(name, on_duty=True), said(name, on_duty=True, woman=True)
        differs = with_woman if with_woman != plain else ""
        shown.append(Shown(name, title, said_when, plain, said(name, on_duty=False), differs))
    return shown


def _problem(request: HttpRequest, approved_on: date | None) -> str:
    if request.POST.get("digest") != words_digest():
        return APPROVAL_FORM["changed"]
    if approved_on is None:
        return APPROVAL_FORM["no_date"]
    return "" if request.POST.get("checked") else APPROVAL_FORM["not_confirmed"]


def _day(written: str) -> date | None:
    try:
        return parse_date(written)
    except ValueError:
        return None
