"""The roster as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from handoff.console.duty_texts import ANY_WEEKDAY, DAY_KINDS, ROSTER, WEEKDAYS
from handoff.kinds import DayKind
from handoff.models import Absence, Cadre, Organisation, RosterLine
from handoff.roster import DutyDay, duty_days, duty_table, local_zone

DAYS = 7


@dataclass(frozen=True)
class Served:
    """Who serves when on a day."""

    hours: str
    name: str
    stands_in: bool


@dataclass(frozen=True)
class DayCard:
    """One day of the week view; `gaps` are the hours without anybody."""

    title: str
    kind_words: str
    is_today: bool
    works: bool
    provisional: bool
    served: tuple[Served, ...]
    gaps: tuple[str, ...]
    empty: bool


@dataclass(frozen=True)
class LineCard:
    """One line of the roster in words."""

    line: RosterLine
    name: str
    stand_in: str
    days: str
    hours: str
    valid: str
    over: bool


@dataclass(frozen=True)
class AbsenceCard:
    """One absence in words."""

    pk: int
    name: str
    days: str


def week_of(organisation: Organisation, *, first: date, now: datetime) -> list[DayCard]:
    """Seven days from `first` on."""
    names = dict(Cadre.objects.filter(organisation=organisation).values_list("pk", "display_name"))
    today = timezone.localtime(now, local_zone()).date()
    return [_day_card(day, names, today) for day in duty_days(organisation, first=first, days=DAYS)]


def lines_of(organisation: Organisation, *, now: datetime) -> list[LineCard]:
    """All lines; those that hold no more come last."""
    today = timezone.localtime(now, local_zone()).date()
    rows = RosterLine.objects.filter(cadre__organisation=organisation).select_related("cadre", "stand_in")
    return sorted((_line_card(row, today) for row in rows), key=lambda card: card.over)


def absences_of(organisation: Organisation, *, now: datetime) -> list[AbsenceCard]:
    """Those that are not over."""
    today = timezone.localtime(now, local_zone()).date()
    rows = Absence.objects.filter(cadre__organisation=organisation, until_on__gte=today).select_related("cadre")
    return [AbsenceCard(row.pk, row.cadre.display_name, _days(row.from_on, row.until_on)) for row in rows]


def on_roster_today(organisation_id: int, *, now: datetime) -> tuple[str, ...]:
    """Who is on the roster today and at which hours, the night's duty from yesterday included while it lasts."""
    day = timezone.localtime(now, local_zone()).date()
    stretches = [one for one in duty_table(organisation_id, around=now).stretches(day) if one.ends_at > now]
    if not stretches:
        return ()
    names = dict(Cadre.objects.filter(organisation_id=organisation_id).values_list("pk", "display_name"))
    return tuple(
        ROSTER["person_today"].format(name=names[one.cadre_id], hours=_hours(one.starts_at, one.ends_at))
        for one in stretches
    )


def _day_card(day: DutyDay, names: dict[int, str], today: date) -> DayCard:
    served = tuple(
        Served(_hours(one.starts_at, one.ends_at), names[one.cadre_id], one.stands_in) for one in day.stretches
    )
    return DayCard(
        title=f"{WEEKDAYS[day.day.weekday()]} {ROSTER['day'].format(month=day.day.month, day=day.day.day)}",
        kind_words=ROSTER["workday" if day.works else "rest_day"],
        is_today=day.day == today,
        works=day.works,
        provisional=day.provisional,
        served=served,
        gaps=tuple(_hours(gap.starts_at, gap.ends_at) for gap in day.gaps),
        empty=not served,
    )


def _line_card(row: RosterLine, today: date) -> LineCard:
    days = DAY_KINDS[DayKind(row.day_kind)]
    weekday = "" if row.weekday is None else WEEKDAYS[row.weekday]
    until = row.valid_until
    return LineCard(
        line=row,
        name=row.cadre.display_name,
        stand_in=row.stand_in.display_name if row.stand_in else "",
        days=f"{days} {weekday}".strip(),
        hours=_line_hours(row.starts, row.ends),
        valid=_days(row.valid_from, until) if until else ROSTER["from_only"].format(start=_date(row.valid_from)),
        over=until is not None and until < today,
    )


def _line_hours(starts: time, ends: time) -> str:
    clock = f"{ends:%H:%M}"
    last = ROSTER["next_day"].format(clock=clock) if ends <= starts else clock
    return ROSTER["hours"].format(starts=f"{starts:%H:%M}", ends=last)


def _hours(starts_at: datetime, ends_at: datetime) -> str:
    starts, ends = timezone.localtime(starts_at, local_zone()), timezone.localtime(ends_at, local_zone())
    last = ROSTER["midnight"] if ends.time() == time.min else f"{ends:%H:%M}"
    return ROSTER["hours"].format(starts=f"{starts:%H:%M}", ends=last)


def _days(first: date, last: date) -> str:
    if first == last:
        return _date(first)
    return ROSTER["from_until"].format(start=_date(first), end=_date(last))


def _date(day: date) -> str:
    return ROSTER["date"].format(year=day.year, month=day.month, day=day.day)


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def weekday_choices() -> Iterable[tuple[str, str]]:
    """For a form: any day, then Monday to Sunday."""
    return [("", ANY_WEEKDAY), *((str(number), name) for number, name in enumerate(WEEKDAYS))]
