"""Closing a talk: outcomes, the question about calling, what stays open."""

from __future__ import annotations

import pytest

from handoff.closing import FollowUp, close_talk
from handoff.desk import NotHolder, claim_chat, release
from handoff.desk_errors import FollowUpMissing, MustStayOpen
from handoff.kinds import AuditAction, CadreRole, CallBackReason, CaseKind, Outcome
from handoff.models import AuditRow, Cadre, CallBack, Case, Conversation
from tests.desk import TestDesk

CALL = FollowUp(phone="13800138000", when="明天下午", said_as="王姐")


def _held(desk: TestDesk, text: str) -> tuple[Conversation, Cadre]:
    talk, cadre = desk.visitor(), desk.cadre("王敏", on_duty=True)
    desk.writes(talk, text)
    claim_chat(talk.pk, cadre, now=desk.clock())
    return talk, cadre


def test_an_ordinary_talk_is_closed_with_its_outcome(desk: TestDesk) -> None:
    talk, cadre = _held(desk, "主管对我动手动脚")
    close_talk(talk.pk, cadre, Outcome.ANSWERED, now=desk.clock())
    case = Case.objects.get(conversation=talk)
    assert (case.state, case.outcome) == ("closed", "answered")
    assert AuditRow.objects.get(action=AuditAction.CLOSE).detail == "answered"
    desk.run(talk)
    assert "已答复" in desk.heard(talk)[-1]


def test_a_talk_in_danger_is_not_closed_before_it_was_asked_how_to_call(desk: TestDesk) -> None:
    talk, cadre = _held(desk, "我不想活了")
    with pytest.raises(FollowUpMissing):
        close_talk(talk.pk, cadre, Outcome.SAFE, now=desk.clock())
    close_talk(talk.pk, cadre, Outcome.SAFE, now=desk.clock(), follow_up=FollowUp(declined=True))
    assert Case.objects.get(conversation=talk).state == "closed"
    assert CallBack.objects.count() == 0


def test_calls_after_a_day_and_a_week_are_booked_and_the_case_stays_open_for_them(desk: TestDesk) -> None:
    talk, cadre = _held(desk, "我不想活了")
    close_talk(talk.pk, cadre, Outcome.SAFE, now=desk.clock(), follow_up=CALL)
    calls = CallBack.objects.order_by("due_from").select_related("conversation__contact")
    assert [call.reason for call in calls] == [CallBackReason.NEXT_DAY, CallBackReason.NEXT_WEEK]
    assert calls[0].details["phone"] == "13800138000"
    assert Case.objects.get(conversation=talk, kind=CaseKind.CRISIS).state == "accepted"


def test_nothing_that_the_worker_reads_after_a_danger_names_it_or_asks_for_marks(desk: TestDesk) -> None:
    talk, cadre = _held(desk, "我不想活了")
    before = len(desk.heard(talk))
    close_talk(talk.pk, cadre, Outcome.SAFE, now=desk.clock(), follow_up=CALL)
    desk.run(talk)
    for said in desk.heard(talk)[before:]:
        assert not any(word in said for word in ("自杀", "轻生", "危机", "评价", "满意", "回访", "紧急求助"))


@pytest.mark.parametrize("text", ["我不想活了", "厂里有十四岁的童工", "车间氨气泄漏，好多人头晕"])
def test_a_matter_of_life_a_child_or_a_hazard_is_not_closed_as_withdrawn(desk: TestDesk, text: str) -> None:
    talk, cadre = _held(desk, text)
    with pytest.raises(MustStayOpen):
        close_talk(talk.pk, cadre, Outcome.WITHDRAWN, now=desk.clock())
    assert not Case.objects.filter(conversation=talk, state="closed").exists()


def test_whoever_rescue_has_reached_or_nobody_could_reach_needs_no_number(desk: TestDesk) -> None:
    for outcome, name in ((Outcome.WITH_RESCUE, "甲干部"), (Outcome.UNREACHED, "乙干部")):
        talk, cadre = desk.visitor(), desk.cadre(name, on_duty=True, role=CadreRole.DUTY_LEAD)
        desk.writes(talk, "我不想活了")
        claim_chat(talk.pk, cadre, now=desk.clock())
        close_talk(talk.pk, cadre, outcome, now=desk.clock())
        assert Case.objects.get(conversation=talk).outcome == outcome


def test_a_new_cry_while_it_is_being_closed_goes_to_the_head_of_the_queue(desk: TestDesk) -> None:
    talk, cadre = _held(desk, "我不想活了")
    desk.writes(talk, "我已经站在楼顶了，不想活了")
    close_talk(talk.pk, cadre, Outcome.SAFE, now=desk.clock(), follow_up=CALL)
    row = Conversation.objects.get(pk=talk.pk)
    assert (row.alarm_rings, row.holder, row.level) == (True, None, "crisis")
    assert Case.objects.filter(conversation=talk, state="accepted").exists()


def test_only_the_holder_closes(desk: TestDesk) -> None:
    talk, _ = _held(desk, "主管对我动手动脚")
    with pytest.raises(NotHolder):
        close_talk(talk.pk, desk.cadre("李强"), Outcome.ANSWERED, now=desk.clock())


def test_a_cadre_alone_does_not_say_that_nobody_could_be_reached(desk: TestDesk) -> None:
    talk, cadre = _held(desk, "我不想活了")
    with pytest.raises(FollowUpMissing):
        close_talk(talk.pk, cadre, Outcome.UNREACHED, now=desk.clock())


def test_a_talk_in_danger_is_not_given_back_before_it_was_asked_how_to_call(desk: TestDesk) -> None:
    talk, cadre = _held(desk, "我不想活了")
    with pytest.raises(FollowUpMissing):
        release(talk.pk, cadre, now=desk.clock())


def test_an_agreed_call_keeps_its_case_open(desk: TestDesk) -> None:
    talk, cadre = _held(desk, "主管对我动手动脚")
    close_talk(talk.pk, cadre, Outcome.ANSWERED, now=desk.clock(), follow_up=CALL)
    calls = CallBack.objects.filter(conversation=talk).select_related("case")
    assert [call.case is not None and call.case.state for call in calls] == ["accepted", "accepted"]


def test_a_complaint_is_not_closed_as_withdrawn(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("赵主管", on_duty=True, role=CadreRole.SUPERVISOR)
    desk.writes(talk, "我要举报工会干部贪污会费")
    claim_chat(talk.pk, cadre, now=desk.clock())
    with pytest.raises(MustStayOpen):
        close_talk(talk.pk, cadre, Outcome.WITHDRAWN, now=desk.clock())
