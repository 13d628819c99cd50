"""Joining the union: the whole list of ways a form can go (design, section 6)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from handoff.kinds import CaseKind, CaseState
from tests.dialogue.talk import NOW, Talk
from tests.fakes.case_reader import FakeCase, FakeCaseReader

BEGUN = (("我要入会", "姓名、手机号、工作单位、所在区县"), ("[同意]", "姓名"))
NAMED = (*BEGUN, ("王小明", "手机号"))
REACHABLE = (*NAMED, ("13800138000", "哪个单位"))
EMPLOYED = (*REACHABLE, ("华星电子厂", "哪个区"))
FILLED = (*EMPLOYED, ("昆山市玉山镇", "请您看一遍"))


def test_joining_from_consent_to_case_number(talk: Talk) -> None:
    talk.goes(*FILLED, ("[没错，提交]", "已登记，批准由基层工会作出"))
    [case] = talk.cases
    assert case.kind is CaseKind.JOIN
    assert case.case_no in talk.replies[0].text
    given = {name: case.fields[name] for name in ("name", "mobile", "employer", "district")}
    assert given == {"name": "王小明", "mobile": "13800138000", "employer": "华星电子厂", "district": "昆山市玉山镇"}


def test_a_registered_worker_is_never_called_a_member(talk: Talk) -> None:
    talk.goes(*FILLED, ("提交", "批准由基层工会作出"))
    assert "您已入会" not in talk.replies[0].text


def test_consent_says_what_is_kept_why_for_whom_and_how_to_delete_it(talk: Talk) -> None:
    answer = talk.says("我想加入工会")
    for word in ("手机号", "用来做什么", "给谁看", "怎么删"):
        assert word in answer
    assert {"同意", "不同意"} <= set(talk.titles)


def test_the_whole_form_can_be_typed_without_a_button(talk: Talk) -> None:
    talk.goes(("我想入会", "同意"), ("同意", "姓名"), ("我叫李娟", "手机号"), ("139 0000 1111", "哪个单位"))
    talk.goes(("没有单位", "哪个区"), ("姑苏区", "请您看一遍"), ("没错", "已登记"))
    assert talk.cases[0].fields["mobile"] == "13900001111"
    assert talk.cases[0].fields["employer"] == "没有单位"


def test_nothing_stays_in_the_talk_after_the_case_is_opened(talk: Talk) -> None:
    talk.goes(*FILLED, ("[没错，提交]", "已登记"))
    assert not [name for name, value in talk.slots.items() if name.startswith("join_") and value]
    assert "13800138000" not in (talk.state or "").replace(talk.replies[0].text, "")


def test_who_does_not_consent_is_not_asked_further(talk: Talk) -> None:
    talk.goes(("我要入会", "同意"), ("[不同意]", "什么都没有提交"), ("加班费怎么算", "加班"))
    assert not talk.cases


@pytest.mark.parametrize("stop", ["不办了", "取消", "算了不填了"])
@pytest.mark.parametrize("after", [BEGUN, NAMED, REACHABLE, EMPLOYED, FILLED])
def test_stopping_half_way_leaves_nothing(talk: Talk, after: tuple[tuple[str, str], ...], stop: str) -> None:
    talk.goes(*after, (stop, "什么都没有留下"))
    assert not talk.cases
    assert not [name for name, value in talk.slots.items() if name.startswith("join_") and value]
    assert "王小明" not in (talk.state or "")


@pytest.mark.parametrize(
    ("after", "asked_again"),
    [(BEGUN, "姓名"), (NAMED, "手机号"), (REACHABLE, "哪个单位"), (EMPLOYED, "哪个区"), (FILLED, "请您看一遍")],
)
def test_a_question_in_between_is_answered_and_the_form_goes_on(
    talk: Talk, after: tuple[tuple[str, str], ...], asked_again: str
) -> None:
    talk.goes(*after)
    answer = talk.says("公司拖欠工资怎么办？")
    assert "工资" in talk.replies[0].text
    assert asked_again in answer
    assert "公司拖欠" not in str(dict(talk.slots, last_question=""))


def test_a_form_survives_six_interruptions(talk: Talk) -> None:
    talk.goes(*NAMED)
    for question in ("试用期最长多久？", "加班费怎么算？", "年假有几天？", "你是真人吗", "谢谢", "工伤怎么认定？"):
        talk.goes((question, "手机号"))
    talk.goes(("13800138000", "哪个单位"), ("送外卖的", "哪个区"), ("姑苏区", "姓名：王小明"))


def test_a_question_is_never_stored_as_a_name(talk: Talk) -> None:
    talk.goes(*BEGUN, ("入会要交多少钱", "姓名"), ("单位会知道吗？", "姓名"), ("老板不给工资", "姓名"))
    assert not talk.slots.get("join_name")


@pytest.mark.parametrize(
    "name",
    ["王小明", "欧阳修文", "阿依古丽·买买提", "张伟", "玛依拉", "谢丽", "安静", "高洁", "古丽娜尔", "高兴", "和平"],
)
def test_a_name_is_taken_for_a_name(talk: Talk, name: str) -> None:
    talk.goes(*BEGUN, (name, "手机号"))
    assert talk.slots["join_name"] == name


@pytest.mark.parametrize("courtesy", ["谢谢", "你好", "好的"])
def test_a_courtesy_is_not_a_name(talk: Talk, courtesy: str) -> None:
    talk.goes(*BEGUN, (courtesy, "姓名"))
    assert not talk.slots.get("join_name")


@pytest.mark.parametrize(
    "typed", ["138 0013 8000", "138-0013-8000", "+86 13800138000", "１３８００１３８０００", "我的手机是13800138000"]
)
def test_a_mobile_is_taken_however_it_is_written(talk: Talk, typed: str) -> None:
    talk.goes(*NAMED, (typed, "哪个单位"))
    assert talk.slots["join_mobile"] == "13800138000"


def test_name_and_mobile_may_come_together(talk: Talk) -> None:
    talk.goes(*BEGUN, ("王小明 13800138000", "哪个单位"))


def test_a_resident_id_is_not_wanted(talk: Talk) -> None:
    talk.goes(*NAMED, ("11010519491231002X", "不用身份证号"))
    assert not talk.slots.get("join_mobile")


@pytest.mark.parametrize(
    "employer", ["没有单位", "灵活就业", "送外卖", "美团骑手", "苏州某某物业公司", "在家带孩子", "工地上打零工"]
)
def test_any_way_of_earning_is_an_employer(talk: Talk, employer: str) -> None:
    talk.goes(*REACHABLE, (employer, "哪个区"))
    assert talk.slots["join_employer"] == employer


def test_employer_and_district_may_be_skipped_by_button(talk: Talk) -> None:
    talk.goes(*REACHABLE, ("[没有单位]", "哪个区"), ("[先不填]", "请您看一遍"))
    assert talk.slots["join_employer"] == "没有单位"


def test_two_bad_answers_bring_the_offer_of_a_person(talk: Talk) -> None:
    talk.goes(*NAMED, ("1380013", "11 位"), ("138001380001234", "请工会干部帮您登记"))
    assert "转人工" in talk.titles
    talk.goes(("13800138000", "哪个单位"))


@pytest.mark.parametrize("after", [BEGUN, NAMED, REACHABLE, EMPLOYED, FILLED])
def test_a_person_can_be_asked_for_in_the_middle(talk: Talk, after: tuple[tuple[str, str], ...]) -> None:
    talk.goes(*after, ("转人工", "工会干部"))
    assert talk.handoffs == ["asked"]
    assert not talk.cases
    assert "还没有提交" in "\n".join(reply.text for reply in talk.replies)


def test_a_form_left_for_a_person_is_taken_up_where_it_stopped(talk: Talk) -> None:
    talk.goes(*NAMED, ("转人工", "工会干部"), ("我要入会", "手机号"))


def test_a_mobile_is_corrected_and_asked_again(talk: Talk) -> None:
    talk.goes(*EMPLOYED, ("手机号写错了", "手机号"), ("13911112222", "哪个区"), ("姑苏区", "13911112222"))


def test_a_correction_may_bring_the_right_value(talk: Talk) -> None:
    talk.goes(*FILLED, ("手机号写错了，应该是13911112222", "手机：13911112222"))
    talk.goes(("名字错了，应该是王晓明", "姓名：王晓明"), ("提交", "已登记"))
    assert talk.cases[0].fields["name"] == "王晓明"


def test_what_is_wrong_can_be_chosen_from_buttons(talk: Talk) -> None:
    talk.goes(*FILLED, ("[有写错的]", "哪一项不对"), ("[单位]", "哪个单位"), ("华星二厂", "单位：华星二厂"))


def test_just_wrong_means_the_answer_before(talk: Talk) -> None:
    talk.goes(*REACHABLE, ("写错了", "手机号"))


def test_repeat_asks_the_same_field(talk: Talk) -> None:
    talk.goes(*NAMED, ("再说一遍", "手机号"))


def test_a_form_goes_on_after_two_days(talk: Talk) -> None:
    talk.goes(*NAMED)
    talk.forward(days=2)
    talk.goes(("13800138000", "哪个单位"))


def test_joining_twice_is_told_the_case_that_stands(new_talk: Callable[..., Talk], cases: FakeCaseReader) -> None:
    contact = uuid4()
    cases.add(contact, FakeCase("261120004217", CaseKind.JOIN, CaseState.REGISTERED, NOW))
    new_talk(contact=contact).goes(("我要入会", "261120004217"))


def test_a_child_is_handed_to_a_person(talk: Talk) -> None:
    talk.goes(*BEGUN, ("我今年15岁", "年满十六周岁"))
    assert talk.handoffs == ["under_sixteen"]
    assert not talk.slots.get("join_consent")


def test_a_child_who_asks_to_join_is_handed_to_a_person(talk: Talk) -> None:
    talk.goes(("我15岁了我要入会", "年满十六周岁"))
    assert talk.handoffs == ["under_sixteen"]


def test_a_childs_age_in_a_question_is_no_reason_to_stop(talk: Talk) -> None:
    talk.goes(*BEGUN, ("我孩子2岁了有育儿假吗？", "姓名"))
    assert not talk.handoffs


@pytest.mark.parametrize("after", [(), BEGUN, FILLED])
def test_a_member_hears_about_transfer_instead(talk: Talk, after: tuple[tuple[str, str], ...]) -> None:
    talk.goes(*after, ("我已经是会员了", "转会"))
    assert not talk.cases
    assert not talk.slots.get("join_name")


def test_a_form_is_finished_after_a_restart_and_on_another_channel(talk: Talk, new_talk: Callable[..., Talk]) -> None:
    talk.goes(*EMPLOYED)
    later = new_talk(contact=talk.contact, channel="wechat", state=talk.state)
    later.goes(("姑苏区", "请您看一遍"), ("没错", "已登记"))
    assert later.cases[0].fields["channel"] == "wechat"
    assert later.cases[0].fields["name"] == "王小明"


def test_a_mobile_given_before_the_name_is_kept(talk: Talk) -> None:
    talk.goes(*BEGUN, ("13800138000", "姓名"), ("王小明", "哪个单位"))


@pytest.mark.parametrize("asked", ["手机号要干嘛用", "为什么要手机号", "这个会给老板看吗"])
def test_who_asks_why_is_answered_before_the_form_goes_on(talk: Talk, asked: str) -> None:
    talk.goes(*NAMED, (asked, "手机号"))
    assert len(talk.replies) == 2
    assert not talk.slots.get("join_unclear")


def test_rather_not_say_leaves_the_employer_out(talk: Talk) -> None:
    talk.goes(*REACHABLE, ("不想说", "哪个区"))
    assert talk.slots["join_employer"] == "没有填"


def test_name_and_mobile_come_in_one_breath(talk: Talk) -> None:
    talk.goes(*BEGUN, ("俺叫赵铁柱 电话13300000000", "哪个单位"))
    assert talk.slots["join_name"] == "赵铁柱"
    assert talk.slots["join_mobile"] == "13300000000"


def test_a_district_needs_no_ending(talk: Talk) -> None:
    talk.goes(*EMPLOYED, ("吴中", "地区：吴中"))


@pytest.mark.parametrize("text", ["没错,提交", "没錯", "对了", "交吧", "就这样"])
def test_a_yes_in_any_words_submits(talk: Talk, text: str) -> None:
    talk.goes(*FILLED, (text, "已登记"))


@pytest.mark.parametrize("text", ["没有手机", "不想给"])
def test_who_has_no_mobile_hears_other_ways(talk: Talk, text: str) -> None:
    talk.goes(*NAMED, (text, "12351"))
    assert "转人工" in talk.titles
    talk.goes(("13800138000", "哪个单位"))


@pytest.mark.parametrize("text", ["我不放心", "老板不同意"])
def test_a_worry_does_not_end_the_form(talk: Talk, text: str) -> None:
    talk.goes(("我要入会", "同意"), (text, "入会是自愿的"))
    assert {"同意", "不同意"} <= set(talk.titles)
    talk.goes(("[同意]", "姓名"))


@pytest.mark.parametrize("text", ["入会有啥好处", "要身份证吗", "交多少钱", "试用期多久"])
def test_a_question_about_joining_is_answered_inside_the_form(talk: Talk, text: str) -> None:
    talk.goes(*BEGUN, (text, "姓名"))
    assert len(talk.replies) == 2
    assert not talk.slots.get("join_name")
    assert talk.replies[0].citations or len(talk.replies[0].buttons) > 1


def test_joining_for_somebody_else_leads_to_a_person(talk: Talk) -> None:
    talk.goes(("我帮我老公入会行吗", "本人自愿"))
    assert "转人工" in talk.titles
    assert talk.last is not None
    assert talk.last.snapshot.active_loop is None


@pytest.mark.parametrize("text", ["我们想建工会", "我是不是会员"])
def test_a_question_about_the_union_opens_no_form(talk: Talk, text: str) -> None:
    talk.says(text)
    assert talk.last is not None
    assert talk.last.snapshot.active_loop is None
    assert talk.replies[0].citations


@pytest.mark.parametrize("text", ["好", "帮我登记"])
def test_a_rider_joins_right_after_the_answer(talk: Talk, text: str) -> None:
    talk.says("外卖骑手能加入工会吗？")
    talk.goes((text, "姓名、手机号、工作单位、所在区县"))
