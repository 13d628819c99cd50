"""Workdays in China: public holidays and the make-up workdays that go with them.

The State Council publishes each year's days in the autumn before. The library holds the years published when it was
made; what is published later an operator writes into `$NIANGJIA_HOME/holidays.yml`:

    source: the number of the document
    holidays: [2027-01-01, …]
    workdays: […]

`holidays` are days off, `workdays` weekend days on which people work. A day in the file goes before
the library. A year that stands in neither place goes by the weekday alone and is *provisional*: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import chinese_calendar
import yaml
from chinese_calendar.constants import holidays as _published_days
from django.conf import settings

FILE_NAME = "holidays.yml"
_KEYS = {"source", "holidays", "workdays"}
_SATURDAY = 5


class HolidaysUnreadable(Exception):
    """The operator's file of holidays is not in the documented shape; `why` is for the operator."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class OwnDays:
    """What the operator's file holds. `source` is the number of the document that it was copied from."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    source: str = ""

    @property
    def years(self) -> frozenset[int]:
        """The years for which the file says something."""
        return frozenset(day.year for day in self.holidays | self.workdays)

    def is_workday(self, day: date) -> bool:
        """The file first, then the library, then the weekday."""
        if day in self.workdays:
            return True
        if day in self.holidays:
            return False
        if day.year in published_years():
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < _SATURDAY

    def is_provisional(self, year: int) -> bool:
        """Whether neither the file nor the library knows the year."""
        return year not in self.years and year not in published_years()


def is_workday(day: date) -> bool:
    """Whether people in offices work on this day."""
    return own_days().is_workday(day)


def is_provisional(year: int) -> bool:
    """Whether the year's holidays are not known here: its days go by the weekday alone."""
    return own_days().is_provisional(year)


def own_days() -> OwnDays:
    """The operator's days; none while the file cannot be read (`niangjia check` says so): the desk must go on."""
    try:
        return read_holidays(holidays_file())
    except HolidaysUnreadable:
        return OwnDays()


def holidays_file() -> Path:
    """Where the operator's file is, or would be."""
    home: Path = settings.NIANGJIA.home
    return home / FILE_NAME


def read_holidays(path: Path) -> OwnDays:
    """The file's days; none when there is no file. Raises HolidaysUnreadable."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return OwnDays()
    except OSError as error:
        raise HolidaysUnreadable(type(error).__name__) from error
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1)
def published_years() -> range:
    """The years that the library holds."""
    return range(min(_published_days).year, max(_published_days).year + 1)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> OwnDays:
    """`changed` and `size` are there so that a changed file is read anew."""
    try:
        held = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise HolidaysUnreadable(type(error).__name__) from error
    if not isinstance(held, dict) or set(held) - _KEYS:
        raise HolidaysUnreadable("keys")
    holidays, workdays = frozenset(_days(held, "holidays")), frozenset(_days(held, "workdays"))
    if holidays & workdays:
        raise HolidaysUnreadable(str(min(holidays & workdays)))
    if (holidays or workdays) and not held.get("source"):
        raise HolidaysUnreadable("source")
    return OwnDays(holidays, workdays, str(held.get("source", "")))


def _days(held: dict[str, Any], key: str) -> Iterator[date]:
    days = held.get(key) or []
    if not isinstance(days, list):
        raise HolidaysUnreadable(key)
    for day in days:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise HolidaysUnreadable(f"{key}: {day}")
        yield day
