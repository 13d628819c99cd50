"""Alarms: shown on every page of the console until somebody says that they have seen them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from handoff.chain import Step
from handoff.chain_ends import chain_end_of
from handoff.console.access import access_talk, for_cadres
from handoff.console.rows import alarms_fingerprint, ringing_talks
from handoff.desk import acknowledge
from handoff.models import Cadre, Conversation
from handoff.screening.levels import Level


def alarm_parts(cadre: Cadre, *, now: datetime, here: int = 0) -> dict[str, Any]:
    """What the alarm cards need; `here` is the talk whose page shows them."""
    fingerprint = alarms_fingerprint(cadre.organisation_id)  # before the rows: at worst they are fetched once more
    ringing = ringing_talks(cadre, now=now)
    parts = {"ringing": ringing, "alarms_fingerprint": fingerprint, "here": here}
    return parts | end_parts(cadre, [row.pk for row in ringing])


def end_parts(cadre: Cadre, ringing: list[int]) -> dict[str, Any]:
    """Which of these alarms have come to the end of their chain, and who is to be telephoned to then."""
    end = chain_end_of(cadre.organisation)
    at_the_end = Conversation.objects.filter(pk__in=ringing, alarm_step__gte=Step.END, level=Level.CRISIS.value)
    return {
        "chain_end": end,
        "chain_end_dial": "".join(sign for sign in end.phone if sign.isdecimal() or sign == "+") if end else "",
        "at_the_end": set(at_the_end.values_list("pk", flat=True)),
    }


@require_GET
@for_cadres
def alarms(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """The alarm cards alone, for a page that is open."""
    return _cards(request, cadre)


@require_POST
@for_cadres
def acknowledge_alarm(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「我看到了」: sound and colour stop for everybody."""
    access_talk(cadre, pk)
    acknowledge(pk, cadre, now=timezone.now())
    if request.headers.get("HX-Request") == "true":
        return _cards(request, cadre)
    return redirect("console:talk", pk)


def _cards(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    here = request.POST.get("here") or request.GET.get("here") or "0"
    parts = alarm_parts(cadre, now=timezone.now(), here=int(here) if here.isdecimal() else 0)
    return render(request, "console/_alarms.html", parts)
