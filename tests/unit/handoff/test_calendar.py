"""Workdays: what the State Council published, what the operator adds, and no guessing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handoff.calendar import FILE_NAME, HolidaysUnreadable, is_provisional, is_workday, read_holidays

FILE = """
source: 某号文件
holidays: [2027-01-01, 2027-01-04]
workdays: [2027-01-09]
"""


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),  # a Saturday made up for the National Day
        (date(2026, 2, 17), False),  # Spring Festival
        (date(2026, 2, 28), True),
        (date(2027, 1, 4), True),  # a Monday of a year that nobody knows yet
        (date(2027, 1, 2), False),
        (date(1999, 1, 4), True),
    ],
)
def test_a_day_is_a_workday_as_published(day: date, works: bool) -> None:
    assert is_workday(day) is works


def test_a_year_that_is_not_published_is_provisional() -> None:
    assert not is_provisional(2026)
    assert is_provisional(2027)


def test_the_operators_file_says_what_the_library_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(FILE, encoding="utf-8")
    own = read_holidays(path)
    assert [own.is_workday(date(2027, 1, day)) for day in (1, 4, 5, 9, 10)] == [False, False, True, True, False]
    assert not own.is_provisional(2027)
    assert own.is_provisional(2028)
    assert not own.is_workday(date(2026, 10, 1))  # the library still holds
    assert own.source == "某号文件"


def test_a_day_in_the_operators_file_goes_before_the_library(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text("source: 某号文件\nholidays: [2026-11-20]\n", encoding="utf-8")
    own = read_holidays(path)
    assert not own.is_workday(date(2026, 11, 20))
    assert own.is_workday(date(2026, 10, 10))


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(FILE, encoding="utf-8")
    assert read_holidays(path).workdays
    path.write_text("source: 某号文件\nholidays: [2027-01-01]\n", encoding="utf-8")
    assert not read_holidays(path).workdays


@pytest.mark.parametrize(
    "text",
    [
        "holidays: [2027-01-01]",  # without its source
        "source: x\nholidays: [someday]",
        "source: x\nholidays: 2027-01-01",
        "source: x\nholiday: [2027-01-01]",
        "source: x\nholidays: [2027-01-01]\nworkdays: [2027-01-01]",
        "- 2027-01-01",
        "source: [",
        "source: x\nholidays: [2027-01-01 08:00:00]",
    ],
)
def test_a_file_in_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HolidaysUnreadable):
        read_holidays(path)
