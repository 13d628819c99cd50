"""Weak signs of a day add up; one sign, an old sign and an alarm do not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handoff.screening.adding_up import DAY, ENOUGH, LEAST, AddedUp, Sign, add_up, as_distress
from handoff.screening.levels import Category, Finding, Layer, Level

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _finding(weight: float, level: Level = Level.ORDINARY) -> Finding:
    categories = () if level is Level.ORDINARY else (Category.DESPAIR,)
    return Finding(level, categories, 0.2, (), Layer.RULES, "v", weight=weight)


def _day(*weights: float, apart: timedelta = HOUR) -> list[bool]:
    """Whether each message of a talk made the day's signs amount to distress."""
    kept, alarms = AddedUp((), amounts_to_distress=False), []
    for place, weight in enumerate(weights):
        kept = add_up(kept.signs, _finding(weight), now=NOON + place * apart)
        alarms.append(kept.amounts_to_distress)
    return alarms


def test_three_strong_signs_amount_to_distress() -> None:
    assert _day(0.96, 0.96, 0.96) == [False, False, True]


def test_many_ordinary_messages_never_do() -> None:
    assert not any(_day(*[0.89] * 50))


def test_weaker_signs_need_more_of_them() -> None:
    assert _day(0.91, 0.91, 0.91, 0.91) == [False, False, False, True]


def test_what_is_between_the_signs_does_not_matter() -> None:
    assert _day(0.96, 0.1, 0.96, 0.3, 0.5, 0.96)[-1]


def test_signs_older_than_a_day_are_forgotten() -> None:
    assert not any(_day(0.96, 0.96, 0.96, 0.96, apart=DAY / 2))
    kept = add_up([Sign(NOON - DAY, 0.97)], _finding(0.2), now=NOON)
    assert kept.signs == ()


def test_one_message_is_never_enough_and_a_day_alarms_once() -> None:
    assert _day(0.999) == [False]
    assert _day(*[0.96] * 5) == [False, False, True, False, False]


@pytest.mark.parametrize("level", [Level.CRISIS, Level.DISTRESS, Level.SENSITIVE])
def test_an_alarm_by_itself_leaves_the_signs_as_they_are(level: Level) -> None:
    earlier = (Sign(NOON - HOUR, 0.96),)
    assert add_up(earlier, _finding(0.99, level), now=NOON) == AddedUp(earlier, amounts_to_distress=False)


def test_the_rules_alone_give_no_weak_signs() -> None:
    assert add_up((), _finding(0.0), now=NOON) == AddedUp((), amounts_to_distress=False)


def test_the_finding_that_tips_the_day_speaks_of_despair() -> None:
    ordinary = _finding(0.96)
    assert as_distress(ordinary) == replace(
        ordinary, level=Level.DISTRESS, categories=(Category.DESPAIR,), layer=Layer.CLASSIFIER
    )


def test_a_weak_sign_is_what_one_in_ten_ordinary_messages_reaches() -> None:
    assert Sign(NOON, LEAST).adds == pytest.approx(1.0)
    assert ENOUGH > 3
