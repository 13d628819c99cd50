"""The roster: who is to be on duty now, when the next duty begins, when nobody is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from handoff.calendar import own_days
from handoff.duty_hours import Away, DutyLine, DutyTable, Gap, Stretch
from handoff.kinds import CadreRole, DayKind
from handoff.models import Absence, Cadre, Organisation, RosterLine

LOOKS_AHEAD_DAYS = 14
GAPS_AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class DutyDay:
    """One day of the roster. `works`: a workday; `provisional`: its year's holidays are not known here yet."""

    day: date
    works: bool
    provisional: bool
    stretches: tuple[Stretch, ...]
    gaps: tuple[Gap, ...]


def has_roster(organisation: Organisation) -> bool:
    """Whether the union has written a roster at all."""
    return RosterLine.objects.filter(cadre__organisation=organisation).exists()


def on_roster(organisation: Organisation, *, now: datetime) -> list[Cadre]:
    """The cadres who are to be on duty at this moment, in the order of their rank; stand-ins for those away."""
    pks = duty_table(organisation.pk, around=now).serving(now)
    cadres = Cadre.objects.select_related("user", "department", "organisation").in_bulk(pks)
    return [cadres[pk] for pk in pks]


def next_duty_starts(
    organisation: Organisation, *, now: datetime, of: Collection[int] | None = None
) -> datetime | None:
    """When the next duty begins, later than `now`; None when none does within 14 days.

    `of`: only duties of these cadres (their numbers), those who may read what it is asked for.
    """
    table = duty_table(organisation.pk, around=now, days=LOOKS_AHEAD_DAYS + 1)
    return table.next_start(now, days=LOOKS_AHEAD_DAYS, of=of)


def roster_gaps(organisation: Organisation, *, now: datetime) -> list[Gap]:
    """The times of the next seven days when nobody is on the roster."""
    until = now + GAPS_AHEAD
    return duty_table(organisation.pk, around=now, days=GAPS_AHEAD.days + 1).gaps(now, until)


def duty_days(organisation: Organisation, *, first: date, days: int) -> list[DutyDay]:
    """The roster day by day."""
    midnight = datetime.combine(first, datetime.min.time(), local_zone())
    table, known = duty_table(organisation.pk, around=midnight, days=days + 1), own_days()
    found = []
    for ahead in range(days):
        day = first + timedelta(days=ahead)
        starts = datetime.combine(day, datetime.min.time(), local_zone())
        ends = datetime.combine(day + timedelta(days=1), datetime.min.time(), local_zone())
        gaps, provisional = tuple(table.gaps(starts, ends)), known.is_provisional(day.year)
        found.append(DutyDay(day, known.is_workday(day), provisional, tuple(table.stretches(day)), gaps))
    return found


def duty_table(organisation_id: int, *, around: datetime, days: int = 1) -> DutyTable:
    """The rules with this union's lines and absences, as far as they matter on so many days from `around` on."""
    first = timezone.localtime(around, local_zone()).date() - timedelta(days=1)
    last = first + timedelta(days=days + 1)
    rows = RosterLine.objects.filter(cadre__organisation_id=organisation_id, valid_from__lte=last).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=first)
    )
    away = Absence.objects.filter(cadre__organisation_id=organisation_id, from_on__lte=last, until_on__gte=first)
    lines = _lines(rows)
    return DutyTable(
        lines=lines,
        aways=[Away(row.cadre_id, row.from_on, row.until_on) for row in away] if lines else [],
        unable=_unable(organisation_id) if lines else frozenset(),
        zone=local_zone(),
        is_workday=own_days().is_workday,
    )


def local_zone() -> ZoneInfo:
    """The installation's time zone: rosters are written in it."""
    return ZoneInfo(settings.NIANGJIA.time_zone)


def _unable(organisation_id: int) -> frozenset[int]:
    closed = Cadre.objects.filter(organisation_id=organisation_id).filter(
        Q(user__is_active=False) | Q(role=CadreRole.OPERATOR)
    )
    return frozenset(closed.values_list("pk", flat=True))


def _lines(rows: Iterable[RosterLine]) -> list[DutyLine]:
    return [
        DutyLine(
            pk=row.pk,
            cadre_id=row.cadre_id,
            stand_in_id=row.stand_in_id,
            day_kind=DayKind(row.day_kind),
            weekday=row.weekday,
            starts=row.starts,
            ends=row.ends,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            rank=row.rank,
        )
        for row in rows
    ]
