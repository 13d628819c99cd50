"""One talk: read it, take it over, answer, give it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_GET, require_POST

from handoff.audit import record
from handoff.console.access import access_talk, for_cadres
from handoff.console.alarms import alarm_parts
from handoff.console.lines import AT_ONCE, Line, has_lines_before, latest_lines, lines_after, recent_states
from handoff.console.stand import stand_of
from handoff.console.texts import NOTICES
from handoff.desk import AlreadyClaimed, NotHolder, claim_chat, release
from handoff.duty import mark_present
from handoff.kinds import AuditAction
from handoff.models import AuditRow, Cadre, Conversation

# A page that stays open reads on and on; one audit row stands for this long.
_ONE_READING = timedelta(minutes=10)


@require_GET
@for_cadres
def talk(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """The whole talk with who has it; the latest messages first, older ones on demand."""
    now = timezone.now()
    conversation = access_talk(cadre, pk)
    note_reading(cadre, conversation, now=now)
    stand = stand_of(conversation, cadre, now=now)
    lines = latest_lines(conversation, cadre, now=now)
    parts = {
        **_parts(conversation, cadre, lines),
        **alarm_parts(cadre, now=now, here=conversation.pk),
        "stand": stand,
        "now": now,
        "earlier": bool(lines) and has_lines_before(conversation, lines[0].pk),
        "hotlines": conversation.organisation.hotlines.all(),
    }
    return render(request, "console/talk.html", parts)


@require_GET
@for_cadres
def news(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """What is new since message `after`, for a page that is open; its buttons too when `stand` is out of date."""
    now, after = timezone.now(), _whole_number(request, "after")
    conversation = access_talk(cadre, pk)
    note_reading(cadre, conversation, now=now)
    stand = stand_of(conversation, cadre, now=now)
    known = request.GET.get("stand", "")
    if stand.key.endswith("erased") and not known.endswith("erased"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    lines = lines_after(conversation, cadre, after=after, now=now)
    parts = {
        **_parts(conversation, cadre, lines, after=after),
        "stand": stand,
        "now": now,
        "states": recent_states(conversation, up_to=after),
        "stand_changed": known != stand.key,
        "guide_changed": request.GET.get("guide") != stand.guide_key,
    }
    return render(request, "console/_news.html", parts)


@require_GET
@for_cadres
def earlier(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """The messages before message `before`."""
    now, before = timezone.now(), _whole_number(request, "before")
    conversation = access_talk(cadre, pk)
    note_reading(cadre, conversation, now=now)
    lines = latest_lines(conversation, cadre, now=now, before=before)
    more = len(lines) == AT_ONCE and has_lines_before(conversation, lines[0].pk)
    return render(request, "console/_earlier.html", {"talk": conversation, "lines": lines, "earlier": more})


@require_POST
@for_cadres
def claim(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「接管」: who was first has it; the page says who. An erased talk is not there any more."""
    now = timezone.now()
    if access_talk(cadre, pk).contact.erased_at is not None:
        raise Http404
    mark_present(cadre, now=now)  # who takes a talk is there, also with a page whose stream has not begun
    try:
        conversation = claim_chat(pk, cadre, now=now)
    except AlreadyClaimed:
        return redirect("console:talk", pk)
    messages.success(request, NOTICES["taken"].format(number=conversation.number))
    return redirect("console:talk", pk)


@require_POST
@for_cadres
def give_back(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「交还」: the desk answers again."""
    conversation = access_talk(cadre, pk)
    try:
        release(pk, cadre, now=timezone.now())
    except NotHolder:
        messages.info(request, NOTICES["not_yours"].format(number=conversation.number))
        return redirect("console:talk", pk)
    messages.success(request, NOTICES["released"].format(number=conversation.number))
    return redirect("console:queue")


def note_reading(cadre: Cadre, conversation: Conversation, *, now: datetime) -> None:
    """One audit row per cadre, talk and ten minutes."""
    subject = f"conversation:{conversation.pk}"
    with transaction.atomic():
        lately = AuditRow.objects.filter(
            subject=subject, cadre=cadre, action=AuditAction.READ_CHAT, at__gt=now - _ONE_READING
        )
        if not lately.exists():
            record(AuditAction.READ_CHAT, subject, cadre=cadre, now=now)


def _parts(conversation: Conversation, cadre: Cadre, lines: list[Line], *, after: int = 0) -> dict[str, Any]:
    return {
        "talk": conversation,
        "cadre": cadre,
        "lines": lines,
        "last": lines[-1].pk if lines else after,
        "reply_key": get_random_string(24),
    }


def _whole_number(request: HttpRequest, name: str) -> int:
    """A number from the address. Raises Http404 for anything else: our own pages only send numbers."""
    value = request.GET.get(name, "")
    if not value.isdecimal() or len(value) > 18:
        raise Http404
    return int(value)
