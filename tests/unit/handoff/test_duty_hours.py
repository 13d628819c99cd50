"""Who serves at which moment: midnight, holidays, make-up workdays, absences, other time zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handoff.calendar import OwnDays
from handoff.duty_hours import Away, DutyLine, DutyTable, Gap
from handoff.kinds import DayKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
WANG, LI, ZHAO = 1, 2, 3
DAY_LINE = DutyLine(
    1, WANG, LI, DayKind.WORKDAYS, None, time(8, 30), time(17, 30), date(2026, 1, 1), date(2026, 12, 31), 0
)
NIGHT_LINE = replace(
    DAY_LINE, pk=2, cadre_id=ZHAO, stand_in_id=None, day_kind=DayKind.EVERY_DAY, starts=time(20), ends=time(8)
)
REST_LINE = replace(DAY_LINE, pk=3, cadre_id=LI, stand_in_id=None, day_kind=DayKind.REST_DAYS, rank=2)


def table(*lines: DutyLine, aways: tuple[Away, ...] = (), unable: frozenset[int] = frozenset(), zone=SHANGHAI):
    return DutyTable(lines, aways, unable, zone, OwnDays().is_workday)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


ALL = table(DAY_LINE, NIGHT_LINE, REST_LINE)


@pytest.mark.parametrize(
    ("moment", "serving"),
    [
        ("2026-11-20 08:29:59", []),
        ("2026-11-20 08:30:00", [WANG]),
        ("2026-11-20 17:29:59", [WANG]),
        ("2026-11-20 17:30:00", []),
        ("2026-11-20 20:00", [ZHAO]),
        ("2026-11-21 00:00", [ZHAO]),  # of the evening before
        ("2026-11-21 07:59:59", [ZHAO]),
        ("2026-11-21 08:00", []),
        ("2026-11-21 09:00", [LI]),  # a Saturday
        ("2026-10-01 09:00", [LI]),  # a holiday on a Thursday
        ("2026-10-10 09:00", [WANG]),  # a Saturday on which people work
        ("2027-01-04 09:00", []),  # the lines are not valid any more
        ("2027-01-01 03:00", [ZHAO]),  # the last line of the year still holds in its night
        ("2026-01-01 03:00", []),  # the first night has not begun
    ],
)
def test_who_serves_at_a_moment(moment: str, serving: list[int]) -> None:
    assert ALL.serving(at(moment)) == serving
    assert ALL.serving(at(moment).astimezone(UTC)) == serving


def test_a_line_of_the_evening_before_a_holiday_holds_by_its_own_day() -> None:
    only_workdays = table(replace(NIGHT_LINE, day_kind=DayKind.WORKDAYS))
    assert only_workdays.serving(at("2026-10-01 03:00")) == [ZHAO]  # begun on 30 September, a workday
    assert only_workdays.serving(at("2026-10-01 21:00")) == []
    assert only_workdays.serving(at("2026-10-08 03:00")) == []  # begun on the 7th, a holiday


def test_a_line_of_one_weekday_holds_on_that_day_alone() -> None:
    fridays = table(replace(NIGHT_LINE, weekday=4))
    assert fridays.serving(at("2026-11-20 23:00")) == [ZHAO]
    assert fridays.serving(at("2026-11-21 05:00")) == [ZHAO]
    assert fridays.serving(at("2026-11-21 23:00")) == []


def test_a_line_from_eight_to_eight_lasts_a_day_and_a_night() -> None:
    around = table(replace(NIGHT_LINE, starts=time(8), ends=time(8)))
    assert around.gaps(at("2026-11-20 00:00"), at("2026-11-27 00:00")) == []


@pytest.mark.parametrize(
    ("aways", "unable", "serving"),
    [
        ((), frozenset(), [WANG]),
        ((Away(WANG, date(2026, 11, 20), date(2026, 11, 20)),), frozenset(), [LI]),
        ((Away(WANG, date(2026, 11, 18), date(2026, 11, 19)),), frozenset(), [WANG]),
        ((Away(WANG, date(2026, 11, 20), date(2026, 11, 20)), Away(LI, date(2026, 11, 1), date(2026, 11, 30))), (), []),
        ((), frozenset({WANG}), [LI]),
        ((), frozenset({WANG, LI}), []),
    ],
)
def test_the_stand_in_serves_for_whoever_cannot(aways, unable, serving: list[int]) -> None:
    there = table(DAY_LINE, aways=aways, unable=frozenset(unable))
    assert there.serving(at("2026-11-20 10:00")) == serving


def test_whoever_is_away_when_the_duty_begins_does_not_join_it_at_midnight() -> None:
    line = replace(NIGHT_LINE, stand_in_id=LI)
    away = table(line, aways=(Away(ZHAO, date(2026, 11, 20), date(2026, 11, 20)),))
    assert away.serving(at("2026-11-20 21:00")) == [LI]
    assert away.serving(at("2026-11-21 02:00")) == [LI]
    assert away.serving(at("2026-11-21 21:00")) == [ZHAO]


def test_whoever_goes_away_at_midnight_is_followed_by_the_stand_in() -> None:
    line = replace(NIGHT_LINE, stand_in_id=LI)
    away = table(line, aways=(Away(ZHAO, date(2026, 11, 21), date(2026, 11, 21)),))
    assert away.serving(at("2026-11-20 23:59")) == [ZHAO]
    assert away.serving(at("2026-11-21 00:00")) == [LI]


def test_people_of_the_same_hours_stand_in_their_rank_and_each_once() -> None:
    second = replace(DAY_LINE, pk=7, cadre_id=ZHAO, rank=5)
    first = replace(DAY_LINE, pk=9, cadre_id=LI, rank=0, stand_in_id=None)
    twice = replace(DAY_LINE, pk=10, cadre_id=LI, rank=9, stand_in_id=None)
    assert table(second, DAY_LINE, first, twice).serving(at("2026-11-20 10:00")) == [WANG, LI, ZHAO]


@pytest.mark.parametrize(
    ("moment", "starts"),
    [
        ("2026-11-20 07:00", "2026-11-20 08:30"),
        ("2026-11-20 08:30", "2026-11-20 20:00"),
        ("2026-11-20 17:30", "2026-11-20 20:00"),
        ("2026-11-20 23:00", "2026-11-21 08:30"),
        ("2026-12-31 21:00", None),
        ("2025-12-25 12:00", "2026-01-01 08:30"),
        ("2025-12-15 12:00", None),  # further off than fourteen days
    ],
)
def test_when_the_next_duty_begins(moment: str, starts: str | None) -> None:
    assert ALL.next_start(at(moment), days=14) == (at(starts) if starts else None)


def test_over_the_long_holiday_the_next_duty_is_the_first_workday() -> None:
    assert table(DAY_LINE).next_start(at("2026-09-30 18:00"), days=14) == at("2026-10-08 08:30")


def test_gaps_are_the_times_without_anybody() -> None:
    start = at("2026-11-20 12:00")
    assert ALL.gaps(start, start + timedelta(days=1)) == [
        Gap(at("2026-11-20 17:30"), at("2026-11-20 20:00")),
        Gap(at("2026-11-21 08:00"), at("2026-11-21 08:30")),
    ]
    assert table().gaps(start, start + timedelta(days=1)) == [Gap(start, start + timedelta(days=1))]


def test_gaps_end_with_the_time_looked_at() -> None:
    assert table(DAY_LINE).gaps(at("2026-11-20 16:00"), at("2026-11-20 17:45")) == [
        Gap(at("2026-11-20 17:30"), at("2026-11-20 17:45"))
    ]


def test_hours_are_those_of_the_place() -> None:
    urumqi = table(DAY_LINE, zone=ZoneInfo("Asia/Urumqi"))
    assert urumqi.serving(at("2026-11-20 08:30")) == []
    assert urumqi.serving(at("2026-11-20 10:30")) == [WANG]


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24"])  # the clocks go forward, and back
def test_the_night_of_the_changed_clock_is_served_without_a_gap(night: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    line = replace(NIGHT_LINE, starts=time(8), ends=time(8))
    there = table(line, zone=berlin)
    start = at(f"{night} 00:00", berlin).astimezone(UTC)
    assert there.gaps(start, start + timedelta(days=3)) == []
    assert all(there.serving(start + timedelta(minutes=30 * n)) == [ZHAO] for n in range(144))
