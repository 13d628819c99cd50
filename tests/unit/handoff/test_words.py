"""The fixed words: for every category and both states of duty, true, kind, and free of what must not be said."""

import itertools
from pathlib import Path

import pytest
import yaml

from handoff import texts
from handoff.screening.levels import Category, Finding, Layer, Level
from handoff.words import FixedWords, HotlineView, NoFixedWords, fixed_words, unread_words, waiting_words, words_named

NUMBERS = {
    "110": "报警",
    "120": "急救",
    "119": "火警",
    "12110": "短信报警",
    "12356": "心理援助热线",
    "12351": "工会热线",
    "12333": "人社热线",
    "12338": "妇女维权热线",
    "12355": "青少年服务热线",
    "12350": "安全生产举报",
    "12388": "纪检监察举报",
}
HOTLINES = [HotlineView(number, name, "每天 8 点到 24 点", "", "") for number, name in NUMBERS.items()]
SEEN_AT = "明天 8:30"
# What words in a crisis never say (the union's practice, part «Crisis words»).
NEVER = [
    "想不开",
    "想想家人",
    "想想孩子",
    "比您难",
    "比你难",
    "难的多着",
    "抑郁",
    "焦虑症",
    "心理疾病",
    "精神病",
    "一定帮",
    "绝对保密",
    "马上有人",
    "我们保证",
    "保证能",
    "放心",
    "没事的",
    "会好的",
    "依法理性",
    "理性表达",
    "不要闹",
    "别闹",
    "不要上访",
    "不归我们",
    "已报警",
    "已经报警",
    "报了警",
    "撤诉",
    "撤回",
    "满意度",
    "评价",
    "请选择",
    "回复数字",
    "菜单",
    "违法",
    "拘留",
    "为什么不早说",
    "坚强",
    "我理解",
    "我很难过",
    "我陪",
    "我在",
    "我们很",
    "怎么死",
    "剂量",
    "多少片",
    "跳下",
    "一定",
    "绝对",
    "肯定",
    "保证您",
    "保密",
    "百分之百",
    "马上到",
    "立刻到",
    "闹",
    "上访",
    "抑郁症",
    "自杀",
    "轻生",
    "责怪",
    "投诉我们",
    "打分",
    "几分",
    "请回复1",
    "别难过",
    "想想父母",
    "都会过去",
]
SHIPPED = [
    HotlineView(row["number"], row["name"], row["hours"], row["purpose"], row["dial"])
    for row in yaml.safe_load((Path(texts.__file__).parent / "sources" / "hotlines.yml").read_text("utf-8"))
]
LATEST_SEEN_AT = "工作日 8:30 上班后"
ASKS_FOR_DETAILS = [
    "self", "workmate", "threat", "in_danger", "child_labour", "minor", "hazard", "forced_labour",
]  # fmt: skip
DEALT_WITH = [name for name, (on_duty, _) in texts.TEXTS.items() if "{department}" in str(on_duty)]


def finding(category: Category) -> Finding:
    return Finding(category.level, (category,), 0.9, ("…",), Layer.RULES, "v")


def every_text(hotlines: list[HotlineView]) -> dict[str, FixedWords]:
    """Every text on and off duty, with and without a department and a woman who is there."""
    return {
        f"{name}/{department}/{woman}/{on_duty}": words_named(
            name,
            on_duty=on_duty,
            hotlines=hotlines,
            seen_at=SEEN_AT,
            department=department,
            woman_on_duty=woman,
        )
        for name in texts.TEXTS
        for on_duty in (True, False)
        for department in ("", "女职工部")
        for woman in (True, False)
    }


@pytest.mark.parametrize("hotlines", [HOTLINES, []], ids=["all numbers", "no number"])
def test_no_text_says_what_must_not_be_said(hotlines: list[HotlineView]) -> None:
    for (name, words), forbidden in itertools.product(every_text(hotlines).items(), NEVER):
        assert forbidden not in words.text, f"{name}: {forbidden}"


