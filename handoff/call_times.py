"""When somebody is telephoned: parts of the day within waking hours, in the union's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from handoff.calendar import is_workday
from handoff.roster import local_zone

WAKING: Final = (time(9), time(20))
# A call in the evening hours still has this long to be made.
_SHORTEST: Final = timedelta(hours=1)
_FOLLOW_UP_LASTS: Final = timedelta(hours=3)
_LOOKS_AHEAD_DAYS: Final = 30


class DayPart(StrEnum):
    """Within waking hours."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    ANY = "any"

    @property
    def hours(self) -> tuple[time, time]:
        """From and until, local."""
        return _HOURS[self]


_HOURS: Final = {
    DayPart.MORNING: (time(9), time(12)),
    DayPart.AFTERNOON: (time(13, 30), time(18)),
    DayPart.EVENING: (time(18), time(20)),
    DayPart.ANY: WAKING,
}


@dataclass(frozen=True)
class Slot:
    """The time in which a call is due; both aware."""

    due_from: datetime
    due_until: datetime

    def __post_init__(self) -> None:
        """Raise ValueError for a slot that ends before it begins."""
        if self.due_until <= self.due_from:
            raise ValueError("a slot ends after it begins")


def slot_on(day: date, part: DayPart) -> Slot:
    """That part of that day."""
    starts, ends = part.hours
    return Slot(datetime.combine(day, starts, local_zone()), datetime.combine(day, ends, local_zone()))


def next_slot(day: date, part: DayPart, *, now: datetime) -> Slot:
    """That part of that day, or what is left of it; if too little is left, the same part of the day after."""
    slot = slot_on(day, part)
    while slot.due_until - now < _SHORTEST:
        day += timedelta(days=1)
        slot = slot_on(day, part)
    return Slot(max(slot.due_from, now), slot.due_until)


def workday_slot(part: DayPart, *, now: datetime) -> Slot:
    """That part of the next workday on which enough of it is left."""
    today = now.astimezone(local_zone()).date()
    for ahead in range(_LOOKS_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        if is_workday(day) and slot_on(day, part).due_until - now >= _SHORTEST:
            return next_slot(day, part, now=now)
    return next_slot(today, part, now=now)


def follow_up_slot(part: DayPart | None, *, at: datetime) -> Slot:
    """Around `at`, moved into the waking hours of the same day; in the part of the day that was wished for, if any.

    After eight in the evening the call is made earlier rather than a night later: it is a call after a danger.
    """
    local = at.astimezone(local_zone())
    if part is not None and part is not DayPart.ANY:
        return slot_on(local.date(), part)
    waking = slot_on(local.date(), DayPart.ANY)
    starts = min(max(local, waking.due_from), waking.due_until - _SHORTEST)
    return Slot(starts, min(starts + _FOLLOW_UP_LASTS, waking.due_until))


def later_slot(*, now: datetime, after: timedelta) -> Slot:
    """The next try: `after` from now within the waking hours, else the next morning."""
    local = (now + after).astimezone(local_zone())
    waking = slot_on(local.date(), DayPart.ANY)
    if local < waking.due_from:
        return slot_on(local.date(), DayPart.MORNING)
    if waking.due_until - local < _SHORTEST:
        return slot_on(local.date() + timedelta(days=1), DayPart.MORNING)
    return Slot(local, min(local + _FOLLOW_UP_LASTS, waking.due_until))
