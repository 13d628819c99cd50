"""Who serves when, worked out from the lines of a roster: plain rules over plain values, without a database.

Lines are in local time; moments are aware. A duty belongs to the day on which it begins: the line of Friday evening
still holds on Saturday at two in the morning.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handoff.kinds import DayKind

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DutyLine:
    """One line of the roster. `weekday`: 0 Monday … 6 Sunday, None any; `ends` at or before `starts`: next morning."""

    pk: int
    cadre_id: int
    stand_in_id: int | None
    day_kind: DayKind
    weekday: int | None
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None
    rank: int

    def begins_on(self, day: date, *, is_workday: Callable[[date], bool]) -> bool:
        """Whether this duty begins on that day."""
        if day < self.valid_from or (self.valid_until is not None and day > self.valid_until):
            return False
        if self.weekday is not None and day.weekday() != self.weekday:
            return False
        if self.day_kind == DayKind.EVERY_DAY:
            return True
        return is_workday(day) == (self.day_kind == DayKind.WORKDAYS)


@dataclass(frozen=True)
class Away:
    """A cadre is away on these days, both included."""

    cadre_id: int
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Stretch:
    """Somebody serves from `starts_at` until just before `ends_at`, by a line of this rank; within one local day.

    `begins`: the duty begins here; false for the rest of one that began the evening before.
    """

    starts_at: datetime
    ends_at: datetime
    cadre_id: int
    rank: int
    line_id: int
    begins: bool
    stands_in: bool


@dataclass(frozen=True)
class Gap:
    """Nobody is on the roster from `starts_at` until `ends_at`."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class DutyTable:
    """All that is needed to say who serves. `unable`: cadres who cannot serve at all (account closed, operators)."""

    lines: Sequence[DutyLine]
    aways: Sequence[Away]
    unable: frozenset[int]
    zone: ZoneInfo
    is_workday: Callable[[date], bool]

    def stretches(self, day: date) -> list[Stretch]:
        """Who serves during the hours of one local day, the night before's duty included; by time, then rank."""
        found = [*self._of_line(day - _DAY, day), *self._of_line(day, day)]
        return sorted(found, key=lambda one: (one.starts_at, one.rank, one.line_id))

    def serving(self, now: datetime) -> list[int]:
        """The cadres on the roster at this moment, each once, by rank."""
        day = now.astimezone(self.zone).date()
        there = [one for one in self.stretches(day) if one.starts_at <= now < one.ends_at]
        there.sort(key=lambda one: (one.rank, one.line_id))
        return list(dict.fromkeys(one.cadre_id for one in there))

    def next_start(self, now: datetime, *, days: int, of: Collection[int] | None = None) -> datetime | None:
        """When the next duty begins, after this moment (`of`: of these cadres); None when none does in so many days."""
        today = now.astimezone(self.zone).date()
        for ahead in range(days + 1):
            begins = [one for one in self.stretches(today + ahead * _DAY) if one.begins]
            later = [one.starts_at for one in begins if of is None or one.cadre_id in of]
            coming = [at for at in later if now < at <= now + timedelta(days=days)]
            if coming:
                return min(coming)
        return None

    def gaps(self, start: datetime, end: datetime) -> list[Gap]:
        """The times between two moments when nobody is on the roster."""
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        found, covered = list[Gap](), start
        while day <= last:
            for one in self.stretches(day):
                if one.starts_at > covered and covered < end:
                    found.append(Gap(covered, min(one.starts_at, end)))
                covered = max(covered, one.ends_at)
            day += _DAY
        return [*found, Gap(covered, end)] if covered < end else found

    def _of_line(self, begun_on: date, day: date) -> Iterator[Stretch]:
        """The parts on `day` of the duties that begin on `begun_on`."""
        midnight, next_midnight = self._at(day, time.min), self._at(day + _DAY, time.min)
        for line in self.lines:
            if not line.begins_on(begun_on, is_workday=self.is_workday):
                continue
            last_day = begun_on + _DAY if line.ends <= line.starts else begun_on
            begins_at, over_at = self._at(begun_on, line.starts), self._at(last_day, line.ends)
            starts_at, ends_at = max(begins_at, midnight), min(over_at, next_midnight)
            cadre_id = self._server(line, begun_on, day)
            if cadre_id is None or starts_at >= ends_at:
                continue
            stands_in = cadre_id != line.cadre_id
            begins = begun_on == day or self._server(line, begun_on, begun_on) is None
            yield Stretch(starts_at, ends_at, cadre_id, line.rank, line.pk, begins, stands_in)

    def _server(self, line: DutyLine, begun_on: date, day: date) -> int | None:
        """The line's cadre, else the stand-in, else nobody."""
        for cadre_id in (line.cadre_id, line.stand_in_id):
            if cadre_id is not None and cadre_id not in self.unable and not self._is_away(cadre_id, begun_on, day):
                return cadre_id
        return None

    def _is_away(self, cadre_id: int, *days: date) -> bool:
        """Whoever was away when the duty began does not join it in the night; whoever is away today has gone."""
        return any(
            away.cadre_id == cadre_id and any(away.from_on <= day <= away.until_on for day in days)
            for away in self.aways
        )

    def _at(self, day: date, clock: time) -> datetime:
        """Compared as moments: in zones with summer time two aware times of one zone would be compared by the wall."""
        return datetime.combine(day, clock, self.zone).astimezone(ZoneInfo("UTC"))
