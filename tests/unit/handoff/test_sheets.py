"""Sheets: filled in from the talk, with their clocks, told and sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from handoff.glass import ask
from handoff.kinds import AuditAction, CadreRole, SheetKind
from handoff.lights import Light, status_light
from handoff.models import AuditRow, Cadre, Conversation, Sheet
from handoff.sheet_clocks import ClockName, ClockRules, SheetStand, sheet_clocks
from handoff.sheets import (
    FirstComesFirst,
    NothingWritten,
    SheetSent,
    clocks_of,
    current,
    filled,
    mark_sent,
    save_sheet,
    tell_by_telephone,
    told_of,
)
from tests.desk import TestDesk

RULES = ClockRules(timedelta(minutes=30), timedelta(minutes=120), timedelta(hours=24))
START = datetime.fromisoformat("2026-11-21T10:00:00+08:00")


def after(**units: float) -> datetime:
    return START + timedelta(**units)


def lights(now: datetime, *sheets: SheetStand) -> dict[ClockName, Light]:
    return {clock.name: clock.light for clock in sheet_clocks(START, sheets, RULES, now=now)}


def crisis(desk: TestDesk) -> Conversation:
    talk = desk.visitor()
    desk.writes(talk, "我在城南工地3号楼楼顶")
    desk.writes(talk, "我不想活了，我这就从楼上跳下去")
    desk.writes(talk, "我电话138 1234 5678")
    talk.refresh_from_db()
    return talk


def collective(desk: TestDesk) -> Conversation:
    talk = desk.visitor()
    desk.writes(talk, "我们华星电子厂三百多人停工了，堵在厂门口")
    desk.writes(talk, "拖欠我们三个月工资，电话13812345678")
    talk.refresh_from_db()
    return talk


def save(talk: Conversation, kind: SheetKind, cadre: Cadre, desk: TestDesk, **fields: str) -> Sheet:
    return save_sheet(talk.pk, kind, fields or {"where": "厂门口"}, cadre=cadre, now=desk.clock())


def test_a_light_turns_amber_before_the_limit_and_red_at_it() -> None:
    for minutes, light in ((0, Light.GREEN), (19, Light.GREEN), (20, Light.AMBER), (29, Light.AMBER), (30, Light.RED)):
        assert status_light(after(minutes=30), now=after(minutes=minutes), warn_before=timedelta(minutes=10)) is light


def test_two_clocks_run_from_the_beginning() -> None:
    assert lights(after(minutes=5)) == {ClockName.TELEPHONE: Light.GREEN, ClockName.WRITTEN: Light.GREEN}
    assert lights(after(minutes=31)) == {ClockName.TELEPHONE: Light.RED, ClockName.WRITTEN: Light.GREEN}
    assert lights(after(minutes=121))[ClockName.WRITTEN] is Light.RED


def test_a_call_stops_the_first_clock_only() -> None:
    told = SheetStand(SheetKind.FIRST, told_at=after(minutes=10))
    assert lights(after(minutes=121), told) == {ClockName.TELEPHONE: Light.GREEN, ClockName.WRITTEN: Light.RED}


def test_a_first_sheet_in_writing_stops_both_and_starts_the_next() -> None:
    sent = SheetStand(SheetKind.FIRST, sent_at=after(minutes=20))
    found = sheet_clocks(START, [sent], RULES, now=after(hours=20))
    assert [clock.done_at for clock in found[:2]] == [after(minutes=20)] * 2
    assert (found[2].name, found[2].due_at, found[2].light) == (
        ClockName.UPDATE,
        after(hours=24, minutes=20),
        Light.AMBER,
    )


def test_each_further_sheet_starts_the_day_anew_until_the_last_one() -> None:
    sheets = [
        SheetStand(SheetKind.FIRST, sent_at=after(minutes=20)),
        SheetStand(SheetKind.UPDATE, sent_at=after(hours=20)),
    ]
    assert sheet_clocks(START, sheets, RULES, now=after(hours=21))[2].due_at == after(hours=44)
    over = [*sheets, SheetStand(SheetKind.FINAL, sent_at=after(hours=30))]
    assert len(sheet_clocks(START, over, RULES, now=after(hours=60))) == 2


def test_what_was_done_too_late_stays_visible() -> None:
    sent = SheetStand(SheetKind.FIRST, sent_at=after(hours=3))
    assert [clock.late for clock in sheet_clocks(START, [sent], RULES, now=after(hours=4))[:2]] == [True, True]


def test_the_installations_own_limits_hold(desk: TestDesk) -> None:
    talk = collective(desk)
    with override_settings(NIANGJIA=replace(settings.NIANGJIA, first_notice_minutes=10)):
        [telephone, _] = clocks_of(talk, now=desk.clock())
    assert telephone.due_at == desk.clock() + timedelta(minutes=10)


def test_no_clock_runs_for_one_persons_matter(desk: TestDesk) -> None:
    assert clocks_of(crisis(desk), now=desk.clock()) == ()


def test_the_police_sheet_holds_exact_words_place_number_and_time(desk: TestDesk) -> None:
    held = filled(crisis(desk), SheetKind.POLICE, now=desk.clock())
    assert "我在城南工地3号楼楼顶" in held["where"]
    assert held["phone"] == "13812345678"
    assert "我不想活了，我这就从楼上跳下去" in held["words"]
    assert "2026年11月21日 18:00" in held["words"]
    assert "2026年11月21日 18:00" in held["when"]


def test_the_police_sheet_holds_no_address_unless_the_glass_is_broken(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.writes(talk, "我不想活了", network={"ip": "203.0.113.9", "port": 51044})
    talk.refresh_from_db()
    assert filled(talk, SheetKind.POLICE, now=desk.clock())["network"] == ""
    lead = desk.cadre("陈红", role=CadreRole.DUTY_LEAD)
    ask(talk.pk, lead, "职工说要跳楼，找不到人", now=desk.clock())
    held = filled(talk, SheetKind.POLICE, now=desk.clock())["network"]
    assert "203.0.113.9，端口 51044，2026年11月21日 18:00" in held


def test_the_collective_sheet_is_filled_from_the_talk(desk: TestDesk) -> None:
    held = filled(collective(desk), SheetKind.FIRST, now=desk.clock())
    assert held["unit"] == "华星电子厂"
    assert "停工" in held["state"]
    assert "300" in held["headcount"]
    assert "拖欠我们三个月工资" in held["demands"]
    assert held["contact"] == "13812345678"


def test_a_further_sheet_begins_with_the_one_before(desk: TestDesk) -> None:
    talk, cadre = collective(desk), desk.cadre("王敏")
    first = save(talk, SheetKind.FIRST, cadre, desk, where="东门", cause="换老板")
    mark_sent(first.pk, "市总权益部", cadre=cadre, now=desk.clock())
    held = filled(talk, SheetKind.UPDATE, now=desk.clock())
    assert (held["where"], held["cause"]) == ("东门", "换老板")


def test_a_sheet_is_changed_until_it_is_sent(desk: TestDesk) -> None:
    talk, cadre = collective(desk), desk.cadre("王敏")
    save(talk, SheetKind.FIRST, cadre, desk, where="东门")
    sheet = save(talk, SheetKind.FIRST, cadre, desk, where="西门")
    assert Sheet.objects.get().fields["where"] == "西门"
    mark_sent(sheet.pk, "市总", cadre=cadre, now=desk.clock())
    for again in (
        lambda: save(talk, SheetKind.FIRST, cadre, desk, where="南门"),
        lambda: mark_sent(sheet.pk, "区总", cadre=cadre, now=desk.clock()),
    ):
        with pytest.raises(SheetSent):
            again()


def test_changing_a_sheet_keeps_that_it_was_told_by_telephone(desk: TestDesk) -> None:
    talk, cadre = collective(desk), desk.cadre("王敏")
    sheet = save(talk, SheetKind.FIRST, cadre, desk)
    tell_by_telephone(sheet.pk, "市总权益部", cadre=cadre, now=desk.clock())
    desk.clock.forward(minutes=20)
    save(talk, SheetKind.FIRST, cadre, desk, where="西门")
    told = told_of(Sheet.objects.get())
    assert told is not None
    assert told.to == "市总权益部"
    assert [clock.done_at for clock in clocks_of(talk, now=desk.clock())] == [told.at, None]


def test_further_sheets_are_numbered_and_follow_the_first(desk: TestDesk) -> None:
    talk, cadre = collective(desk), desk.cadre("王敏")
    with pytest.raises(FirstComesFirst):
        save(talk, SheetKind.UPDATE, cadre, desk)
    mark_sent(save(talk, SheetKind.FIRST, cadre, desk).pk, "市总", cadre=cadre, now=desk.clock())
    for _ in range(2):
        mark_sent(save(talk, SheetKind.UPDATE, cadre, desk).pk, "市总", cadre=cadre, now=desk.clock())
    assert list(Sheet.objects.filter(kind=SheetKind.UPDATE).values_list("number", flat=True)) == [1, 2]
    assert current(talk, SheetKind.UPDATE) is None


def test_an_empty_sheet_and_a_receiver_without_name_are_refused(desk: TestDesk) -> None:
    talk, cadre = collective(desk), desk.cadre("王敏")
    with pytest.raises(NothingWritten):
        save(talk, SheetKind.FIRST, cadre, desk, where="  ")
    with pytest.raises(NothingWritten):
        mark_sent(save(talk, SheetKind.FIRST, cadre, desk).pk, " ", cadre=cadre, now=desk.clock())


def test_a_sheet_is_sealed_and_audit_rows_hold_ids_only(desk: TestDesk) -> None:
    talk, cadre = collective(desk), desk.cadre("王敏")
    with transaction.atomic():
        sheet = save(talk, SheetKind.FIRST, cadre, desk, contact="13812345678")
    tell_by_telephone(sheet.pk, "市总", cadre=cadre, now=desk.clock())
    assert b"13812345678" not in bytes(Sheet.objects.values_list("fields_sealed", flat=True)[0])
    rows = AuditRow.objects.filter(action=AuditAction.SHEET)
    assert sorted(row.detail for row in rows) == ["first-saved", "first-told"]
    assert {row.subject for row in rows} == {f"sheet:{sheet.pk}"}
