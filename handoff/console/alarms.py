"""Alarms: shown on every page of the console until somebody says that they have seen them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from handoff.console.access import access_talk, for_cadres
from handoff.console.rows import alarms_fingerprint, ringing_talks
from handoff.desk import acknowledge
from handoff.models import Cadre


def alarm_parts(cadre: Cadre, *, now: datetime, here: int = 0) -> dict[str, Any]:
    """What the alarm cards need; `here` is the talk whose page shows them."""
    fingerprint = alarms_fingerprint(cadre.organisation_id)  # before the rows: at worst they are fetched once more
    return {"ringing": ringing_talks(cadre, now=now), "alarms_fingerprint": fingerprint, "here": here}


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
