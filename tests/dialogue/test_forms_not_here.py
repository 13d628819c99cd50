"""Where personal data may not be asked for (Telegram, unless the operator allows it), forms say so and lead elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.effects import BookCallBack
from tests.dialogue.talk import Talk

NewTalk = Callable[..., Talk]


@pytest.fixture
def abroad(new_talk: NewTalk) -> Talk:
    return new_talk(channel="telegram", forms_allowed=False, web_page="https://12351.example.cn")


def _is_forgotten(talk: Talk) -> bool:
    return not any(value for name, value in talk.slots.items() if name.startswith(("join_", "callback_")))


def test_joining_leads_to_the_page_the_hotline_and_a_person(abroad: Talk) -> None:
    answer = abroad.says("我要入会")
    assert "https://12351.example.cn" in answer
    assert "12351，都能办" in answer
    assert abroad.titles == ["转人工"]
    assert abroad.last is not None
    assert abroad.last.snapshot.active_loop is None


def test_a_call_leads_to_the_page_the_hotline_and_a_person(abroad: Talk) -> None:
    answer = abroad.says("约回电")
    assert "号码我不能在这里收" in answer
    assert "打哪个号码" not in answer
    assert abroad.titles == ["转人工"]
    assert abroad.last is not None
    assert abroad.last.snapshot.active_loop is None
    assert _is_forgotten(abroad)


def test_the_talk_goes_on_as_if_nothing_had_begun(abroad: Talk) -> None:
    abroad.says("约回电")
    abroad.says("13812345678")
    abroad.says("我要入会")
    assert "加班" in abroad.says("加班费怎么算")
    assert abroad.cases == []
    assert not [effect for effect in abroad.effects if isinstance(effect, BookCallBack)]
    assert _is_forgotten(abroad)


def test_a_person_is_called_without_an_offer_of_a_call(new_talk: NewTalk) -> None:
    talk = new_talk(channel="telegram", forms_allowed=False, on_duty=False)
    talk.says("转人工")
    assert talk.handoffs == ["asked"]
    assert "约回电" not in talk.titles


def test_without_a_page_only_the_hotline_and_a_person_are_named(new_talk: NewTalk) -> None:
    answer = new_talk(channel="telegram", forms_allowed=False).says("我要入会")
    assert "请打 12351" in answer
    assert "网页" not in answer


def test_a_form_that_had_begun_before_it_was_forbidden_registers_nothing(new_talk: NewTalk) -> None:
    begun = new_talk(channel="telegram")
    begun.goes(
        ("我要入会", "姓名"), ("[同意]", "姓名"), ("王小明", "手机号"), ("13812345678", "单位"), ("没有单位", "区")
    )
    begun.goes(("姑苏区", "请您看一遍"))
    after = new_talk(channel="telegram", state=begun.state, forms_allowed=False)
    assert "不能在这里收" in after.says("没错，提交")
    assert after.cases == []
    assert _is_forgotten(after)


def test_where_the_operator_allows_them_forms_go_on(new_talk: NewTalk) -> None:
    new_talk(channel="telegram").goes(("我要入会", "姓名、手机号"))
