"""The roster in the database: who serves, what a lead may write, and what is written down about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from handoff.duty import next_seen_at
from handoff.first_run import add_cadre
from handoff.kinds import AuditAction, CadreRole, DayKind, OrganisationKind
from handoff.models import Absence, AuditRow, Cadre, Organisation, RosterLine
from handoff.roster import duty_days, next_duty_starts, on_roster, roster_gaps
from handoff.roster_changes import (
    LineNotFound,
    NewLine,
    NotAllowed,
    Unfit,
    UnfitLine,
    add_absence,
    add_line,
    change_line,
    remove_absence,
    remove_line,
)
from tests.desk import TestDesk

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # Friday, 11:00 in Shanghai


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def hours(cadre: Cadre, stand_in: Cadre | None = None) -> NewLine:
    """Office hours on workdays."""
    return NewLine(cadre, stand_in, DayKind.WORKDAYS, None, time(8, 30), time(17, 30), date(2026, 1, 1))


@pytest.fixture
def lead(desk: TestDesk) -> Cadre:
    return desk.cadre("主管", role=CadreRole.DUTY_LEAD)


@pytest.fixture
def wang(desk: TestDesk) -> Cadre:
    return desk.cadre("王敏")


@pytest.fixture
def li(desk: TestDesk) -> Cadre:
    return desk.cadre("李强")


def test_a_written_line_puts_its_cadre_on_the_roster(desk: TestDesk, lead: Cadre, wang: Cadre, li: Cadre) -> None:
    line = add_line(lead, hours(wang, li), now=NOW)
    assert on_roster(desk.union, now=at("2026-11-20 11:00")) == [wang]
    assert on_roster(desk.union, now=at("2026-11-20 18:00")) == []
    assert next_duty_starts(desk.union, now=at("2026-11-20 18:00")) == at("2026-11-23 08:30")
    row = AuditRow.objects.get(action=AuditAction.ROSTER)
    assert (row.cadre, row.subject, row.detail) == (lead, f"roster:{line.pk}", "added")


def test_another_unions_roster_is_its_own(desk: TestDesk, lead: Cadre, wang: Cadre) -> None:
    add_line(lead, hours(wang), now=NOW)
    other = Organisation.objects.create(name="白水县总工会", kind=OrganisationKind.FEDERATION)
    assert on_roster(other, now=NOW) == []
    assert next_duty_starts(other, now=NOW) is None


def test_an_absence_brings_in_the_stand_in_until_it_is_taken_back(
    desk: TestDesk, lead: Cadre, wang: Cadre, li: Cadre
) -> None:
    add_line(lead, hours(wang, li), now=NOW)
    absence = add_absence(lead, wang, date(2026, 11, 20), date(2026, 11, 24), now=NOW)
    assert on_roster(desk.union, now=NOW) == [li]
    remove_absence(lead, absence.pk, now=NOW)
    assert on_roster(desk.union, now=NOW) == [wang]
    assert AuditRow.objects.filter(action=AuditAction.ROSTER).count() == 3


def test_a_closed_account_and_an_operator_do_not_serve(desk: TestDesk, lead: Cadre, wang: Cadre, li: Cadre) -> None:
    add_line(lead, hours(wang, li), now=NOW)
    wang.user.is_active = False
    wang.user.save()
    assert on_roster(desk.union, now=NOW) == [li]
    Cadre.objects.filter(pk=li.pk).update(role=CadreRole.OPERATOR)
    assert on_roster(desk.union, now=NOW) == []


def test_changing_and_removing_a_line(desk: TestDesk, lead: Cadre, wang: Cadre, li: Cadre) -> None:
    line = add_line(lead, hours(wang), now=NOW)
    change_line(lead, line.pk, replace(hours(li), starts=time(12)), now=NOW)
    assert on_roster(desk.union, now=at("2026-11-20 11:00")) == []
    assert on_roster(desk.union, now=at("2026-11-20 12:00")) == [li]
    remove_line(lead, line.pk, now=NOW)
    assert not RosterLine.objects.exists()
    details = AuditRow.objects.filter(action=AuditAction.ROSTER).order_by("pk").values_list("detail", flat=True)
    assert list(details) == ["added", "changed", f"removed cadre:{li.pk}"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"weekday": 7}, Unfit.WEEKDAY),
        ({"valid_until": date(2025, 12, 31)}, Unfit.BACKWARDS),
    ],
)
def test_a_line_that_cannot_be_is_refused(lead: Cadre, wang: Cadre, change: dict, why: Unfit) -> None:
    with pytest.raises(UnfitLine) as refused:
        add_line(lead, replace(hours(wang), **change), now=NOW)
    assert refused.value.why is why
    assert not RosterLine.objects.exists()


def test_a_line_is_refused_for_the_same_person_twice_or_for_strangers(lead: Cadre, wang: Cadre, desk: TestDesk) -> None:
    other = Organisation.objects.create(name="白水县总工会", kind=OrganisationKind.FEDERATION)
    add_cadre(other, "chen", display_name="陈红", role=CadreRole.CADRE, password="correct horse battery")
    stranger = Cadre.objects.get(user__username="chen")
    add_line(lead, hours(wang), now=NOW)
    for new, why in (
        (hours(wang), Unfit.TAKEN),
        (replace(hours(wang), starts=time(9), stand_in=wang), Unfit.OWN_STAND_IN),
        (hours(stranger), Unfit.STRANGER),
        (replace(hours(wang), starts=time(9), stand_in=stranger), Unfit.STRANGER),
        (hours(desk.cadre("运维", role=CadreRole.OPERATOR)), Unfit.STRANGER),
    ):
        with pytest.raises(UnfitLine) as refused:
            add_line(lead, new, now=NOW)
        assert refused.value.why is why
    assert RosterLine.objects.count() == 1


def test_only_leads_of_the_same_union_change_the_roster(desk: TestDesk, lead: Cadre, wang: Cadre) -> None:
    line = add_line(lead, hours(wang), now=NOW)
    absence = Absence.objects.create(cadre=wang, from_on=date(2026, 12, 1), until_on=date(2026, 12, 1))
    other = Organisation.objects.create(name="白水县总工会", kind=OrganisationKind.FEDERATION)
    add_cadre(other, "chen", display_name="陈红", role=CadreRole.SUPERVISOR, password="correct horse battery")
    stranger = Cadre.objects.get(user__username="chen")
    with pytest.raises(NotAllowed):
        add_line(wang, hours(wang), now=NOW)
    with pytest.raises(NotAllowed):
        remove_line(wang, line.pk, now=NOW)
    for deed in (remove_line, remove_absence):
        with pytest.raises(LineNotFound):
            deed(stranger, line.pk if deed is remove_line else absence.pk, now=NOW)
    with pytest.raises(LineNotFound):
        change_line(stranger, line.pk, hours(stranger), now=NOW)
    with pytest.raises(UnfitLine):
        add_absence(stranger, wang, date(2026, 12, 1), date(2026, 12, 2), now=NOW)


def test_without_a_roster_the_next_week_is_one_gap(desk: TestDesk) -> None:
    (gap,) = roster_gaps(desk.union, now=NOW)
    assert gap.starts_at == NOW
    assert (gap.ends_at - NOW).days == 7


def test_the_week_shows_each_day_with_its_people_and_gaps(desk: TestDesk, lead: Cadre, wang: Cadre) -> None:
    add_line(lead, hours(wang), now=NOW)
    days = duty_days(desk.union, first=date(2026, 11, 20), days=3)
    assert [(day.works, len(day.stretches), len(day.gaps)) for day in days] == [
        (True, 1, 2),
        (False, 0, 1),
        (False, 0, 1),
    ]
    (late,) = duty_days(desk.union, first=date(2027, 1, 4), days=1)
    assert late.provisional


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-20 07:00", "今天 08:30"),
        ("2026-11-19 18:00", "明天 08:30"),
        ("2026-11-20 18:00", "周一 08:30"),
        ("2026-09-30 18:00", "10月8日 08:30"),
    ],
)
def test_workers_are_told_when_the_next_duty_begins(
    desk: TestDesk, lead: Cadre, wang: Cadre, moment: str, words: str
) -> None:
    add_line(lead, hours(wang), now=NOW)
    assert next_seen_at(desk.union, now=at(moment)) == words


def test_without_a_roster_workers_are_told_the_installations_hour(desk: TestDesk) -> None:
    assert next_seen_at(desk.union, now=NOW) == "工作日 08:30 上班后"


def test_the_roster_is_read_in_the_installations_time_zone(
    desk: TestDesk, lead: Cadre, wang: Cadre, settings: Settings
) -> None:
    add_line(lead, hours(wang), now=NOW)
    settings.NIANGJIA = replace(settings.NIANGJIA, time_zone="Asia/Urumqi")
    settings.TIME_ZONE = "Asia/Urumqi"
    assert on_roster(desk.union, now=at("2026-11-20 09:00")) == []
    assert next_seen_at(desk.union, now=at("2026-11-20 09:00")) == "今天 08:30"


def test_a_broken_holidays_file_leaves_the_roster_working(
    desk: TestDesk, lead: Cadre, wang: Cadre, settings: Settings, tmp_path: Path
) -> None:
    add_line(lead, hours(wang), now=NOW)
    (tmp_path / "holidays.yml").write_text("holidays: [", encoding="utf-8")
    settings.NIANGJIA = replace(settings.NIANGJIA, home=tmp_path)
    assert on_roster(desk.union, now=NOW) == [wang]


def test_a_day_off_in_the_operators_file_is_no_workday_of_the_roster(
    desk: TestDesk, lead: Cadre, wang: Cadre, settings: Settings, tmp_path: Path
) -> None:
    add_line(lead, hours(wang), now=NOW)
    (tmp_path / "holidays.yml").write_text("source: 某号文件\nholidays: [2026-11-20]\n", encoding="utf-8")
    settings.NIANGJIA = replace(settings.NIANGJIA, home=tmp_path)
    assert on_roster(desk.union, now=NOW) == []
