"""A form that was begun in one place and is finished in another, with the trained dialogue and the real records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from bot.composition import Desk, compose
from bot.parts import PartState
from handoff.first_run import ensure_union
from handoff.kinds import CaseKind, Channel
from handoff.link_codes import code_in
from handoff.models import Case, Conversation
from handoff.screening.screener import Screener
from tests.desk import Clock, TestDesk

if TYPE_CHECKING:
    from knowledge.search import KnowledgeBase
    from nlu.engine import DialogueEngine


@pytest.fixture(scope="module")
def composed(knowledge_base: KnowledgeBase, engine: DialogueEngine) -> Iterator[Desk]:
    """`engine` is asked for so that the model is built; this one has the records' own actions."""
    composed = compose(settings.NIANGJIA, clock=Clock())
    composed.parts.knowledge, composed.parts.screening = knowledge_base, Screener(composed.rules, None)
    composed.parts.dialogue = composed.loaders()["dialogue"](composed.parts)  # type: ignore[assignment]
    for name in composed.parts.states:
        composed.parts.states[name] = PartState.READY
    yield composed
    composed.parts.need_dialogue().close()


@pytest.fixture
def desk(composed: Desk, transactional_db: None) -> TestDesk:
    """The engine reads cases from a thread of its own, so what tests write must be committed."""
    clock = composed.clock
    assert isinstance(clock, Clock)
    return TestDesk(composed, clock, ensure_union("测试总工会"))


def _goes(desk: TestDesk, talk: Conversation, *pairs: tuple[str, str]) -> None:
    for ours, theirs in pairs:
        answer = "\n".join(desk.says(talk, ours))
        assert theirs in answer, f"{ours!r} was answered {answer!r}, which does not hold {theirs!r}"


def _join(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    words = desk.says(first, "换个地方接着办")[0]
    desk.says(second, next(line for line in words.splitlines() if code_in(line)))
    _goes(desk, first, ("是我", "接上了"))
    desk.run(second)


def test_joining_the_union_goes_on_where_the_worker_went_and_is_submitted_once(desk: TestDesk) -> None:
    first, second = desk.visitor(), desk.visitor(Channel.TERMINAL)
    _goes(desk, first, ("我要入会", "同意"), ("同意", "姓名"), ("张伟", "手机号"), ("13800138000", "单位"))
    _join(desk, first, second)
    assert "「我要入会」" in desk.heard(second)[-1]
    _goes(
        desk,
        second,
        ("我要入会", "同意"),
        ("同意", "单位"),
        ("鸿运电子厂", "区"),
        ("昆山市玉山镇", "姓名：张伟\n手机：13800138000"),
        ("没错，提交", "已登记"),
    )
    case = Case.objects.select_related("contact").get(kind=CaseKind.JOIN)
    assert (case.contact_id, case.fields["name"]) == (second.contact_id, "张伟")
    _goes(desk, first, ("查进度", case.case_no), ("我要入会", "已经登记过了"))


def test_the_progress_of_a_case_is_told_in_both_places_until_they_are_parted(desk: TestDesk) -> None:
    first, second = desk.visitor(), desk.visitor(Channel.TERMINAL)
    _goes(
        desk,
        first,
        ("我要入会", "同意"),
        ("同意", "姓名"),
        ("张伟", "手机号"),
        ("13800138000", "单位"),
        ("没有单位", "区"),
        ("姑苏区", "请您看一遍"),
        ("没错，提交", "已登记"),
    )
    case_no = Case.objects.get(kind=CaseKind.JOIN).case_no
    _goes(desk, second, ("查进度", "还没有登记过"))
    _join(desk, first, second)
    _goes(desk, second, ("查进度", case_no), (case_no, "已登记，等待受理"))
    assert not any("张伟" in words or "13800138000" in words for words in desk.heard(second))
    _goes(desk, second, ("取消接续", "分开了"), ("查进度", "还没有登记过"), (case_no, "没有查到"))


def test_a_call_that_was_being_booked_goes_on_where_the_worker_went(desk: TestDesk) -> None:
    first, second = desk.visitor(), desk.visitor(Channel.TERMINAL)
    _goes(desk, first, ("约回电", "哪个号码"), ("13800138000", "什么时候"))
    _join(desk, first, second)
    _goes(desk, second, ("约回电", "什么时候"), ("明天上午", "怎么说"))
    _goes(desk, first, ("明天上午", ""))
    assert "怎么说" not in desk.heard(first)[-1]


def test_asking_for_a_code_in_the_middle_of_a_form_leaves_the_form_where_it_stands(desk: TestDesk) -> None:
    talk = desk.visitor()
    _goes(desk, talk, ("我要入会", "同意"), ("同意", "姓名"), ("接续码", "十分钟内有效"), ("张伟", "手机号"))
