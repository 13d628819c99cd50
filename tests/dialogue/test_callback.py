"""Booking a telephone call: the whole list of ways a form can go (design, section 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from actions.effects import BookCallBack
from tests.dialogue.talk import NOW, Talk

BEGUN = (("约回电", "打哪个号码"),)
NUMBERED = (*BEGUN, ("13812345678", "什么时候方便"))
TIMED = (*NUMBERED, ("[明天下午]", "接通以后怎么说"))
NAMED = (*TIMED, ("[说是工会]", "能留言"))
FILLED = (*NAMED, ("[不要留言]", "请您看一遍"))
STAGES = [BEGUN, NUMBERED, TIMED, NAMED, FILLED]


def booked(talk: Talk) -> list[BookCallBack]:
    return [effect for effect in talk.effects if isinstance(effect, BookCallBack)]


def slot(talk: Talk) -> tuple[datetime, datetime]:
    [call] = booked(talk)
    return call.slot.due_from, call.slot.due_until


def remembered(talk: Talk) -> list[str]:
    return [name for name, value in talk.slots.items() if name.startswith("callback_") and value]


def test_a_call_is_booked_from_number_to_confirmation(talk: Talk) -> None:
    talk.goes(*FILLED, ("[没错，约好]", "约好了：11月22日 13:30到18:00"))
    [call] = booked(talk)
    assert (call.agreed.phone, call.agreed.said_as, call.agreed.voicemail) == ("13812345678", "工会", False)
    assert slot(talk) == (NOW.replace(day=22, hour=13, minute=30), NOW.replace(day=22, hour=18))


def test_a_number_is_only_shown_masked(talk: Talk) -> None:
    shown = [talk.says(text) for text in ("约回电", "13812345678", "明天下午三点", "只说姓", "不要")]
    shown.append(talk.says("没错"))
    assert "138****5678" in shown[-2]
    assert "138****5678" in shown[-1]
    assert not any("13812345678" in text for text in shown)


def test_nothing_that_is_said_tells_what_the_call_is_about(talk: Talk) -> None:
    talk.goes(*FILLED, ("没错", "约好了"))
    for word in ("危机", "心理咨询", "投诉", "维权", "入会"):
        assert word not in talk.replies[0].text


def test_the_whole_form_can_be_typed_without_a_button(talk: Talk) -> None:
    talk.goes(("给我回个电话", "打哪个号码"), ("0512-65123456", "什么时候方便"), ("后天下午3点以后", "接通以后"))
    talk.goes(("说是我老同学", "能留言"), ("可以", "请您看一遍"), ("没错", "约好了"))
    [call] = booked(talk)
    assert (call.agreed.phone, call.agreed.said_as, call.agreed.voicemail) == ("051265123456", "说是我老同学", True)
    assert slot(talk) == (NOW.replace(day=23, hour=15), NOW.replace(day=23, hour=18))


def test_nothing_stays_in_the_talk_after_the_call_is_booked(talk: Talk) -> None:
    talk.goes(*FILLED, ("没错", "约好了"))
    assert not remembered(talk)
    assert "13812345678" not in (talk.state or "")


@pytest.mark.parametrize("stop", ["不约了", "取消", "算了不办了"])
@pytest.mark.parametrize("after", STAGES)
def test_stopping_half_way_leaves_nothing(talk: Talk, after: tuple[tuple[str, str], ...], stop: str) -> None:
    talk.goes(*after, (stop, "刚才填的没有留下"))
    assert not booked(talk)
    assert not remembered(talk)


@pytest.mark.parametrize(
    ("after", "asked_again"),
    zip(STAGES, ["打哪个号码", "什么时候方便", "接通以后", "能留言", "请您看一遍"], strict=True),
)
def test_a_question_in_between_is_answered_and_the_form_goes_on(
    talk: Talk, after: tuple[tuple[str, str], ...], asked_again: str
) -> None:
    talk.goes(*after)
    answer = talk.says("公司拖欠工资怎么办？")
    assert "工资" in talk.replies[0].text
    assert asked_again in answer


@pytest.mark.parametrize("after", STAGES)
def test_a_person_can_be_asked_for_in_the_middle(talk: Talk, after: tuple[tuple[str, str], ...]) -> None:
    talk.goes(*after, ("转人工", "工会干部"))
    assert talk.handoffs == ["asked"]
    assert not booked(talk)
    assert "还没有约好" in "\n".join(reply.text for reply in talk.replies)


def test_a_form_left_for_a_person_is_taken_up_where_it_stopped(talk: Talk) -> None:
    talk.goes(*TIMED, ("转人工", "工会干部"), ("约回电", "接通以后怎么说"))


def test_two_bad_answers_bring_the_offer_of_a_person(talk: Talk) -> None:
    talk.goes(*BEGUN, ("1380013", "不对"), ("138001380001234", "请工会干部来和您约"))
    assert "转人工" in talk.titles
    talk.goes(("13812345678", "什么时候方便"))


def test_a_number_is_corrected(talk: Talk) -> None:
    talk.goes(*FILLED, ("电话不对，是13911112222", "139****2222"), ("没错", "约好了"))
    assert booked(talk)[0].agreed.phone == "13911112222"


def test_a_time_is_corrected_and_asked_again(talk: Talk) -> None:
    talk.goes(*FILLED, ("时间不对", "什么时候方便"), ("明天上午10点", "11月22日 10:00到11:00"))


def test_what_is_wrong_can_be_chosen_from_buttons(talk: Talk) -> None:
    talk.goes(*FILLED, ("[有不对的]", "哪一项不对"), ("[怎么称呼]", "接通以后"), ("[只说姓，不说工会]", "请您看一遍"))
    talk.goes(("没错", "约好了"))
    assert booked(talk)[0].agreed.said_as == "只说姓，不说工会"


def test_just_wrong_means_the_answer_before(talk: Talk) -> None:
    talk.goes(*NUMBERED, ("写错了", "打哪个号码"))


def test_repeat_asks_the_same_field(talk: Talk) -> None:
    talk.goes(*NUMBERED, ("再说一遍", "什么时候方便"))


def test_a_form_goes_on_after_two_days_and_a_time_gone_by_is_asked_for_again(talk: Talk) -> None:
    talk.goes(*NAMED)
    talk.forward(days=2)
    talk.goes(("不要留言", "已经过了"), ("[明天上午]", "能留言"), ("不要留言", "请您看一遍"), ("没错", "11月24日"))


def test_a_form_is_finished_after_a_restart_and_on_another_channel(talk: Talk, new_talk: Callable[..., Talk]) -> None:
    talk.goes(*NAMED)
    later = new_talk(contact=talk.contact, channel="wechat", state=talk.state)
    later.goes(("不要", "请您看一遍"), ("没错", "约好了"))
    assert booked(later)[0].agreed.phone == "13812345678"


def test_a_number_typed_elsewhere_is_offered_and_not_assumed(talk: Talk) -> None:
    answer = talk.says("麻烦给我回个电话 13812345678")
    assert "138****5678" in answer
    assert not talk.slots.get("callback_mobile")
    talk.goes(("[用 138****5678]", "什么时候方便"))
    assert talk.slots["callback_mobile"] == "13812345678"


def test_another_number_than_the_one_offered_is_taken(talk: Talk) -> None:
    talk.says("麻烦给我回个电话 13812345678")
    talk.goes(("13900001111", "什么时候方便"))
    assert talk.slots["callback_mobile"] == "13900001111"


@pytest.mark.parametrize(
    ("said", "day", "hours"),
    [
        ("明天上午", 22, (9, 12)),
        ("明早10点", 22, (10, 11)),
        ("周一下午", 23, (13, 18)),
        ("随时都行", 22, (9, 20)),
        ("晚上七点", 22, (19, 20)),
        ("工作日晚上", 23, (18, 20)),
        ("明天行吗", 22, (9, 20)),
        ("我下了班大概6点半以后", 22, (18, 20)),
    ],
)
def test_a_time_is_understood_in_the_workers_own_words(talk: Talk, said: str, day: int, hours: tuple[int, int]) -> None:
    talk.goes(*NUMBERED, (said, "接通以后"))
    starts, ends = (datetime.fromisoformat(at) for at in talk.slots["callback_slot"])
    assert (starts.day, starts.hour, ends.hour) == (day, *hours)


def test_nobody_is_rung_at_night(talk: Talk) -> None:
    talk.goes(*NUMBERED, ("晚上十一点", "早上9点到晚上8点之间"), ("明天晚上7点", "接通以后"))


@pytest.mark.parametrize("text", ["明天上午上班算加班吗", "老板说明天就把我开除了还不给工资"])
def test_a_matter_with_a_day_in_it_is_not_taken_for_a_time(talk: Talk, text: str) -> None:
    talk.goes(*NUMBERED)
    talk.says(text)
    assert not talk.slots.get("callback_when")


def test_who_has_no_telephone_hears_other_ways(talk: Talk) -> None:
    talk.goes(*BEGUN, ("我没有手机", "没有电话也没关系"))
    assert "转人工" in talk.titles


def test_joining_can_be_put_aside_for_a_call_and_taken_up_again(talk: Talk) -> None:
    talk.goes(("我要入会", "同意"), ("[同意]", "姓名"), ("王小明", "手机号"), ("约回电", "打哪个号码"))
    talk.goes(("13812345678", "什么时候方便"), ("[明天下午]", "接通"), ("[说是工会]", "留言"), ("[可以留言]", "看一遍"))
    talk.goes(("没错", "约好了"), ("我要入会", "手机号"))


def test_the_number_of_a_registration_under_way_is_offered(talk: Talk) -> None:
    talk.goes(("我要入会", "同意"), ("[同意]", "姓名"), ("王小明", "手机号"), ("13812345678", "哪个单位"))
    talk.goes(("约回电", "138****5678"))
    assert not talk.slots.get("callback_mobile")


def test_who_finds_nobody_on_duty_is_offered_a_call(new_talk: Callable[..., Talk]) -> None:
    talk = new_talk(on_duty=False)
    talk.goes(("转人工", "工会干部"), ("[约回电]", "打哪个号码"))


def test_who_finds_somebody_on_duty_is_not_sent_to_the_telephone(talk: Talk) -> None:
    talk.says("转人工")
    assert "约回电" not in talk.titles


@pytest.mark.parametrize("text", ["今天", "现在就打", "今天下午3点"])
def test_a_time_that_has_gone_by_is_not_moved_in_silence(talk: Talk, text: str) -> None:
    talk.goes(*NUMBERED, (text, "这个时间打不了"))
    assert not talk.slots.get("callback_when")


def test_who_fears_to_be_overheard_is_not_named(talk: Talk) -> None:
    talk.goes(*TIMED, ("我怕家里人听见", "能留言"))
    assert talk.slots["callback_said_as"] == "只说姓，不说工会"


@pytest.mark.parametrize("text", ["约好", "没错，约好", "好的，就这样", "就约这个吧"])
def test_a_yes_in_any_words_books(talk: Talk, text: str) -> None:
    talk.goes(*FILLED, (text, "约好了"))
