"""A cadre who holds a talk and does not answer."""

from __future__ import annotations

from handoff.desk import claim_chat, reply
from handoff.kinds import AuditAction
from handoff.models import AuditRow, Cadre, Conversation
from handoff.silence import tend_silence
from handoff.sweeps import sweep_all
from tests.desk import TestDesk


def _held(desk: TestDesk) -> tuple[Conversation, Cadre]:
    talk, cadre = desk.visitor(), desk.cadre("王敏", on_duty=True)
    claim_chat(talk.pk, cadre, now=desk.clock())
    reply(talk.pk, cadre, "您好", key="k1", now=desk.clock())
    desk.run(talk)
    return talk, cadre


def _wait(desk: TestDesk, talk: Conversation, *, minutes: float) -> list[str]:
    before = len(desk.heard(talk))
    desk.clock.forward(minutes=minutes)
    assert sweep_all(now=desk.clock()) == []
    desk.run(talk)
    return desk.heard(talk)[before:]


def test_after_five_minutes_the_worker_is_told_once(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    desk.writes(talk, "在吗")
    assert _wait(desk, talk, minutes=4.9) == []
    assert "没回上话" in _wait(desk, talk, minutes=0.2)[0]
    assert _wait(desk, talk, minutes=1) == []


def test_after_fifteen_minutes_the_talk_waits_for_a_colleague_at_its_old_place(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    desk.writes(talk, "在吗")
    asked_at = desk.clock()
    _wait(desk, talk, minutes=5)
    said = _wait(desk, talk, minutes=10)
    row = Conversation.objects.get(pk=talk.pk)
    assert "请别的同志来接" in said[0]
    assert (row.holder, row.waiting_since, row.silent) == (None, asked_at, True)
    assert AuditRow.objects.get(action=AuditAction.REQUEUE).cadre == cadre
    assert tend_silence(now=desk.clock()) == 0


def test_an_answer_stops_the_clock_and_the_next_question_starts_it_anew(desk: TestDesk) -> None:
    talk, cadre = _held(desk)
    desk.writes(talk, "在吗")
    desk.clock.forward(minutes=4)
    reply(talk.pk, cadre, "在", key="k2", now=desk.clock())
    assert _wait(desk, talk, minutes=30) == ["在"]
    desk.writes(talk, "那怎么办")
    assert _wait(desk, talk, minutes=4) == []


def test_whoever_claims_and_says_nothing_is_late_as_well(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏", on_duty=True)
    desk.writes(talk, "转人工")
    claim_chat(talk.pk, cadre, now=desk.clock())
    assert any("没回上话" in said for said in _wait(desk, talk, minutes=5))


def test_a_worker_who_says_nothing_further_is_not_told_of_silence(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    assert _wait(desk, talk, minutes=60) == []


def test_a_restart_between_five_and_fifteen_minutes_changes_nothing(desk: TestDesk) -> None:
    from tests.desk import make_desk

    talk, _ = _held(desk)
    desk.writes(talk, "在吗")
    _wait(desk, talk, minutes=6)
    again = make_desk(desk.desk.parts.dialogue)
    again.clock.now = desk.clock()
    assert "请别的同志来接" in _wait(again, talk, minutes=10)[0]


def test_a_crisis_that_is_taken_back_rings_anew(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏", on_duty=True)
    desk.writes(talk, "我不想活了")
    claim_chat(talk.pk, cadre, now=desk.clock())
    desk.clock.forward(minutes=15)
    tend_silence(now=desk.clock())
    row = Conversation.objects.get(pk=talk.pk)
    assert (row.holder, row.alarm_rings, row.alarm_step) == (None, True, 0)


def test_when_the_clock_was_set_back_the_wait_counts_from_then(desk: TestDesk) -> None:
    talk, _ = _held(desk)
    desk.writes(talk, "在吗")
    desk.clock.forward(hours=-2)
    tend_silence(now=desk.clock())
    assert "没回上话" in _wait(desk, talk, minutes=5)[0]
