"""Departments, numbers of people, urgency, and what workers ask for."""

from __future__ import annotations

import pytest

from handoff.flags import flags_in, set_flags
from handoff.headcount import headcount
from handoff.kinds import AuditAction, CaseKind, DepartmentKind, Flag
from handoff.models import AuditRow, Case, Conversation, Department
from tests.desk import TestDesk


def _routed(desk: TestDesk, *texts: str) -> Conversation:
    talk = desk.visitor()
    for text in texts:
        desk.writes(talk, text)
    return Conversation.objects.select_related("department").get(pk=talk.pk)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("我们三十多个工人没拿到钱", 30),
        ("我们20人被辞退", 20),
        ("全厂上百人", 100),
        ("十几个骑手一起停单", 11),
        ("一百二十名职工签了名，还有5个同事", 120),
        ("我们都没拿到工资", None),
        ("3个月没发工资了，电话13800138000", None),
    ],
)
def test_the_number_of_people_is_read_as_written(text: str, people: int | None) -> None:
    assert headcount(text) == people


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("主管对我动手动脚", DepartmentKind.WOMEN),
        ("工地上昨天摔死人了", DepartmentKind.SAFETY),
        ("全厂都没拿到工资，大家准备停工", DepartmentKind.RIGHTS),
        ("厂里有十四岁的童工", DepartmentKind.RIGHTS),
    ],
)
def test_a_matter_goes_to_its_department(desk: TestDesk, text: str, kind: DepartmentKind) -> None:
    for each in DepartmentKind:
        Department.objects.create(organisation=desk.union, kind=each, name=each.label)
    department = _routed(desk, text).department
    assert department is not None
    assert department.kind == kind


def test_what_was_said_to_the_womens_department_stays_there(desk: TestDesk) -> None:
    for each in DepartmentKind:
        Department.objects.create(organisation=desk.union, kind=each, name=each.label)
    department = _routed(desk, "主管对我动手动脚", "全厂都没拿到工资，大家准备停工").department
    assert department is not None
    assert department.kind == DepartmentKind.WOMEN


def test_a_collective_matter_needs_no_number_and_many_people_ring(desk: TestDesk) -> None:
    few, many = _routed(desk, "我们大家都没拿到工资"), _routed(desk, "我们三十多个工人都没拿到工资，准备停工")
    assert "collective" in few.categories
    assert (few.urgent, few.alarm_rings) == (False, False)
    assert (many.headcount, many.urgent, many.alarm_rings) == (30, True, True)


def test_from_how_many_a_matter_is_urgent_is_a_setting(desk: TestDesk, settings) -> None:  # type: ignore[no-untyped-def]
    from dataclasses import replace

    settings.NIANGJIA = replace(settings.NIANGJIA, collective_urgent_from=50)
    assert not _routed(desk, "我们三十多个工人都没拿到工资，准备停工").urgent


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("你们别告诉单位啊", [Flag.NOT_THE_EMPLOYER]),
        ("能不能找个女的跟我说", [Flag.A_WOMAN]),
        ("打我手机，别打家里，也不要留言", [Flag.NEVER_HOME, Flag.NO_VOICEMAIL]),
        ("年假几天", []),
    ],
)
def test_what_a_worker_asks_for_is_heard(text: str, flags: list[Flag]) -> None:
    assert flags_in(text) == flags


def test_a_wish_in_an_ordinary_message_stands_with_the_talk(desk: TestDesk) -> None:
    assert _routed(desk, "年假几天，别让公司知道我问过").flags == [Flag.NOT_THE_EMPLOYER.value]


def test_a_cadre_corrects_the_wishes_and_it_is_audited(desk: TestDesk) -> None:
    talk = _routed(desk, "别告诉单位")
    cadre = desk.cadre("王敏")
    set_flags(talk.pk, cadre, [Flag.A_WOMAN], shown=[Flag.NOT_THE_EMPLOYER], now=desk.clock())
    assert Conversation.objects.get(pk=talk.pk).flags == [Flag.A_WOMAN.value]
    assert AuditRow.objects.filter(action=AuditAction.FLAG, cadre=cadre).count() == 1


def test_the_words_that_triggered_it_are_kept_sealed_with_the_message(desk: TestDesk) -> None:
    talk = _routed(desk, "老板欠薪，我不想活了")
    message = talk.messages.filter(level="crisis").select_related("conversation__contact").get()
    assert any("不想活" in piece for piece in message.extras["triggers"])
    assert "不想活".encode() not in bytes(message.extras_sealed)


def test_ending_the_talk_does_not_withdraw_a_matter_of_life_or_of_a_child(desk: TestDesk) -> None:
    from handoff.erasure import end_and_clear

    for text, kind in (("我不想活了", CaseKind.CRISIS), ("厂里有十四岁的童工", CaseKind.SENSITIVE)):
        talk = _routed(desk, text, "没事了，不用管了，我撤回")
        assert end_and_clear(talk, now=desk.clock()).kept
        assert Case.objects.get(conversation=talk, kind=kind).state == "registered"
        row = Conversation.objects.get(pk=talk.pk)
        assert row.waiting_since is not None
        assert row.messages.filter(kind="worker").count() == 2
