"""Greeting, thanks, what the desk is and can do, small talk."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk


@pytest.mark.parametrize("greeting", ["你好", "在吗", "晚上好", "有人吗"])
def test_the_greeting_says_it_is_automatic_what_is_kept_and_how_to_reach_a_person(talk: Talk, greeting: str) -> None:
    answer = talk.says(greeting)
    for word in ("自动回复", "加密保存", "转人工"):
        assert word in answer


def test_courtesies_are_returned(talk: Talk) -> None:
    talk.goes(("谢谢", "不客气"), ("再见", "随时来"))


def test_the_desk_says_what_it_can_do(talk: Talk) -> None:
    talk.goes(("你能做什么", "登记入会"), ("[查办件进度]", "还没有登记过"))


def test_the_desk_never_passes_for_a_person(talk: Talk) -> None:
    talk.goes(("你是真人吗", "不是真人"), ("我在跟机器人说话吗", "自动回复"))


def test_who_is_afraid_hears_who_reads_this(talk: Talk) -> None:
    talk.goes(("老板会知道我来问吗", "不会把您来问的事告诉单位"), ("聊天记录怎么删", "结束并清除"))


def test_small_talk_is_answered_kindly(talk: Talk) -> None:
    talk.goes(("你吃饭了吗", "不太会聊天"), ("讲个笑话", "不太会聊天"))


def test_the_last_answer_is_repeated(talk: Talk) -> None:
    first = talk.says("你能做什么")
    assert talk.says("再说一遍") == first
    assert "我要入会" in talk.titles


def test_there_is_nothing_to_repeat_at_first(talk: Talk) -> None:
    talk.goes(("再说一遍", "还没说过"))


def test_cancel_with_nothing_begun_stores_nothing(talk: Talk) -> None:
    talk.goes(("取消", "什么都没有提交"))


def test_a_correction_after_the_form_leads_to_a_person(talk: Talk) -> None:
    talk.goes(("手机号写错了", "工会干部"))
    assert "转人工" in talk.titles


@pytest.mark.parametrize("text", ["好的", "不用了", "跳过"])
def test_a_yes_or_no_to_nothing_is_answered(talk: Talk, text: str) -> None:
    assert talk.says(text)


def test_how_to_reach_the_union_is_told(talk: Talk) -> None:
    talk.goes(("你们电话多少", "12351"), ("工会几点上班", "12351"))
    assert not talk.handoffs


def test_who_is_low_hears_where_somebody_listens(talk: Talk) -> None:
    talk.goes(("心里好难受", "12356"))
    assert "转人工" in talk.titles
