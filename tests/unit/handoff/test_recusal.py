"""Complaints: whoever is complained of neither has the talk nor reads it, whenever the name is said."""

from __future__ import annotations

import pytest

from handoff.desk import claim_chat
from handoff.desk_errors import CannotGoThere, NotHolder
from handoff.kinds import AuditAction, CadreRole, DepartmentKind, OrganisationKind
from handoff.models import AuditRow, Cadre, Conversation, Department, Organisation
from handoff.passing_on import keep_from, readmit
from handoff.readers import may_read, readers_of, unread_matters
from handoff.recusal import recuse_by_words
from tests.desk import TestDesk

COMPLAINT = "我要举报你们工会的干部贪污会费"


def _discipline(desk: TestDesk, *names: str) -> list[Cadre]:
    department = Department.objects.create(
        organisation=desk.union, kind=DepartmentKind.DISCIPLINE, name=DepartmentKind.DISCIPLINE.label
    )
    cadres = [desk.cadre(name, on_duty=True) for name in names]
    Cadre.objects.filter(pk__in=[cadre.pk for cadre in cadres]).update(department=department)
    return list(Cadre.objects.filter(pk__in=[cadre.pk for cadre in cadres]).order_by("pk"))


def _fresh(talk: Conversation) -> Conversation:
    return Conversation.objects.select_related("holder").get(pk=talk.pk)


@pytest.mark.parametrize(
    "texts", [(COMPLAINT, "就是张三丰"), ("张三丰今天又没来", COMPLAINT), (COMPLAINT, "姓张，张主任")]
)
def test_the_name_counts_in_whichever_message_it_stands(desk: TestDesk, texts: tuple[str, ...]) -> None:
    accused, other = _discipline(desk, "张三丰", "李四海")
    talk = desk.visitor()
    for text in texts:
        desk.writes(talk, text)
    assert not may_read(accused, _fresh(talk))
    assert may_read(other, _fresh(talk))


def test_a_complaint_about_the_union_accuses_not_whoever_listens(desk: TestDesk) -> None:
    holder, _ = _discipline(desk, "张三丰", "李四海")
    talk = desk.visitor()
    claim_chat(talk.pk, holder, now=desk.clock())
    desk.writes(talk, COMPLAINT)
    assert _fresh(talk).holder == holder


@pytest.mark.parametrize("said", ["我要举报你，你这个工会干部收钱", "我要投诉您，工会干部还吃拿卡要"])
def test_whoever_listens_and_is_accused_loses_the_talk(desk: TestDesk, said: str) -> None:
    holder, other = _discipline(desk, "张三丰", "李四海")
    talk = desk.visitor()
    claim_chat(talk.pk, holder, now=desk.clock())
    desk.writes(talk, said)
    row = _fresh(talk)
    assert (row.holder, row.waiting_since is not None) == (None, True)
    assert [reader.pk for reader in readers_of(row)] == [other.pk]


def test_a_holder_who_is_not_of_discipline_loses_a_complaint(desk: TestDesk) -> None:
    [reader] = _discipline(desk, "李四海")
    holder, talk = desk.cadre("王敏", on_duty=True), desk.visitor()
    claim_chat(talk.pk, holder, now=desk.clock())
    desk.writes(talk, COMPLAINT)
    row = _fresh(talk)
    assert (row.holder, may_read(holder, row), may_read(reader, row)) == (None, False, True)


def test_a_crisis_that_loses_its_holder_by_a_complaint_rings_anew(desk: TestDesk) -> None:
    holder, _ = _discipline(desk, "张三丰", "李四海")
    talk = desk.visitor()
    desk.writes(talk, "我不想活了")
    claim_chat(talk.pk, holder, now=desk.clock())
    assert not _fresh(talk).alarm_rings
    desk.writes(talk, "张三丰这个工会干部贪污会费")
    row = _fresh(talk)
    assert (row.holder, row.level, row.alarm_rings) == (None, "crisis", True)


def test_after_going_up_further_messages_leave_it_there(desk: TestDesk) -> None:
    top = Organisation.objects.create(name="省总工会", kind=OrganisationKind.FEDERATION)
    middle = Organisation.objects.create(name="镇联合工会", kind=OrganisationKind.JOINT_UNION, parent=top)
    below = Organisation.objects.create(name="红星厂工会", kind=OrganisationKind.GRASSROOTS_UNION, parent=middle)
    talk = desk.visitor()
    Conversation.objects.filter(pk=talk.pk).update(organisation=below)
    desk.writes(talk, COMPLAINT)
    assert _fresh(talk).organisation == middle
    desk.writes(talk, "厂里还有十四岁的童工")
    assert _fresh(talk).organisation == middle


def test_every_recusal_is_audited_also_one_that_the_desk_makes(desk: TestDesk) -> None:
    accused, _ = _discipline(desk, "张三丰", "李四海")
    desk.writes(desk.visitor(), f"{COMPLAINT}，就是张三丰")
    row = AuditRow.objects.get(action=AuditAction.KEEP_FROM)
    assert (row.cadre, row.detail) == (None, f"from:{accused.pk}")


def test_in_danger_one_cadre_cannot_shut_out_all_others(desk: TestDesk) -> None:
    actor, other = desk.cadre("王敏", on_duty=True), desk.cadre("赵主管", role=CadreRole.SUPERVISOR)
    talk = desk.visitor()
    desk.writes(talk, "我不想活了")
    claim_chat(talk.pk, actor, now=desk.clock())
    with pytest.raises(CannotGoThere):
        keep_from(talk.pk, actor, other, now=desk.clock())


def test_a_supervisor_undoes_a_recusal_and_nobody_else(desk: TestDesk) -> None:
    actor, other, lead = desk.cadre("王敏"), desk.cadre("李强"), desk.cadre("赵主管", role=CadreRole.SUPERVISOR)
    talk = desk.visitor()
    desk.says(talk, "转人工")
    claim_chat(talk.pk, actor, now=desk.clock())
    keep_from(talk.pk, actor, other, now=desk.clock())
    with pytest.raises(NotHolder):
        readmit(talk.pk, actor, other, now=desk.clock())
    readmit(talk.pk, lead, other, now=desk.clock())
    assert may_read(other, _fresh(talk))


def test_somebody_reads_a_complaint_also_where_nobody_is_named_for_it(desk: TestDesk) -> None:
    cadre, talk = desk.cadre("王敏"), desk.visitor()
    desk.writes(talk, COMPLAINT)
    assert [reader.pk for reader in readers_of(_fresh(talk))] == [cadre.pk]
    assert unread_matters(desk.union) == ("crisis", "complaints")


def test_a_fault_in_recusing_never_loses_a_message(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> bool:
        raise RuntimeError("broken")

    monkeypatch.setattr("handoff.intake.recuse_by_words", fail)
    monkeypatch.setattr("handoff.lanes.route", fail)
    talk = desk.visitor()
    desk.writes(talk, "我不想活了")
    assert recuse_by_words is not fail
    row = _fresh(talk)
    assert (row.level, row.alarm_rings) == ("crisis", True)
    desk.run(talk)
    assert any("110" in said for said in desk.heard(talk))


@pytest.mark.parametrize("text", ["我们两个人站在楼顶，不想活了", "我们两百多个工人都没拿到工资，准备停工", "百十个人"])
def test_however_a_number_is_written_the_message_is_stored(desk: TestDesk, text: str) -> None:
    talk = desk.visitor()
    desk.writes(talk, text)
    assert _fresh(talk).messages.filter(kind="worker").count() == 1