def test_no_text_has_a_feeling_i_or_an_emoji_or_a_hole() -> None:
    for name, words in every_text(HOTLINES).items():
        assert "我" not in words.text.replace("我们", ""), name
        assert all(ord(char) < 0x10000 for char in words.text), name
        assert "{" not in words.text, name


def test_words_for_nobody_on_duty_never_say_that_somebody_was_alerted() -> None:
    for name, words in every_text(HOTLINES).items():
        off_duty = name.endswith("False")
        assert ("没有工会干部在线" in words.text) is off_duty, name
        assert ("值班同志" in words.text) is not off_duty, name
        assert not (off_duty and "在岗" in words.text), name


def test_words_for_nobody_on_duty_say_when_somebody_reads_them() -> None:
    for name, words in every_text(HOTLINES).items():
        assert (SEEN_AT in words.text) is name.endswith("False"), name


def test_a_crisis_always_names_help_that_works_at_once() -> None:
    for category, on_duty in itertools.product(Category, (True, False)):
        if category.level is Level.CRISIS:
            assert "110" in fixed_words(finding(category), on_duty=on_duty, hotlines=HOTLINES, seen_at=None).text
            bare = fixed_words(finding(category), on_duty=on_duty, hotlines=[], seen_at=None).text
            assert "报警" in bare or "医院" in bare


def test_only_numbers_of_this_installation_are_named() -> None:
    for words in every_text([]).values():
        assert not any(char.isdigit() for char in words.text.replace(SEEN_AT, ""))


def test_a_number_is_given_as_it_is_dialled_here_with_its_hours() -> None:
    lines = [HotlineView("12356", "心理援助热线", "8:00–24:00", "心理", "0571-12356")]
    words = fixed_words(finding(Category.DESPAIR), on_duty=True, hotlines=lines, seen_at=None)
    assert "0571-12356（心理援助热线，8:00–24:00）" in words.text


def test_off_duty_a_crisis_ends_with_the_local_line_that_is_open_all_night() -> None:
    night = HotlineView("057185029595", "市心理危机热线", "24 小时", "心理危机干预", "0571-85029595")
    words = fixed_words(finding(Category.SELF_HARM), on_duty=False, hotlines=[*HOTLINES, night], seen_at=None)
    assert words.text.endswith("也可以打0571-85029595（市心理危机热线，24 小时）。")
    by_day = fixed_words(finding(Category.SELF_HARM), on_duty=True, hotlines=[*HOTLINES, night], seen_at=None)
    assert "85029595" not in by_day.text


def test_the_most_pressing_category_chooses_the_words() -> None:
    both = Finding(Level.CRISIS, (Category.SELF_HARM, Category.COLLECTIVE), 0.9, (), Layer.RULES, "v")
    assert fixed_words(both, on_duty=True, hotlines=HOTLINES, seen_at=None).version.startswith("self/on_duty/")
    softened = Finding(Level.DISTRESS, (Category.DESPAIR, Category.SEXUAL_HARASSMENT), 0.4, (), Layer.RULES, "v")
    assert fixed_words(softened, on_duty=False, hotlines=HOTLINES, seen_at=None).version.startswith(
        "distress/off_duty/"
    )


def test_a_workmate_a_roof_and_a_threat_have_words_of_their_own() -> None:
    chosen = {
        fixed_words(finding(category), on_duty=True, hotlines=HOTLINES, seen_at=None).text
        for category in (Category.SELF_HARM, Category.THIRD_PARTY, Category.ROOFTOP, Category.THREAT_TO_OTHERS)
    }
    assert len(chosen) == 4


def test_words_carry_the_name_of_their_text() -> None:
    for on_duty in (True, False):
        words = fixed_words(finding(Category.SELF_HARM), on_duty=on_duty, hotlines=HOTLINES, seen_at=None)
        assert words.name == "self"
        assert waiting_words(on_duty=on_duty, hotlines=HOTLINES, seen_at=None).name == "waiting"
        assert unread_words(on_duty=on_duty, hotlines=HOTLINES, seen_at=None).name == "unread"


