import pytest

from knowledge.cleaning import clean


@pytest.mark.parametrize("heading", ["第二编 物 权", "第三章 劳动合同的履行", "附 则", "第二分编 所有权"])
def test_the_heading_of_what_follows_is_cut_off(heading: str) -> None:
    assert clean(f"本法另有规定的除外。\n{heading}") == "本法另有规定的除外。"


def test_several_headings_are_cut_off() -> None:
    assert clean("终止后消灭。\n第三编 合 同\n第一分编 通 则") == "终止后消灭。"


def test_a_sentence_that_begins_like_a_heading_stays() -> None:
    text = "下列规定适用：\n第三章规定的情形，依照其规定。"
    assert clean(text) == text


def test_straight_quotation_marks_become_chinese_ones() -> None:
    assert clean('坚持"三个代表"重要思想。') == "坚持“三个代表”重要思想。"


def test_a_lone_quotation_mark_is_left_alone() -> None:
    assert clean('增加一款："本条。') == '增加一款："本条。'


def test_half_width_punctuation_after_chinese_becomes_full_width() -> None:
    assert clean("下列情形:\n（一）工资,奖金;") == "下列情形：\n（一）工资，奖金；"


def test_invisible_characters_and_empty_lines_go() -> None:
    assert clean("　应当备案。\u200b\n\u200b\n") == "应当备案。"


def test_cleaning_twice_changes_nothing() -> None:
    once = clean('第一款。\n"甲":乙。\n附则')
    assert clean(once) == once
