"""Asking for a person, and asking after one's cases."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from handoff.kinds import CaseKind, CaseState
from tests.dialogue.talk import NOW, Talk
from tests.fakes.case_reader import FakeCase, FakeCaseReader


@pytest.mark.parametrize("text", ["转人工", "人工", "我要找工会干部", "不想跟机器人说", "能给我打个电话吗"])
def test_a_person_is_called(talk: Talk, text: str) -> None:
    talk.goes((text, "工会干部"))
    assert talk.handoffs == ["asked"]


def test_nobody_on_duty_is_said_and_a_number_given(new_talk: Callable[..., Talk]) -> None:
    talk = new_talk(on_duty=False)
    answer = talk.says("转人工")
    assert "没有工会干部值班" in answer
    assert "12351" in answer


def test_a_person_is_never_promised_at_once(talk: Talk) -> None:
    answer = talk.says("转人工")
    assert "马上" not in answer
    assert "立刻" not in answer


@pytest.fixture
def worker(new_talk: Callable[..., Talk], cases: FakeCaseReader) -> Talk:
    contact = uuid4()
    cases.add(contact, FakeCase("261118003321", CaseKind.JOIN, CaseState.ACCEPTED, NOW))
    cases.add(contact, FakeCase("261120990145", CaseKind.SENSITIVE, CaseState.REGISTERED, NOW))
    return new_talk(contact=contact)


def test_a_worker_sees_all_their_own_cases(worker: Talk) -> None:
    answer = worker.says("查进度")
    assert "261118003321" in answer
    assert "已受理" in answer
    assert "261120990145" in answer


def test_one_case_is_found_by_its_number(worker: Talk) -> None:
    answer = worker.says("261118003321")
    assert "入会登记" in answer
    assert "261120990145" not in answer


def test_the_kind_of_a_sensitive_case_is_not_named(worker: Talk) -> None:
    assert "工会干部跟进" in worker.says("我的办件")


def test_a_strangers_case_and_a_missing_one_are_answered_alike(worker: Talk, talk: Talk) -> None:
    assert talk.says("查一下 261118003321") == talk.says("查一下 999999999999")


def test_who_has_no_case_is_told_so(talk: Talk) -> None:
    talk.goes(("我的入会办好了吗", "还没有登记过"))


@pytest.mark.parametrize("text", ["怎么还没人", "还要等多久", "等了半天了"])
@pytest.mark.parametrize(("on_duty", "word"), [(True, "值班的工会干部看到"), (False, "上班以后")])
def test_who_waits_hears_that_they_are_in_the_queue(
    new_talk: Callable[..., Talk], text: str, on_duty: bool, word: str
) -> None:
    talk = new_talk(on_duty=on_duty)
    talk.goes(("转人工", "工会干部"), (text, "在队里"))
    assert word in talk.replies[0].text
    assert "12351" in talk.replies[0].text
    assert talk.handoffs == ["asked"]


def test_who_called_nobody_is_told_how(talk: Talk) -> None:
    talk.goes(("怎么还没人", "还没有转给工会干部"))


@pytest.mark.parametrize("text", ["垃圾工会", "废物", "投诉你们"])
def test_anger_at_the_desk_is_met_kindly(talk: Talk, text: str) -> None:
    talk.goes((text, "12351"))
    assert "转人工" in talk.titles
