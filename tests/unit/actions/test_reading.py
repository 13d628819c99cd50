"""Answer, interruption, correction, or nothing the form can use."""

from __future__ import annotations

import pytest

from actions.heard import Heard
from actions.join.reading import read
from actions.join.state import Ending, Field, JoinState, Tone


def says(text: str, intent: str = "nlu_fallback", confidence: float = 0.3, **details: str) -> Heard:
    return Heard(text, intent, confidence, details, pressed=False)


def presses(intent: str, **details: str) -> Heard:
    return Heard(f"/{intent}", intent, 1.0, details, pressed=True)


def asked(field: Field, **values: str) -> JoinState:
    return JoinState({Field(f"join_{name}"): value for name, value in values.items()}, field)


FILLED = asked(Field.CONFIRMED, name="王小明", mobile="13800138000", employer="厂", district="区")


def test_consent_is_taken_from_the_button_and_from_words() -> None:
    for heard in (presses("affirm"), says("同意"), says("我同意登记", "affirm", 0.9)):
        assert read(heard, asked(Field.CONSENT)).values == {Field.CONSENT: True}


@pytest.mark.parametrize("text", ["不同意", "没同意", "别", "拒绝"])
def test_a_refusal_is_never_consent_whatever_the_classifier_thinks(text: str) -> None:
    assert Field.CONSENT not in read(says(text, "affirm", 0.99), asked(Field.CONSENT)).values


def test_nonsense_is_never_consent_whatever_the_classifier_thinks() -> None:
    assert Field.CONSENT not in read(says("qqq", "affirm", 0.99), asked(Field.CONSENT)).values


def test_no_consent_ends_the_form() -> None:
    assert read(says("不同意", "deny", 0.9), asked(Field.CONSENT)).ending is Ending.DECLINED


@pytest.mark.parametrize("intent", ["chitchat", "out_of_scope", "affirm", "thanks", "cancel"])
def test_a_plain_name_is_a_name_whatever_the_classifier_thinks(intent: str) -> None:
    assert read(says("王小明", intent, 0.6), asked(Field.NAME)).values == {Field.NAME: "王小明"}


@pytest.mark.parametrize("field", list(Field))
def test_a_question_is_an_interruption_at_every_field(field: Field) -> None:
    assert read(says("公司不给交社保怎么办？", "ask_question", 0.9), asked(field)).is_interruption


@pytest.mark.parametrize("field", list(Field))
@pytest.mark.parametrize("intent", ["request_human", "cancel", "already_member"])
def test_leaving_is_an_interruption_at_every_field(field: Field, intent: str) -> None:
    assert read(says("这个我要走了吧", intent, 0.9), asked(field)).is_interruption
    assert read(presses(intent), asked(field)).is_interruption


@pytest.mark.parametrize("field", list(Field))
def test_being_under_sixteen_ends_the_form_at_every_field(field: Field) -> None:
    assert read(says("我今年15岁"), asked(field)).ending is Ending.UNDER_SIXTEEN


def test_a_correction_at_confirmation_clears_the_field() -> None:
    reading = read(says("手机号写错了", "correct_answer", 0.9), FILLED)
    assert reading.values == {Field.MOBILE: None, Field.CONFIRMED: None}
    assert reading.tone is Tone.CORRECTED


def test_a_correction_may_bring_the_right_value() -> None:
    reading = read(says("手机号错了，是 13911112222", "correct_answer", 0.9), FILLED)
    assert reading.values[Field.MOBILE] == "13911112222"


def test_a_button_names_the_field_to_correct() -> None:
    reading = read(presses("correct_answer", detail="join_employer"), FILLED)
    assert reading.values == {Field.EMPLOYER: None, Field.CONFIRMED: None}


def test_a_button_cannot_name_a_field_that_there_is_not() -> None:
    assert read(presses("correct_answer", detail="join_consent"), FILLED).tone is Tone.WHICH


def test_no_at_confirmation_asks_which() -> None:
    assert read(presses("deny"), FILLED).tone is Tone.WHICH


def test_yes_at_confirmation_ends_the_form() -> None:
    assert read(says("没错"), FILLED).ending is Ending.CONFIRMED


@pytest.mark.parametrize("field", [Field.MOBILE, Field.EMPLOYER, Field.DISTRICT])
def test_a_resident_id_is_refused_everywhere_it_might_be_typed(field: Field) -> None:
    reading = read(says("11010519491231002X"), asked(field))
    assert reading.tone is Tone.RESIDENT_ID
    assert not reading.values


def test_a_stale_yes_button_fills_no_field() -> None:
    for field in (Field.NAME, Field.MOBILE, Field.EMPLOYER, Field.DISTRICT):
        assert not read(presses("affirm"), asked(field)).values


@pytest.mark.parametrize("text", ["老板不给工资", "天天加班还骂人"])
def test_a_grievance_is_no_employer(text: str) -> None:
    assert read(says(text, "ask_question", 0.9), asked(Field.EMPLOYER)).is_interruption


@pytest.mark.parametrize("text", ["没错,提交", "没錯", "对了", "交吧", "就这样", "没问题，提交吧", "對的，提交"])
def test_a_yes_in_any_words_submits(text: str) -> None:
    assert read(says(text, "goodbye", 0.9), FILLED).ending is Ending.CONFIRMED


@pytest.mark.parametrize("text", ["不对", "没提交", "有错", "先不提交"])
def test_a_no_never_submits(text: str) -> None:
    assert read(says(text, "affirm", 0.99), FILLED).ending is None


def test_that_is_that_is_no_consent() -> None:
    assert Field.CONSENT not in read(says("就这样", "goodbye", 0.9), asked(Field.CONSENT)).values


@pytest.mark.parametrize("text", ["我不放心", "老板不同意", "我怕厂里知道了"])
@pytest.mark.parametrize("intent", ["deny", "cancel", "nlu_fallback"])
def test_a_worry_does_not_end_the_form(text: str, intent: str) -> None:
    assert read(says(text, intent, 0.8), asked(Field.CONSENT)).tone is Tone.REASSURED


@pytest.mark.parametrize("text", ["没有手机", "不想给"])
def test_who_has_no_mobile_hears_other_ways(text: str) -> None:
    assert read(says(text, "cancel", 0.8), asked(Field.MOBILE, name="王小明")).tone is Tone.NO_MOBILE


@pytest.mark.parametrize("text", ["交多少钱", "要身份证吗", "试用期多久", "入会有啥好处"])
def test_a_question_is_never_a_name(text: str) -> None:
    assert read(says(text, "follow_up", 0.5), asked(Field.NAME)).is_interruption


def test_name_and_mobile_come_together_in_dialect() -> None:
    values = read(says("俺叫赵铁柱 电话13300000000"), asked(Field.NAME)).values
    assert values == {Field.NAME: "赵铁柱", Field.MOBILE: "13300000000"}


def test_a_district_needs_no_ending() -> None:
    assert read(says("吴中", "affirm", 0.67), asked(Field.DISTRICT)).values == {Field.DISTRICT: "吴中"}