def test_off_duty_who_only_has_a_question_hears_how_to_go_on() -> None:
    words = waiting_words(on_duty=False, hotlines=HOTLINES, seen_at=SEEN_AT).text
    assert "只是想问问题的，写「接着问」。" in words
    assert "接着问" not in waiting_words(on_duty=True, hotlines=HOTLINES, seen_at=None).text


@pytest.mark.parametrize("on_duty", [True, False])
def test_the_bereaved_are_not_told_to_save_a_life(on_duty: bool) -> None:
    died = Finding(Level.SENSITIVE, (Category.DEATH_OR_INJURY,), 0.1, (), Layer.RULES, "v", died=True)
    words = fixed_words(died, on_duty=on_duty, hotlines=HOTLINES, seen_at=SEEN_AT)
    assert words.name == "death"
    assert words.text.startswith("请节哀。")
    for wanted in ("申请工伤认定有期限", "12333"):
        assert wanted in words.text
    assert "120" not in words.text
    assert "顾好人" not in words.text


def test_the_injured_hear_of_the_ambulance_first() -> None:
    words = fixed_words(finding(Category.DEATH_OR_INJURY), on_duty=True, hotlines=HOTLINES, seen_at=None)
    assert "120" in words.text.split("。")[0]


def test_an_accident_that_the_rules_saw_keeps_its_words_when_the_classifier_guesses_grief() -> None:
    hurt = Finding(Level.DISTRESS, (Category.DESPAIR, Category.DEATH_OR_INJURY), 0.4, (), Layer.CLASSIFIER, "v")
    assert fixed_words(hurt, on_duty=True, hotlines=HOTLINES, seen_at=None).name == "death_or_injury"
    seen = (Category.FAREWELL, Category.DEATH_OR_INJURY)
    died = Finding(Level.CRISIS, seen, 0.9, (), Layer.CLASSIFIER, "v", died=True)
    assert fixed_words(died, on_duty=True, hotlines=HOTLINES, seen_at=None).name == "death"
    following = Finding(Level.CRISIS, (Category.SELF_HARM, *seen), 0.9, (), Layer.CLASSIFIER, "v", died=True)
    assert fixed_words(following, on_duty=True, hotlines=HOTLINES, seen_at=None).name == "self"


def test_who_writes_about_somebody_on_a_roof_is_not_sent_to_safety() -> None:
    both = Finding(Level.CRISIS, (Category.ROOFTOP, Category.THIRD_PARTY), 0.9, (), Layer.BOTH, "v")
    words = fixed_words(both, on_duty=True, hotlines=HOTLINES, seen_at=None)
    assert words.name == "workmate"
    assert "110" in words.text
    assert "地点" in words.text
    assert "请先到安全的地方" not in words.text


def test_every_text_is_dated_and_a_draft_until_somebody_approved_it() -> None:
    for words in every_text(HOTLINES).values():
        assert words.version.endswith(f"/{texts.DRAFTED_ON}/draft")
    approved = waiting_words(on_duty=True, hotlines=HOTLINES, seen_at=None, approved=True)
    assert approved.version == f"waiting/on_duty/{texts.DRAFTED_ON}/approved"


def test_every_category_has_words_of_its_level() -> None:
    for category, on_duty in itertools.product(Category, (True, False)):
        words = fixed_words(finding(category), on_duty=on_duty, hotlines=HOTLINES, seen_at=SEEN_AT)
        assert words.text == words_named(words.name, on_duty=on_duty, hotlines=HOTLINES, seen_at=SEEN_AT).text


@pytest.mark.parametrize("department", ["", "女职工委员会"])
def test_nobody_reads_more_than_a_short_paragraph(department: str) -> None:
    """With the numbers and hours that a new installation starts with."""
    for name, on_duty, woman in itertools.product(texts.TEXTS, (True, False), (True, False)):
        words = words_named(
            name,
            on_duty=on_duty,
            hotlines=SHIPPED,
            seen_at=LATEST_SEEN_AT,
            department=department,
            woman_on_duty=woman,
        )
        assert len(words.text) <= 182, name
        assert max(map(len, words.text.split("。"))) <= 60, name


