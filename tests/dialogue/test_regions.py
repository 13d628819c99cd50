"""What a worker's province adds to an answer: told in the talk, known beforehand, or not known."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.dialogue.talk import Talk

LEAVING = "有五到十级伤残，离职时的两笔一次性补助金怎么拿？"
UNION_NOT_TOLD = "辞退我没先告诉工会，算违法吗？没有工会的小厂呢？"
MINIMUM = "工资低于当地最低工资怎么办？"
PROBATION = "试用期最长多久？"
ASKED_WHERE = "告诉我您在哪个省"


def test_without_a_province_the_answer_ends_with_one_question_and_buttons(talk: Talk) -> None:
    answer = talk.says(LEAVING)
    assert answer.endswith("告诉我您在哪个省，我查有没有当地规定。")
    assert talk.titles[0] == "浙江"
    talk.goes(("[浙江]", "六级25个月"))


def test_the_local_rule_names_its_document(talk: Talk) -> None:
    talk.goes((LEAVING, ASKED_WHERE), ("我在浙江", "依据：《浙江省工伤保险条例》第二十七条"))
    [reply] = talk.replies
    assert [(one["law"], one["article_no"]) for one in reply.citations] == [("浙江省工伤保险条例", "第二十七条")]


@pytest.mark.parametrize(
    ("where", "rule"),
    [
        ("我在江西", "七日前把理由书面通知企业工会"),
        ("南昌的厂", "七日前把理由书面通知企业工会"),
        ("西宁这边", "提前十五日"),
        ("杭州", "没有另写提前几天"),
        ("四川", "打12351问当地总工会"),
    ],
)
def test_the_province_is_told_in_the_workers_own_words(talk: Talk, where: str, rule: str) -> None:
    talk.goes((UNION_NOT_TOLD, ASKED_WHERE), (where, rule))


def test_a_province_once_told_holds_for_the_rest_of_the_talk(talk: Talk) -> None:
    talk.goes(("我在江西上班", "您在江西"), ("谢谢", "不客气"), (UNION_NOT_TOLD, "江西：企业单方解除"))
    assert ASKED_WHERE not in talk.says(LEAVING)
    assert talk.slots["province"] == "江西"


def test_another_province_takes_its_place(talk: Talk) -> None:
    talk.goes((UNION_NOT_TOLD, ASKED_WHERE), ("江西", "七日前"), ("那青海呢", "提前十五日"))


def test_where_one_comes_from_is_not_where_one_works(talk: Talk) -> None:
    talk.says("我是江西人")
    assert "province" not in talk.slots


def test_a_question_that_names_a_province_is_answered_for_it(talk: Talk) -> None:
    talk.goes(("浙江的厂，工伤八级离职一次性补助金怎么拿", "八级7个月"))


def test_who_knows_is_said_where_no_document_is_held(talk: Talk) -> None:
    talk.says("我在江西")
    answer = talk.says(MINIMUM)
    assert "江西：现在的最低工资是多少，我这里没有核对过的当地文件" in answer
    assert "12333" in answer


def test_what_differs_nowhere_is_not_asked_about(new_talk: Callable[..., Talk]) -> None:
    unknown, known = new_talk(), new_talk(province="浙江")
    assert unknown.says(PROBATION) == known.says(PROBATION)
    assert known.says("那我在青海").startswith("好的，您在青海")


def test_the_account_or_the_union_knows_the_province(new_talk: Callable[..., Talk]) -> None:
    talk = new_talk(province="青海")
    talk.goes((UNION_NOT_TOLD, "青海：单位单方面解除"))
    assert ASKED_WHERE not in talk.says(UNION_NOT_TOLD)
    talk.goes(("我在南昌", "江西：企业单方解除"))


def test_the_same_question_again_is_not_answered_twice(talk: Talk) -> None:
    talk.goes((LEAVING, ASKED_WHERE), (LEAVING, "我知道的都在上面"))


def test_two_provinces_are_asked_back(talk: Talk) -> None:
    talk.goes(("我在南昌上班，也在杭州上班", "不止一个省"))


def test_in_the_middle_of_joining_a_place_is_the_place_asked_for(talk: Talk) -> None:
    talk.goes(("我要入会", "同意"), ("同意", "姓名"), ("王小明", "手机号"), ("13800138000", "单位"), ("没有单位", "区"))
    talk.goes(("我在南昌青山湖区", "地区："))
