"""When somebody wants to be called, from a button or in their own words. Pure rules; words in `patterns.yml`.

Calls are made within waking hours (`handoff.call_times`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from actions.callback import texts
from actions.join.fields import is_question, narrow
from handoff.call_texts import PART_WORDS
from handoff.call_times import WAKING, DayPart, Slot, next_slot, slot_on, workday_slot

PATTERNS: Final = Path(__file__).with_name("patterns.yml")
# What may stand beside the words for a time before it reads like something else.
MOST_BESIDE: Final = 8
_SHORTEST: Final = timedelta(hours=1)
_NOON: Final = 12


class NotThen(Exception):
    """The time that was named lies outside the waking hours, or has gone by."""


@dataclass(frozen=True)
class Words:
    """Expressions from `patterns.yml`."""

    days: tuple[tuple[int, re.Pattern[str]], ...]
    weekday: re.Pattern[str]
    weekend: re.Pattern[str]
    workday: re.Pattern[str]
    day_of_month: re.Pattern[str]
    hour: re.Pattern[str]
    after: re.Pattern[str]
    before: re.Pattern[str]
    any_time: re.Pattern[str]
    beside: re.Pattern[str]
    asks_if_it_suits: re.Pattern[str]
    numbers: dict[str, int]


@lru_cache(maxsize=1)
def words() -> Words:
    """Read once, on first use."""
    read: dict[str, Any] = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))["times"]
    days = tuple((int(ahead), re.compile(text)) for ahead, text in read["days"].items())
    rest = {name: re.compile(text) for name, text in read["expressions"].items()}
    return Words(days=days, numbers=read["numbers"], **rest)


def choices(now: datetime) -> dict[str, str]:
    """Keys and titles of the buttons that make sense at this moment."""
    today = slot_on(now.date(), DayPart.ANY)
    keys = [key for key in texts.TIMES if key != "today" or today.due_until - now >= _SHORTEST]
    return {key: texts.TIMES[key] for key in keys}


def slot_of(key: str, now: datetime) -> Slot:
    """The slot behind a button's key: today, tomorrow_morning, workday_evening …"""
    day, _, part = key.partition("_")
    wanted = DayPart(part) if part else DayPart.ANY
    if day == "workday":
        return workday_slot(wanted, now=now)
    return next_slot(now.date() + timedelta(days=day == "tomorrow"), wanted, now=now)


def slot_in(text: str, now: datetime) -> Slot | None:
    """The slot that a text names in its own words, None when it names none. Raises NotThen."""
    plain = narrow(text)
    if is_question(plain) and not words().asks_if_it_suits.search(plain):
        return None
    if len(_beside(plain)) > MOST_BESIDE:
        return None
    part, hour = _part(plain), _hour(plain)
    if words().workday.search(plain) and hour is None:
        return workday_slot(part or DayPart.ANY, now=now)
    day = _day(plain, now.date())
    if hour is None and day is None and part is None and not words().any_time.search(plain):
        return None
    if hour is not None:
        slot = _around(day, hour, part, plain, now=now)
    else:
        slot = next_slot(day or now.date(), part or DayPart.ANY, now=now)
    if day is not None and slot.due_from.date() != day:  # it has gone by, or too little of it is left
        raise NotThen
    return slot


def _day(plain: str, today: date) -> date | None:
    for ahead, pattern in words().days:
        if pattern.search(plain):
            return today + timedelta(days=ahead)
    if found := words().weekday.search(plain):
        wanted = words().numbers[found.group("day")] % 7 or 7
        ahead = (wanted - today.isoweekday()) % 7
        following = ahead + 7 if found.group("next") and wanted > today.isoweekday() else ahead
        return today + timedelta(days=following or 7)
    if words().weekend.search(plain):
        return today + timedelta(days=(6 - today.isoweekday()) % 7)
    if found := words().day_of_month.search(plain):
        return _dated(found.group("month"), int(found.group("day")), today)
    return None


def _dated(month: str | None, day: int, today: date) -> date | None:
    """The next day of that number; None when there is none."""
    first = today.replace(day=1, month=int(month)) if month and 1 <= int(month) <= 12 else today.replace(day=1)
    for _ in range(3):
        try:
            found = first.replace(day=day)
        except ValueError:
            return None
        if found >= today:
            return found
        first = (first + timedelta(days=32)).replace(day=1) if not month else first.replace(year=first.year + 1)
    return None


def _part(plain: str) -> DayPart | None:
    return next((part for part, said in PART_WORDS.items() if re.search(said, plain)), None)


def _hour(plain: str) -> time | None:
    found = words().hour.search(plain)
    if found is None:
        return None
    said = found.group("hour")
    hour = int(said) if said.isdecimal() else words().numbers.get(said, 0)
    minute = 30 if found.group("half") else int(found.group("minute") or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _around(day: date | None, hour: time, part: DayPart | None, plain: str, *, now: datetime) -> Slot:
    """An hour from the one named, or all before or after it, within the waking hours."""
    late = part in (DayPart.AFTERNOON, DayPart.EVENING) or (part is None and hour.hour < WAKING[0].hour)
    if late and hour.hour < _NOON:
        hour = hour.replace(hour=hour.hour + _NOON)
    day = day or now.date()
    slot = _between(day, hour, part, plain)
    if slot.due_until - now < _SHORTEST / 2:
        slot = _between(day + timedelta(days=1), hour, part, plain)
    return Slot(max(slot.due_from, now), slot.due_until)


def _between(day: date, hour: time, part: DayPart | None, plain: str) -> Slot:
    waking, own = slot_on(day, DayPart.ANY), slot_on(day, part or DayPart.ANY)
    named = datetime.combine(day, hour, waking.due_from.tzinfo)
    starts, ends = named, named + _SHORTEST
    if words().after.search(plain):
        ends = max(own.due_until, ends)
    elif words().before.search(plain):
        starts, ends = min(own.due_from, named - _SHORTEST), named
    starts, ends = max(starts, waking.due_from), min(ends, waking.due_until)
    if ends - starts < _SHORTEST / 2:
        raise NotThen
    return Slot(starts, ends)


def _beside(plain: str) -> str:
    """What is left of a text without the words for times and what goes with them."""
    known = words()
    patterns = [pattern for _, pattern in known.days]
    patterns += [known.weekday, known.weekend, known.workday, known.day_of_month, known.hour, known.after]
    patterns += [known.before, known.any_time, *(re.compile(said) for said in PART_WORDS.values()), known.beside]
    for pattern in patterns:
        plain = pattern.sub("", plain)
    return "".join(character for character in plain if character.isalnum())
