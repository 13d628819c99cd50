"""The list of talks that need somebody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from handoff.console.access import for_cadres, reading_cadre, to_sign_in
from handoff.console.alarms import alarm_parts
from handoff.console.rows import list_talks
from handoff.models import Cadre


@require_GET
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """The console's first page; accounts that may not read talks are led to the system's state."""
    if not request.user.is_authenticated:
        return to_sign_in(request)
    cadre = reading_cadre(request.user)
    if cadre is None:
        return redirect("console:state")
    now = timezone.now()
    parts = {"cadre": cadre, "now": now, "listing": list_talks(cadre, now=now), **alarm_parts(cadre, now=now)}
    return render(request, "console/queue.html", parts)


@require_GET
@for_cadres
def queue_list(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """The list alone, for a page that is open."""
    now = timezone.now()
    return render(request, "console/_queue.html", {"now": now, "listing": list_talks(cadre, now=now)})
