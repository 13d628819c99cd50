"""One talk: read it, take it over."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_GET, require_POST

from handoff.audit import record
from handoff.canned import replies_for
from handoff.console.access import access_talk, for_cadres
from handoff.console.alarms import alarm_parts
from handoff.console.head import head_of
from handoff.console.lines import (
    AT_ONCE,
    awaiting_files,
    has_lines_before,
    latest_lines,
    lines_after,
    lines_among,
    recent_states,
)
from handoff.console.meter import meter_of
from handoff.console.offered import offered
from handoff.console.stand import stand_of
from handoff.console.texts import NOTICES
from handoff.console.timeline import (
    Cursor,
    after_cursor,
    latest_cursor,
    mark_notes_read,
    moved_on,
    recent_note_states,
    with_lines,
)
from handoff.desk import AlreadyClaimed, claim_chat
from handoff.duty import mark_present
from handoff.kinds import AuditAction
from handoff.models import AuditRow, Cadre, CannedReply, Conversation
from handoff.viewing import mark_viewing

# A page that stays open reads on and on; one audit row stands for this long.
_ONE_READING = timedelta(minutes=10)
_MOST_AWAITED = 50


@require_GET
@for_cadres
def talk(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """The whole talk with who has it; the latest messages first, older ones on demand."""
    conversation = access_talk(cadre, pk)
    return show_talk(request, cadre, conversation, now=timezone.now())


def show_talk(
    request: HttpRequest,
    cadre: Cadre,
    conversation: Conversation,
    *,
    now: datetime,
    refused: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `refused` names the act that failed and why: its form stands open with what was typed."""
    note_opening(cadre, conversation, now=now)
    lines = latest_lines(conversation, cadre, now=now)
    earlier = bool(lines) and has_lines_before(conversation, lines[0].pk)
    since = lines[0].said_at if earlier else None
    cursor = latest_cursor(conversation, message=lines[-1].pk if lines else 0)
    parts = {
        **_parts(conversation, cadre, now=now),
        **alarm_parts(cadre, now=now, here=conversation.pk),
        "items": with_lines(conversation, cadre, lines, now=now, since=since),
        "cursor": asdict(cursor),
        "awaited": awaiting_files(lines),
        "earlier": earlier,
        "first": lines[0].pk if lines else 0,
        "hotlines": conversation.organisation.hotlines.all(),
        "picked": _picked(request, cadre),
        "refused": refused,
        "back": reverse("console:talk", args=[conversation.pk]),
        "typed": request.POST if refused else {},
    }
    return render(request, "console/talk.html", parts, status=status)


@require_GET
@for_cadres
def news(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """What is new since message `after`, for a page that is open; its forms too when they are out of date."""
    now, cursor = timezone.now(), _cursor(request)
    conversation = access_talk(cadre, pk)
    note_opening(cadre, conversation, now=now)
    parts = _parts(conversation, cadre, now=now)
    key, known = parts["stand"].key, request.GET.get("stand", "")
    if parts["stand"].erased and not known.endswith("erased"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    lines = lines_after(conversation, cadre, after=cursor.message, now=now)
    items = after_cursor(conversation, cadre, lines, now=now, cursor=cursor)
    arrived = lines_among(conversation, cadre, ids=_awaited(request), now=now)
    parts |= {
        "items": items,
        "cursor": asdict(moved_on(conversation, items, before=cursor)),
        "arrived": arrived,
        "awaited": awaiting_files([*arrived, *lines]),
        "states": recent_states(conversation, up_to=cursor.message, now=now),
        "note_states": recent_note_states(conversation, up_to=cursor.note, cadre=cadre),
        "stand_changed": known != key,
        "acts_changed": request.GET.get("acts") != parts["acts"].key,
        "guide_changed": request.GET.get("guide") != parts["stand"].guide_key,
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
    until = conversation.messages.filter(pk__gte=before).order_by("pk").values_list("created_at", flat=True).first()
    since = lines[0].said_at if more else None
    parts = {
        "talk": conversation,
        "items": with_lines(conversation, cadre, lines, now=now, since=since, until=until) if lines else [],
        "earlier": more,
        "first": lines[0].pk if lines else 0,
    }
    return render(request, "console/_earlier.html", parts)


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


def note_opening(cadre: Cadre, conversation: Conversation, *, now: datetime) -> None:
    """The cadre has the talk before them: that is written down, colleagues see it, questions to them are read."""
    note_reading(cadre, conversation, now=now)
    mark_viewing(conversation.pk, cadre, now=now)
    mark_notes_read(conversation, cadre, now=now)


def note_reading(cadre: Cadre, conversation: Conversation, *, now: datetime) -> None:
    """One audit row per cadre, talk and ten minutes."""
    subject = f"conversation:{conversation.pk}"
    with transaction.atomic():
        lately = AuditRow.objects.filter(
            subject=subject, cadre=cadre, action=AuditAction.READ_CHAT, at__gt=now - _ONE_READING
        )
        if not lately.exists():
            record(AuditAction.READ_CHAT, subject, cadre=cadre, now=now)


def _parts(conversation: Conversation, cadre: Cadre, *, now: datetime) -> dict[str, Any]:
    """What both the page and its news need."""
    stand = stand_of(conversation, cadre, now=now)
    due = conversation.words_due_at
    return {
        "talk": conversation,
        "cadre": cadre,
        "now": now,
        "stand": stand,
        "head": head_of(conversation, cadre, now=now),
        "acts": offered(conversation, cadre, stand, now=now),
        "meter": meter_of(conversation, stand.standing, now=now),
        "due_at": due if stand.may_write else None,
        "due_in_s": max(0, int((due - now).total_seconds())) if due else 0,
        "canned": replies_for(cadre),
        "reply_key": get_random_string(24),
    }


def _picked(request: HttpRequest, cadre: Cadre) -> CannedReply | None:
    """The canned reply that a page without script has picked for its box."""
    picked = request.GET.get("canned", "")
    return replies_for(cadre).filter(pk=int(picked)).first() if picked.isdecimal() and len(picked) < 19 else None


def _cursor(request: HttpRequest) -> Cursor:
    """What the open page shows already; a page that does not know of notes and marks shows none."""
    cursor = Cursor(message=_whole_number(request, "after"))
    if "notes" in request.GET:
        cursor = replace(cursor, note=_whole_number(request, "notes"), mark=_whole_number(request, "marks"))
    return cursor


def _awaited(request: HttpRequest) -> list[int]:
    """The messages whose files the open page still waits for."""
    named = request.GET.get("files", "").split("-")[:_MOST_AWAITED]
    return [int(number) for number in named if number.isdecimal() and len(number) <= 18]


def _whole_number(request: HttpRequest, name: str) -> int:
    """A number from the address. Raises Http404 for anything else: our own pages only send numbers."""
    value = request.GET.get(name, "")
    if not value.isdecimal() or len(value) > 18:
        raise Http404
    return int(value)
