"""Cadres on one talk together: notes, advice, joining; and passing a talk on."""

from __future__ import annotations

import pytest

from handoff.desk import ConversationNotFound, NotHolder, access_conversation, claim_chat, release, reply
from handoff.desk_errors import CannotGoThere, NotAColleague
from handoff.kinds import AuditAction, CadreRole, DepartmentKind, MessageKind, OrganisationKind
from handoff.models import AuditRow, Cadre, Conversation, Department, Message, Note, Organisation
from handoff.passing_on import keep_from, refer, refer_up
from handoff.readers import may_read
from handoff.together import consult, join, leave, write_note
from tests.desk import TestDesk


def _department(desk: TestDesk, kind: DepartmentKind) -> Department:
    return Department.objects.get_or_create(organisation=desk.union, kind=kind, defaults={"name": kind.label})[0]


def _in(desk: TestDesk, name: str, kind: DepartmentKind) -> Cadre:
    cadre = desk.cadre(name, on_duty=True)
    Cadre.objects.filter(pk=cadre.pk).update(department=_department(desk, kind))
    cadre.refresh_from_db()
    return cadre


def _held(desk: TestDesk, text: str = "转人工", name: str = "王敏") -> tuple[Conversation, Cadre]:
    talk, cadre = desk.visitor(), desk.cadre(name, on_duty=True, role=CadreRole.SUPERVISOR)
    desk.says(talk, text)
    claim_chat(talk.pk, cadre, now=desk.clock())
    return talk, cadre


def _fresh(talk: Conversation) -> Conversation:
    return Conversation.objects.select_related("holder", "department", "contact").get(pk=talk.pk)


