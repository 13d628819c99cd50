"""Questions, follow-ups, and what the desk says when it does not know."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk

UNKNOWN = "单位的公章是圆的还是方的"


def test_an_answer_comes_with_its_articles_as_data(talk: Talk) -> None:
    talk.says("老板拖欠工资怎么办")
    [reply] = talk.replies
    assert reply.citations
    for citation in reply.citations:
        assert {"law", "article_no", "article", "version_date", "text", "status", "kind"} <= set(citation)
        assert citation["kind"] in ("verbatim", "reference")
        assert (citation["text"] != "") == (citation["kind"] == "verbatim")


@pytest.mark.parametrize(
    "question",
    [
        "老板三个月没发工资了",
        "公司不给交社保",
        "上班路上被车撞了算工伤吗",
        "没签合同怎么办",
        "孕期被辞退怎么办",
        "我爱人上夜班回家路上被电动车撞了",
    ],
)
def test_a_labour_question_brings_an_answer_or_a_question_back(talk: Talk, question: str) -> None:
    talk.says(question)
    assert talk.replies[0].citations or len(talk.titles) > 1


@pytest.mark.parametrize(
    ("first", "then", "word"),
    [
        ("女工什么时候退休", "那男的呢", "退休"),
        ("加班费怎么算", "那周末呢", "加班"),
        ("怎么申请劳动仲裁", "要钱吗", "仲裁"),
        ("辞职要提前多少天", "那试用期呢", "试用期"),
        ("上班受伤了怎么办", "那要是没签合同呢", "工伤"),
    ],
)
def test_a_follow_up_is_understood_from_the_talk(talk: Talk, first: str, then: str, word: str) -> None:
    talk.says(first)
    assert word in talk.says(then)


@pytest.mark.parametrize("then", ["那没休完的呢", "那没休的能折钱吗"])
def test_a_follow_up_that_only_finds_the_last_answer_again_is_asked_back(talk: Talk, then: str) -> None:
    talk.says("年假有几天")
    talk.says(then)
    assert any("没休" in title for title in talk.titles)
    assert not any("几天" in title for title in talk.titles), "that has just been answered"


def test_a_follow_up_survives_a_thank_you_in_between(talk: Talk) -> None:
    talk.goes(("加班费怎么算", "加班"), ("谢谢", "不客气"), ("那周末呢", "加班"))


def test_what_the_desk_does_not_know_it_says_and_offers_a_person(talk: Talk) -> None:
    talk.goes((UNKNOWN, "12351"))
    assert "转人工" in talk.titles
    assert not any(reply.citations for reply in talk.replies)


def test_the_offer_of_a_person_can_be_taken_by_a_yes(talk: Talk) -> None:
    talk.goes((UNKNOWN, "12351"), ("好的", "工会干部"))
    assert talk.handoffs == ["asked"]


def test_an_old_offer_is_not_taken_by_a_later_yes(talk: Talk) -> None:
    talk.goes((UNKNOWN, "12351"), ("你好", "自动回复"), ("好的", "直接写"))
    assert not talk.handoffs


@pytest.mark.parametrize("text", ["今天天气怎么样", "帮我写首诗", "淘宝买的鞋坏了怎么退", "双色球今晚开什么"])
def test_what_is_not_the_desks_matter_is_declined_kindly(talk: Talk, text: str) -> None:
    answer = talk.says(text)
    assert "帮不上" in answer or "答不了" in answer
    assert not any(reply.citations for reply in talk.replies)


def test_a_half_understood_message_is_put_to_the_knowledge_base(talk: Talk) -> None:
    talk.says("厂里 工钱 三个月 白干")
    assert talk.replies[0].citations or talk.titles


def test_a_related_question_is_asked_by_its_button(talk: Talk) -> None:
    talk.says("老板拖欠工资怎么办")
    related = talk.titles[0]
    talk.presses(related)
    assert talk.last is not None
    assert talk.last.intent == "ask_question"
    assert talk.replies[0].citations


def test_none_of_these_brings_others_and_one_of_them_an_answer(talk: Talk) -> None:
    talk.says("单位说话不算数怎么办")
    offered = set(talk.titles)
    assert "都不是" in offered
    assert "下面这些" in talk.presses("都不是")
    others = set(talk.titles) - {"转人工"}
    assert others
    assert not others & offered
    assert "转人工" in talk.titles
    assert talk.presses(sorted(others)[0])
    assert talk.replies[0].citations


def test_how_to_join_is_answered_and_joining_offered(talk: Talk) -> None:
    talk.says("怎么加入工会？")
    assert "我要入会" in talk.titles
    talk.goes(("[我要入会]", "同意"))


def test_the_offer_to_join_can_be_taken_by_a_yes(talk: Talk) -> None:
    talk.says("怎么加入工会？")
    talk.goes(("好的", "同意"), ("同意", "姓名"))


@pytest.mark.parametrize(
    "text",
    ["合同", "帮帮我", "我该咋办", "这样对吗", "浙江的", "莫得合同得", "辞退", "算不算开除", "被坑了", "输了咋办"],
)
def test_a_half_understood_line_goes_to_the_knowledge_base(talk: Talk, text: str) -> None:
    talk.says(text)
    assert talk.last is not None
    assert talk.last.snapshot.recent[-1].actions == ("action_answer",)


@pytest.mark.parametrize("text", ["我想问个事", "欠了我4200", "我65年3月生的男的", "12345打了没用"])
def test_a_number_or_a_beginning_is_no_goodbye_and_no_case(talk: Talk, text: str) -> None:
    talk.says(text)
    assert talk.last is not None
    assert talk.last.snapshot.recent[-1].actions[-1] in ("action_answer", "action_out_of_scope")


@pytest.mark.parametrize("text", ["。。。", "啊"])
def test_a_sound_after_a_refusal_calls_nobody(talk: Talk, text: str) -> None:
    talk.goes((UNKNOWN, "12351"))
    talk.says(text)
    assert not talk.handoffs


@pytest.mark.parametrize("word", ["工资", "社保", "合同", "工伤"])
def test_a_bare_word_is_asked_back(talk: Talk, word: str) -> None:
    talk.goes((word, f"您想问{word}的哪一样"))
    assert len(talk.titles) >= 4
    talk.presses(talk.titles[0])
    assert talk.replies[0].citations


def test_a_follow_up_reaches_another_topic(talk: Talk) -> None:
    talk.says("试用期多久")
    first = talk.slots["last_entry"]
    talk.says("那被辞退呢")
    assert talk.slots["last_entry"] == "dismissal-during-probation" != first


def test_the_same_answer_never_comes_twice_in_a_row(talk: Talk) -> None:
    first = talk.says("老板拖欠工资怎么办")
    again = talk.says("老板拖欠工资怎么办？")
    assert again != first
    assert len(again) < 100
    assert "转人工" in talk.titles


@pytest.mark.parametrize("text", ["讲人话", "太长了", "简单点说"])
def test_a_long_answer_is_said_shorter(talk: Talk, text: str) -> None:
    first = talk.says("老板拖欠工资怎么办")
    shorter = talk.says(text)
    assert shorter.startswith("简单说：")
    assert len(shorter) < len(first)
    assert shorter.removeprefix("简单说：")[:10] in first


def test_another_countrys_law_is_not_answered_from_ours(talk: Talk) -> None:
    talk.goes(("瑞典一年有几天年假", "12308"))
    assert talk.replies[0].citations == ()
    assert talk.titles == ["转人工"]
    talk.goes(("那国内呢，年假有几天", "年"))
    assert talk.replies[0].citations