@pytest.mark.parametrize("name", ASKS_FOR_DETAILS)
def test_who_is_asked_for_details_hears_that_they_stay_nameless_unless_a_life_is_in_danger(name: str) -> None:
    for on_duty in (True, False):
        words = words_named(name, on_duty=on_duty, hotlines=HOTLINES, seen_at=SEEN_AT).text
        assert "可以不说名字；只有为了救命，才会把能找到您的信息告诉110、120。" in words
        bare = words_named(name, on_duty=on_duty, hotlines=[], seen_at=SEEN_AT).text
        assert "才会把能找到您的信息告诉公安和急救。" in bare


@pytest.mark.parametrize("name", DEALT_WITH)
@pytest.mark.parametrize("on_duty", [True, False])
def test_a_sensitive_matter_says_which_people_read_it(name: str, on_duty: bool) -> None:
    named = words_named(name, on_duty=on_duty, hotlines=HOTLINES, seen_at=SEEN_AT, department="权益保障部").text
    assert "权益保障部的同志" in named
    unnamed = words_named(name, on_duty=on_duty, hotlines=HOTLINES, seen_at=SEEN_AT).text
    assert "部的同志" not in unnamed
    assert any(person in unnamed for person in ("工会的同志", "值班主管", "会有人看到"))


def test_all_sensitive_matters_are_dealt_with_by_a_department() -> None:
    names = {
        fixed_words(finding(c), on_duty=True, hotlines=[], seen_at=None).name
        for c in Category
        if c.level is Level.SENSITIVE
    }
    assert names | {"death", "collective_many"} == set(DEALT_WITH)


def test_who_complains_of_a_cadre_hears_who_reads_it_and_who_does_not() -> None:
    category = finding(Category.CADRE_OR_FUNDS)
    words = fixed_words(category, on_duty=True, hotlines=HOTLINES, seen_at=None, department="纪检组").text
    assert "只给纪检组的同志看，不给您点名的人看" in words
    assert "12388" in words


def test_a_woman_is_promised_only_where_one_is_there() -> None:
    for category in (Category.SEXUAL_HARASSMENT, Category.DOMESTIC_VIOLENCE):
        for on_duty, woman in itertools.product((True, False), (True, False)):
            words = fixed_words(
                finding(category), on_duty=on_duty, hotlines=HOTLINES, seen_at=SEEN_AT, woman_on_duty=woman
            )
            assert ("现在就有女同志在岗" in words.text) is (on_duty and woman)
            assert "写「要女同志」" in words.text


def test_a_matter_of_very_many_people_has_words_that_put_their_safety_first() -> None:
    collective = finding(Category.COLLECTIVE)
    few = fixed_words(collective, on_duty=True, hotlines=HOTLINES, seen_at=None)
    many = fixed_words(collective, many=True, on_duty=True, hotlines=HOTLINES, seen_at=None)
    assert (few.name, many.name) == ("collective", "collective_many")
    assert "平安" in many.text.split("。")[0]
    assert "110" in many.text
    alone = fixed_words(finding(Category.SELF_HARM), many=True, on_duty=True, hotlines=HOTLINES, seen_at=None)
    assert alone.name == "self"


def test_a_hazard_is_about_danger_now_and_about_illness_from_work() -> None:
    words = fixed_words(finding(Category.HAZARD), on_duty=True, hotlines=HOTLINES, seen_at=None).text
    assert words.index("离开危险的地方") < words.index("119") < words.index("去医院查")


def test_every_text_fits_one_message_of_the_strictest_channel() -> None:
    for name, words in every_text(HOTLINES).items():
        assert len(words.text.encode()) <= 2048, name


def test_an_ordinary_finding_has_no_fixed_words() -> None:
    with pytest.raises(NoFixedWords):
        fixed_words(
            Finding(Level.ORDINARY, (), 0.0, (), Layer.RULES, "v"), on_duty=True, hotlines=HOTLINES, seen_at=None
        )
