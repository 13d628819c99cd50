"""The rules layer: what it must see, what it must leave alone, and that nobody can hide from it or stall it."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.screening.levels import Category, Layer, Level
from handoff.screening.rules import DEFAULT_PATH, Rules, RulesError
from tests.unit.handoff.screening.signs import DIED, DISGUISED, LESS, OPEN, ORDINARY

RULES = Rules.load()
PHRASES = ["我不想活了", "活够了", "我要跳楼", "写好遗书了", "拿刀砍死他", "我要杀了老板", "一瓶农药", "死了算了"]
MOST_STEPS = 400
HIDING = [" ", "\u200b", "\u00a0", "😭", "💔", "*", "·", "-", "_", "~", "\u3000", "\ufeff"]


@pytest.mark.parametrize(("level", "category", "text"), OPEN + DISGUISED + LESS)
def test_a_sign_is_given_its_level_and_category(level: Level, category: Category | None, text: str) -> None:
    finding = RULES.screen(text)
    assert finding.level is level
    assert category is None or category in finding.categories
    assert finding.triggers
    assert finding.layer is Layer.RULES


@pytest.mark.parametrize("text", ORDINARY)
def test_hyperbole_law_and_daily_talk_are_ordinary(text: str) -> None:
    finding = RULES.screen(text)
    assert (finding.level, finding.categories, finding.triggers) == (Level.ORDINARY, (), ())


@pytest.mark.parametrize("text", DIED)
def test_a_death_at_work_is_no_wish_to_die_and_nothing_is_left_to_rescue(text: str) -> None:
    finding = RULES.screen(text)
    assert (finding.level, finding.categories) == (Level.SENSITIVE, (Category.DEATH_OR_INJURY,))
    assert finding.died


@pytest.mark.parametrize("text", ["塌方死了两个人，还有三个人埋在里面", "我老公昏迷了，正在抢救", "头上流血了"])
def test_who_may_still_be_saved_is_not_spoken_of_as_dead(text: str) -> None:
    finding = RULES.screen(text)
    assert Category.DEATH_OR_INJURY in finding.categories
    assert not finding.died


def test_ones_own_company_is_collective_only_when_others_are_named() -> None:
    assert RULES.screen("我们公司几十个人没发工资怎么办").level is Level.SENSITIVE
    assert RULES.screen("我们公司大家都没发工资怎么办").level is Level.SENSITIVE


@pytest.mark.parametrize("excused", ["累死了", "想死你了", "员工自杀公司要赔吗？", "打死我也不签，", "我不会自杀，"])
@pytest.mark.parametrize("sign", ["我不想活了", "我已经站在楼顶了", "我要杀了老板"])
def test_an_exception_never_silences_a_second_sign(excused: str, sign: str) -> None:
    assert RULES.screen(excused + sign).level is Level.CRISIS
    assert RULES.screen(sign + "，" + excused).level is Level.CRISIS


def test_the_writer_and_the_one_written_about_are_told_apart() -> None:
    assert Category.THIRD_PARTY not in RULES.screen("老公天天打我，我不想活了").categories
    assert RULES.screen("他跟我说不想活了").categories == (Category.THIRD_PARTY,)
    both = RULES.screen("我妈走了，不想活了").categories
    assert Category.SELF_HARM in both
    assert Category.THIRD_PARTY in both


def test_a_trigger_is_shown_as_it_was_written() -> None:
    assert RULES.screen("好累，不 想*活 了").triggers[0] == "不 想*活"
    assert RULES.screen("喝农要").triggers[0] == "喝农要"


@settings(max_examples=60, deadline=None)
@given(phrase=st.sampled_from(PHRASES), noise=st.lists(st.sampled_from(HIDING), min_size=12, max_size=12))
def test_what_is_put_between_the_characters_hides_nothing(phrase: str, noise: list[str]) -> None:
    hidden = "".join(char + between for char, between in zip(phrase, noise, strict=False))
    assert RULES.screen(hidden).level is Level.CRISIS


@settings(max_examples=60, deadline=None)
@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_no_text_around_a_sign_hides_it_or_breaks_the_rules(before: str, after: str) -> None:
    assert RULES.screen(f"{before}\n我真的不想活了，谁也别劝\n{after}").level is Level.CRISIS


def test_every_expression_is_bounded_so_that_a_match_costs_a_constant_number_of_steps() -> None:
    phrases = [one for rule in RULES.rules for one in (*rule.phrases, *rule.exceptions, *rule.softer)]
    for phrase in phrases:
        for piece in (phrase.plain, phrase.spelled):
            assert piece is None or _longest(piece.expression) < MOST_STEPS, phrase.phrase


def _longest(expression: str) -> int:
    """How many characters it matches at most; what is unbounded gives billions."""
    return int(re._parser.parse(expression).getwidth()[1])  # type: ignore[attr-defined]


@pytest.mark.parametrize("filler", ["\ufdfa", "zisha", "想死你", "员工自杀公司要赔，"])
def test_a_megabyte_of_hostile_text_ends_and_its_last_sign_is_found(filler: str) -> None:
    text = filler * (1_000_000 // len(filler.encode())) + "。\n我不想活了"
    assert RULES.screen(text).level is Level.CRISIS


def test_nul_bytes_lone_surrogates_and_odd_planes_are_survived() -> None:
    assert RULES.screen("\x00\ud800\U0010ffff不想活").level is Level.CRISIS


@pytest.mark.parametrize(
    ("level", "text"),
    [
        (Level.DISTRESS, "她割腕自残的那场戏"),
        (Level.ORDINARY, "看得我眼泪止不住"),
        (Level.DISTRESS, "他们就从天台跳下去了"),
    ],
)
def test_words_that_are_also_said_lightly_wait_for_the_classifier(level: Level, text: str) -> None:
    read = RULES.read(text)
    assert read.alone.level is level
    assert read.whole.level.seriousness > level.seriousness
    assert RULES.screen(text) == read.alone


def test_a_finding_names_the_rules_that_saw_something() -> None:
    assert "self-harm-open" in RULES.screen("我不想活了").rules
    assert RULES.screen("年假几天").rules == ()


def test_a_union_adds_a_phrase_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"
    body = DEFAULT_PATH.read_text("utf-8")
    path.write_text(body.replace("phrases: >\n", "phrases: >\n      去见(马克思|阎王)了\n", 1), "utf-8")
    assert Rules.load(path).screen("我去见马克思了").level is Level.CRISIS
    assert RULES.screen("我去见马克思了").level is Level.ORDINARY
    assert Rules.load(path).version != RULES.version


def test_a_phrase_that_cannot_be_read_is_named_with_its_rule(tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"
    body = DEFAULT_PATH.read_text("utf-8")
    path.write_text(body.replace("phrases: >\n", "phrases: >\n      (想|要活\n", 1), "utf-8")
    with pytest.raises(RulesError, match=r"rules\.yml: rule suicide-intent: .*never closed"):
        Rules.load(path)


def test_a_missing_rules_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"none\.yml"):
        Rules.load(tmp_path / "none.yml")


def test_every_category_but_the_bots_own_has_a_rule() -> None:
    assert {rule.category for rule in RULES.rules} | {Category.FAREWELL} == set(Category)
