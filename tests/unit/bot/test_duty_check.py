"""What `niangjia check` says about rosters, crisis readers and holidays, and what `cadre add` writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from pytest_django import Settings

from bot.command.duty_check import duty_problems
from bot.command.main import main
from handoff.calendar import FILE_NAME
from handoff.kinds import CadreRole, DepartmentKind
from handoff.models import Cadre, Department, RosterLine
from tests.desk import TestDesk

TODAY = date(2026, 11, 21)


@pytest.fixture
def home(settings: Settings, tmp_path: Path) -> Path:
    settings.NIANGJIA = replace(settings.NIANGJIA, home=tmp_path)
    return tmp_path


def test_a_union_without_roster_and_readers_is_told_so(desk: TestDesk, home: Path) -> None:
    about = ("值班表", "谁看紧急求助：", "没有人能看反映干部或经费的话")
    said = list(duty_problems(today=TODAY))
    assert [[words in one for words in about] for one in said] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
    cadre = desk.cadre("王敏", role=CadreRole.SUPERVISOR)
    Cadre.objects.filter(pk=cadre.pk).update(reads_crisis=True)
    RosterLine.objects.create(cadre=cadre, starts=time(8), ends=time(17), valid_from=TODAY)
    assert list(duty_problems(today=TODAY)) == []


@pytest.mark.parametrize(
    ("today", "told"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True), (date(2027, 3, 1), True)]
)
def test_a_year_without_holidays_is_told_a_month_before(db: None, home: Path, today: date, told: bool) -> None:
    assert [one.startswith("2027 年") for one in duty_problems(today=today)] == [True] * told


def test_the_operators_file_ends_the_warning(db: None, home: Path) -> None:
    (home / FILE_NAME).write_text("source: 某号文件\nholidays: [2027-01-01]\n", encoding="utf-8")
    assert list(duty_problems(today=date(2026, 12, 1))) == []


def test_a_file_that_cannot_be_read_is_told(db: None, home: Path) -> None:
    (home / FILE_NAME).write_text("holidays: [2027-01-01]\n", encoding="utf-8")
    said = list(duty_problems(today=TODAY))
    assert len(said) == 1
    assert FILE_NAME in said[0]


def test_a_cadre_is_added_with_their_duties(desk: TestDesk, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--department", "women", "--reads-crisis", "--woman", "--mail", "wang@example.cn"]
    assert main(["cadre", "add", "wangmin", *given]) == 0
    assert main(["cadre", "add", "lina", "--department", "women"]) == 0
    cadre = Cadre.objects.get(user__username="wangmin")
    assert (cadre.reads_crisis, cadre.is_woman, cadre.mail) == (True, True, "wang@example.cn")
    assert Department.objects.get().kind == DepartmentKind.WOMEN
    assert main(["cadre", "add", "other", "--mail", "x"]) == 2
    assert "邮箱" in capsys.readouterr().err
    assert not Cadre.objects.filter(user__username="other").exists()
