"""The broken glass in the console: ask, confirm, look."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from handoff.console.access import access_talk, for_cadres
from handoff.console.care_texts import NOTICES, TELL_AFTER
from handoff.console.times import clock
from handoff.glass import (
    LASTS,
    GlassClosed,
    NotInDanger,
    ReasonTooShort,
    SamePerson,
    ask,
    confirm,
    open_glass,
    reveal,
)
from handoff.models import Cadre


@require_GET
@for_cadres
def glass(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """What is known of the person; each look is an audit row."""
    now = timezone.now()
    conversation = access_talk(cadre, pk)
    try:
        revealed = reveal(pk, cadre, now=now)
    except GlassClosed:
        messages.error(request, NOTICES["glass_closed"])
        return redirect("console:talk", pk)
    opened = open_glass(conversation, now=now)
    until = clock(opened.confirmed_at + LASTS, now=now) if opened and opened.confirmed_at else ""
    parts = {
        "cadre": cadre,
        "now": now,
        "talk": conversation,
        "revealed": revealed,
        "until": until,
        "tell_after": TELL_AFTER,
    }
    return render(request, "console/glass.html", parts)


@require_POST
@for_cadres
def ask_glass(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「紧急查看」 with a reason; for a lead it opens at once."""
    access_talk(cadre, pk)
    try:
        asked = ask(pk, cadre, request.POST.get("reason", ""), now=timezone.now())
    except NotInDanger:
        return _refused(request, pk, "not_in_danger")
    except ReasonTooShort:
        return _refused(request, pk, "reason_short")
    if asked.confirmed_at is not None:
        messages.success(request, NOTICES["glass_open"])
        return redirect("console:glass", pk)
    messages.info(request, NOTICES["glass_asked"])
    return redirect("console:talk", pk)


@require_POST
@for_cadres
def confirm_glass(request: HttpRequest, cadre: Cadre, pk: int, glass_id: int) -> HttpResponse:
    """「我也同意」: the second person."""
    if not access_talk(cadre, pk).broken_glass.filter(pk=glass_id).exists():
        raise Http404
    try:
        confirm(glass_id, cadre, now=timezone.now())
    except NotInDanger:
        return _refused(request, pk, "not_in_danger")
    except SamePerson:
        return _refused(request, pk, "same_person")
    except GlassClosed:
        return _refused(request, pk, "glass_closed")
    messages.success(request, NOTICES["glass_open"])
    return redirect("console:glass", pk)


def _refused(request: HttpRequest, pk: int, why: str) -> HttpResponse:
    messages.error(request, NOTICES[why])
    return redirect("console:talk", pk)
