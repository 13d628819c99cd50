"""「快速离开」: the page that stands there instead, which says nothing of a union or of a talk."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bot.channels.webchat.texts import WEEKDAYS

# From the calendar the browser goes on to a site that everybody opens; leave it empty to stay at the calendar.
ONWARD: Final = "https://www.weather.com.cn/"


@dataclass(frozen=True)
class Month:
    """A month as a calendar on the wall shows it: weeks from Monday, 0 for days of other months."""

    year: int
    month: int
    today: int
    weeks: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, today: date) -> Month:
        """The month of a day."""
        weeks = Calendar().monthdayscalendar(today.year, today.month)
        return cls(today.year, today.month, today.day, tuple(tuple(week) for week in weeks))


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """A calendar, the same for everybody."""
    response = render(request, "webchat/calendar.html", leaving_context() | {"onward": ONWARD})
    response["Cache-Control"] = "no-cache"
    return response


def leaving_context() -> dict[str, Any]:
    """What the calendar's template needs, here and inside the chat page (it must stand there without a network)."""
    return {"month": Month.of(timezone.localdate()), "weekdays": WEEKDAYS}