def test_a_private_note_is_sealed_and_the_worker_never_reads_it(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    note = write_note(talk.pk, cadre, "他说住在三号楼", now=desk.clock())
    desk.run(talk)
    assert Note.objects.select_related("conversation__contact").get(pk=note.pk).body == "他说住在三号楼"
    assert "三号楼".encode() not in bytes(note.body_sealed)
    assert not any("三号楼" in said for said in desk.heard(talk))


def test_a_colleague_who_is_asked_may_read_and_the_worker_sees_nothing(desk: TestDesk) -> None:
    lawyer = _in(desk, "法律小陈", DepartmentKind.LEGAL)
    _in(desk, "周兰", DepartmentKind.WOMEN)
    talk, cadre = _held(desk, "主管对我动手动脚", "赵主管")
    assert not may_read(lawyer, _fresh(talk))
    desk.run(talk)
    before = desk.heard(talk)
    note = consult(talk.pk, cadre, lawyer, "这种要不要先报警？", now=desk.clock())
    desk.run(talk)
    assert may_read(lawyer, _fresh(talk))
    assert note.to == lawyer
    assert desk.heard(talk) == before


def test_nobody_asks_somebody_who_may_not_know(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    operator, accused = desk.cadre("运维", role=CadreRole.OPERATOR), desk.cadre("李强")
    desk.cadre("张红")
    keep_from(talk.pk, cadre, accused, now=desk.clock())
    for colleague in (operator, accused, cadre):
        with pytest.raises(NotAColleague):
            consult(talk.pk, cadre, colleague, "您看呢", now=desk.clock())


def test_two_cadres_serve_one_worker_and_the_worker_knows_it(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    colleague = desk.cadre("李强", on_duty=True)
    with pytest.raises(NotHolder):
        reply(talk.pk, colleague, "我也在", key="k1", now=desk.clock())
    join(talk.pk, colleague, now=desk.clock())
    join(talk.pk, colleague, now=desk.clock())
    reply(talk.pk, colleague, "我也在", key="k1", now=desk.clock())
    desk.run(talk)
    assert sum("李强也来了" in said for said in desk.heard(talk)) == 1
    assert "我也在" in desk.heard(talk)
    leave(talk.pk, colleague, now=desk.clock())
    with pytest.raises(NotHolder):
        reply(talk.pk, colleague, "还有", key="k2", now=desk.clock())


def test_after_a_release_nobody_takes_part_any_more(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    colleague = desk.cadre("李强", on_duty=True)
    join(talk.pk, colleague, now=desk.clock())
    release(talk.pk, cadre, now=desk.clock())
    with pytest.raises(NotHolder):
        reply(talk.pk, colleague, "还有", key="k1", now=desk.clock())


def test_a_referred_talk_waits_in_the_other_department_and_the_worker_is_told(desk: TestDesk) -> None:
    legal = _in(desk, "法律小陈", DepartmentKind.LEGAL)
    general = _in(desk, "综合小刘", DepartmentKind.GENERAL)
    talk, cadre = _held(desk)
    refer(talk.pk, cadre, _department(desk, DepartmentKind.LEGAL), now=desk.clock())
    row = _fresh(talk)
    assert (row.holder, row.waiting_since is not None, row.silent) == (None, True, True)
    assert may_read(legal, row)
    assert not may_read(general, row)
    desk.run(talk)
    assert "法律援助" in desk.heard(talk)[-1]
    assert AuditRow.objects.filter(action=AuditAction.REFER, cadre=cadre).count() == 1


def test_only_who_holds_a_talk_or_leads_refers_it(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    department = _department(desk, DepartmentKind.LEGAL)
    with pytest.raises(NotHolder):
        refer(talk.pk, desk.cadre("李强"), department, now=desk.clock())
    with pytest.raises(NotHolder):
        refer(talk.pk, desk.cadre("赵主管", role=CadreRole.SUPERVISOR), department, now=desk.clock())


def test_a_complaint_is_never_referred_to_another_department(desk: TestDesk) -> None:
    discipline = _in(desk, "纪检老吴", DepartmentKind.DISCIPLINE)
    talk = desk.visitor()
    desk.writes(talk, "我要举报工会干部贪污会费")
    claim_chat(talk.pk, discipline, now=desk.clock())
    with pytest.raises(CannotGoThere):
        refer(talk.pk, discipline, _department(desk, DepartmentKind.RIGHTS), now=desk.clock())


def test_a_crisis_that_is_referred_rings_again(desk: TestDesk) -> None:
    talk, cadre = _held(desk, "我不想活了")
    assert not _fresh(talk).alarm_rings
    refer(talk.pk, cadre, _department(desk, DepartmentKind.CARE), now=desk.clock())
    assert _fresh(talk).alarm_rings


def test_a_talk_sent_up_is_gone_below_with_its_cases(desk: TestDesk) -> None:
    above = Organisation.objects.create(name="省总工会", kind=OrganisationKind.FEDERATION)
    Organisation.objects.filter(pk=desk.union.pk).update(parent=above)
    talk, cadre = _held(desk, "主管对我动手动脚")
    refer_up(talk.pk, cadre, now=desk.clock())
    assert {case.organisation_id for case in _fresh(talk).cases.all()} == {above.pk}
    with pytest.raises(ConversationNotFound):
        access_conversation(cadre, talk.pk)


def test_where_nobody_is_left_to_read_it_a_talk_goes_up(desk: TestDesk) -> None:
    above = Organisation.objects.create(name="省总工会", kind=OrganisationKind.FEDERATION)
    Organisation.objects.filter(pk=desk.union.pk).update(parent=above)
    talk, cadre = _held(desk)
    keep_from(talk.pk, cadre, cadre, now=desk.clock())
    row = _fresh(talk)
    assert (row.organisation_id, row.holder) == (above.pk, None)
    assert row.waiting_since is not None


def test_fixed_words_mark_where_one_hand_ends_and_the_other_begins(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    release(talk.pk, cadre, now=desk.clock(), brief="周五下午给您回电话")
    desk.run(talk)
    assert "王敏交代：周五下午给您回电话。" in desk.heard(talk)[-1]
    assert _fresh(talk).brief == "周五下午给您回电话"
    assert "周五下午".encode() not in bytes(_fresh(talk).brief_sealed)


LAW = ({"law": "中华人民共和国劳动法", "article_no": "第五十条"},)


def test_after_a_release_the_desk_neither_repeats_nor_contradicts(desk: TestDesk) -> None:
    desk.desk.parts.dialogue.citations = LAW  # type: ignore[union-attr]
    talk, cadre = desk.visitor(), desk.cadre("王敏", on_duty=True)
    first = desk.says(talk, "年假几天")
    claim_chat(talk.pk, cadre, now=desk.clock())
    reply(talk.pk, cadre, "您的情况是七天", key="k1", now=desk.clock())
    desk.clock.forward(minutes=1)
    release(talk.pk, cadre, now=desk.clock())
    desk.run(talk)
    desk.clock.forward(minutes=1)
    assert "前面已经答过您了" in desk.says(talk, "年假几天")[-1]
    other = desk.says(talk, "加班费怎么算")[-1]
    assert other == "answer to 加班费怎么算\n（王敏和您说过的，以王敏说的为准。）"
    assert desk.says(talk, "产假几天")[-1] == "answer to 产假几天"
    assert first == ["answer to 年假几天"]
    assert Message.objects.filter(kind=MessageKind.ENGINE).count() == 4
