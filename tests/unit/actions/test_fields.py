"""What tells a mobile, a name, an employer, a place, a question."""

from __future__ import annotations

import time

import pytest

from actions.join import fields


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "(+86)138 0013 8000",
        "８６１３８００１３８０００",
        "我的号码13800138000，谢谢",
    ],
)
def test_a_mobile_is_read_however_it_is_written(text: str) -> None:
    assert fields.mobile_in(text) == "13800138000"


@pytest.mark.parametrize(
    "text", ["1380013800", "138001380001", "12345678901", "0512-12345678", "没有手机", "11010519491231002X"]
)
def test_other_numbers_are_no_mobile(text: str) -> None:
    assert fields.mobile_in(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王小明", "王小明"),
        ("我叫王小明", "王小明"),
        ("我的名字是李娟。", "李娟"),
        ("姓名：欧阳修文", "欧阳修文"),
        ("王 芳", "王芳"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("买买提・艾力", "买买提·艾力"),
        ("玛依拉", "玛依拉"),
        ("才让卓玛", "才让卓玛"),
        ("阿不都热依木", "阿不都热依木"),
        ("阿不都拉·买买提", "阿不都拉·买买提"),
        ("張偉", "張偉"),
        ("𠮷田", "𠮷田"),
        ("Maria Santos", "Maria Santos"),
        ("谢能", "谢能"),
        ("李想", "李想"),
        ("俺叫赵铁柱 电话", "赵铁柱"),
        ("俺是赵铁柱，手机号：", "赵铁柱"),
        ("高兴", "高兴"),
        ("和平", "和平"),
    ],
)
def test_a_name_is_read_as_it_was_written(text: str, name: str) -> None:
    assert fields.name_in(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "谢谢",
        "不想说",
        "为什么要名字",
        "老板不给工资",
        "入会要交多少钱",
        "我",
        "1",
        "你好",
        "在吗",
        "好的",
        "没有",
        "取消",
        "工资三个月没发了",
        "",
        "。。",
        "加班费怎么算",
    ],
)
def test_other_words_are_no_name(text: str) -> None:
    assert fields.name_in(text) is None


@pytest.mark.parametrize(
    "text", ["公司不给交社保怎么办", "要交钱吗", "这个安全不？", "请问谁能看到", "试用期多久", "单位会知道么"]
)
def test_a_question_is_known(text: str) -> None:
    assert fields.is_question(text)


@pytest.mark.parametrize("text", ["华星电子厂", "王小明", "昆山市玉山镇", "没有单位", "送外卖的", "13800138000"])
def test_an_answer_is_no_question(text: str) -> None:
    assert not fields.is_question(text)


@pytest.mark.parametrize("text", ["没有", "没有单位", "没单位", "无", "失业了", "没有固定单位", "现在没工作"])
def test_having_no_employer_is_an_answer(text: str) -> None:
    assert fields.says_no_employer(text)


@pytest.mark.parametrize(
    "text", ["我15岁", "我今年才14岁", "未满16岁", "我今年十五岁", "我还没到16周岁", "今年15周岁了"]
)
def test_who_says_to_be_younger_than_sixteen_is_noticed(text: str) -> None:
    assert fields.is_under_sixteen(text)


@pytest.mark.parametrize(
    "text", ["我16岁", "我孩子3岁", "工龄15年", "我女儿今年12岁", "我今年52岁", "不满16岁能入会吗？", "我有15年工龄"]
)
def test_others_are_not(text: str) -> None:
    assert not fields.is_under_sixteen(text)


def test_a_resident_id_is_noticed() -> None:
    assert fields.holds_resident_id("11010519491231002X")
    assert fields.holds_resident_id("我的是 110105 19491231 0021")
    assert not fields.holds_resident_id("13800138000")


@pytest.mark.parametrize("text", ["我" * 2_000, "1" * 2_000, "13 " * 700, "·" * 2_000, "A " * 1_000, "没有" * 1_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    began = time.perf_counter()
    for rule in (fields.mobile_in, fields.name_in, fields.employer_in, fields.district_in, fields.is_question):
        rule(text)
    fields.is_under_sixteen(text)
    fields.says_no_employer(text)
    fields.without_mobile(text)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("text", ["没有手机", "不想给", "手机丢了", "我没得手机"])
def test_having_no_mobile_is_noticed(text: str) -> None:
    assert fields.has_no_mobile(text)


@pytest.mark.parametrize("text", ["可以不给吗", "13800138000", "王小明"])
def test_having_one_is_not(text: str) -> None:
    assert not fields.has_no_mobile(text)


@pytest.mark.parametrize("text", ["吴中", "相城", "昆山"])
def test_a_place_without_its_ending_is_a_place(text: str) -> None:
    assert fields.is_bare_place(text)


@pytest.mark.parametrize("text", ["好的", "没有", "不知道", "谢谢", "同意"])
def test_an_answer_of_another_kind_is_no_place(text: str) -> None:
    assert not fields.is_bare_place(text)
