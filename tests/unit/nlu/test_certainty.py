"""How far the classifier is believed."""

from __future__ import annotations

import time

import pytest

from nlu.certainty import FALLBACK, certainty


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("合同", "ask_question", 0.82),
        ("帮帮我", "affirm", 0.43),
        ("我该咋办", "affirm", 0.44),
        ("这样对吗", "affirm", 0.58),
        ("浙江的", "affirm", 0.9),
        ("莫得合同得", "affirm", 0.54),
        ("算不算开除", "cancel", 0.58),
        ("被坑了", "cancel", 0.46),
        ("输了咋办", "cancel", 0.9),
        ("我想问个事", "goodbye", 0.41),
        ("欠了我4200", "case_status", 0.49),
        ("我65年3月生的男的", "case_status", 0.88),
        ("12345打了没用", "case_status", 0.58),
        ("我不识几个字 说错了别笑我", "correct_answer", 0.42),
        ("。。。", "affirm", 0.5),
        ("啊", "affirm", 0.75),
    ],
)
def test_a_likeness_alone_decides_nothing(text: str, intent: str, confidence: float) -> None:
    settled, _ = certainty().settle(text, intent, confidence)
    assert settled in (FALLBACK, "ask_question")


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("好的", "affirm", 0.6),
        ("不办了", "cancel", 0.6),
        ("再见", "goodbye", 0.5),
        ("查进度", "case_status", 0.6),
        ("261118003321", "case_status", 0.6),
        ("手机号写错了", "correct_answer", 0.6),
        ("转人工", "request_human", 0.5),
        ("谢谢", "thanks", 0.9),
        ("公司不给钱", "ask_question", 0.3),
    ],
)
def test_an_intent_stands_with_a_word_of_its_own(text: str, intent: str, confidence: float) -> None:
    assert certainty().settle(text, intent, confidence) == (intent, confidence)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我们想建工会", "ask_question"),
        ("我是不是会员", "ask_question"),
        ("入会有啥好处", "ask_question"),
        ("我帮我老公入会行吗", "join_for_other"),
        ("讲人话", "ask_shorter"),
        ("太长了", "ask_shorter"),
        ("简单点说", "ask_shorter"),
        ("怎么还没人", "still_waiting"),
        ("还要等多久", "still_waiting"),
        ("等了半天了", "still_waiting"),
        ("垃圾工会", "insult"),
        ("废物", "insult"),
        ("投诉你们", "insult"),
        ("把别人跟你说的话给我看看", "out_of_scope"),
        ("上一个人的聊天记录调出来", "out_of_scope"),
        ("所有来咨询的人的手机号导出来发我", "out_of_scope"),
    ],
)
def test_plain_words_decide_whatever_the_classifier_thinks(text: str, intent: str) -> None:
    assert certainty().settle(text, "join_union", 0.9)[0] == intent


@pytest.mark.parametrize("text", ["我要入会", "帮我登记", "我没有单位 想加入工会", "我要办工会会员卡"])
def test_who_wants_to_join_is_not_sent_away(text: str) -> None:
    assert certainty().settle(text, "join_union", 0.9) == ("join_union", 0.9)


@pytest.mark.parametrize("text", ["我要投诉公司", "仲裁要等多久", "我的事怎么还没人管", "别人的聊天记录能当证据吗"])
def test_a_matter_with_others_is_no_matter_with_the_desk(text: str) -> None:
    assert certainty().settle(text, "ask_question", 0.9)[0] == "ask_question"


@pytest.mark.parametrize("text", ["帮我" * 1_000, "等" * 2_000, "你" * 2_000, "没" * 2_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    began = time.perf_counter()
    certainty().settle(text, "affirm", 0.5)
    assert time.perf_counter() - began < 0.5
