"""The two pages people see: the chat, and the whole privacy notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from bot.channels.webchat import sessions
from bot.channels.webchat.files import most_file_bytes
from bot.channels.webchat.incoming import LONGEST_TEXT
from bot.channels.webchat.leaving import leaving_context
from bot.channels.webchat.sessions import SessionOver
from bot.channels.webchat.texts import HOTLINES, PAGE, QUICK_QUESTIONS
from handoff.models import Organisation

# What the strip shows at once; all others are one tap away.
_ON_THE_STRIP = ("110", "120", "12356", "12351")


@dataclass(frozen=True)
class Line:
    """A hotline as the page shows it; `dial` is what the telephone is given."""

    number: str
    name: str
    hours: str
    purpose: str
    dial: str


@require_GET
@ensure_csrf_cookie
def chat(request: HttpRequest) -> HttpResponse:
    """The chat page. It holds no message: those come by the stream."""
    token = sessions.token_of(request)
    begun, renewed = _presence(token, timezone.now())
    shared = _shared_context()
    lines = shared["lines"]
    context = (
        shared
        | leaving_context()
        | {
            "begun": begun,
            "strip": [line for line in lines if line.number in _ON_THE_STRIP],
            "quick_questions": QUICK_QUESTIONS,
            "page_words": PAGE | {"numbers": {line.number: line.dial for line in lines}},
            "longest_text": LONGEST_TEXT,
            "largest_file": most_file_bytes(),
        }
    )
    response = render(request, "webchat/chat.html", context)
    response["Cache-Control"] = "private, no-cache"
    if renewed:
        sessions.set_cookie(response, token, secure=request.is_secure())
    return response


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """The whole privacy notice (PIPL 17)."""
    return render(request, "webchat/privacy.html", _shared_context())


def hotlines_of(union: Organisation | None) -> Sequence[Line]:
    """The union's numbers in their order; the national ones while there is none."""
    rows = list(union.hotlines.all()) if union else []
    if not rows:
        return [Line(*row) for row in HOTLINES]
    return [Line(row.number, row.name, row.hours, row.purpose, row.dial or row.number) for row in rows]


def _shared_context() -> dict[str, Any]:
    union = Organisation.objects.order_by("pk").first()
    return {"union": union.name if union else settings.NIANGJIA.union_name, "lines": hotlines_of(union)}


def _presence(token: str, now: datetime) -> tuple[bool, bool]:
    """Whether the browser has a talk, and whether its cookie was renewed."""
    try:
        visitor = sessions.find(token, now=now)
    except SessionOver:
        return False, False
    return True, sessions.refresh(visitor, now=now)
