"""How times read on a cadre's screen."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from handoff.console.texts import TIMES


def how_long(since: datetime, *, now: datetime) -> str:
    """A length of time in words, rounded down: minutes up to an hour, hours up to a day, then days."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 1:
        return TIMES["just_now"]
    if minutes < 60:
        return TIMES["minutes"].format(minutes=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return TIMES["hours_minutes" if rest else "hours"].format(hours=hours, minutes=rest)
    return TIMES["days"].format(days=hours // 24)


def clock(at: datetime, *, now: datetime) -> str:
    """The local time of day, with the date unless it is today."""
    local = timezone.localtime(at)
    pattern = "clock" if local.date() == timezone.localtime(now).date() else "day_clock"
    return local.strftime(TIMES[pattern])
