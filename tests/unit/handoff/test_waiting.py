"""What somebody who asks for a person is told about the wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.db import transaction

from handoff.desk import claim_chat, release, request_handoff
from handoff.kinds import DayKind
from handoff.models import Cadre, Conversation, RosterLine
from handoff.waiting import ENOUGH, MEASURED_FOR, Measured, measured, waiting_sentence
from tests.desk import TestDesk


def waiting(desk: TestDesk) -> Conversation:
    """A talk that waits from now on."""
    talk = desk.visitor()
    with transaction.atomic():
        request_handoff(Conversation.locked(talk.pk), now=desk.clock())
    return Conversation.objects.get(pk=talk.pk)


def waited(desk: TestDesk, cadre: Cadre, *minutes: int) -> None:
    """Talks that were claimed after so many minutes each, one after another from ten in the morning on."""
    begins = desk.clock.now
    for number in minutes:
        desk.clock.now = begins
        talk = waiting(desk)
        desk.clock.forward(minutes=number, seconds=30)
        claim_chat(talk.pk, cadre, now=desk.clock())
        release(talk.pk, cadre, now=desk.clock())
    desk.clock.now = begins


@pytest.fixture
def wang(desk: TestDesk) -> Cadre:
    return desk.cadre("王敏", on_duty=True)


def there(desk: TestDesk, cadre: Cadre) -> None:
    Cadre.objects.filter(pk=cadre.pk).update(on_duty=True, seen_at=desk.clock())


def test_nothing_is_said_about_minutes_before_enough_was_measured(desk: TestDesk, wang: Cadre) -> None:
    waited(desk, wang, *[3] * (ENOUGH - 1))
    there(desk, wang)
    assert measured(desk.union.pk, now=desk.clock()) is None
    assert waiting_sentence(desk.visitor(), now=desk.clock()) == "前面没有别人在等。"


def test_the_middle_and_the_long_wait_are_told_as_measured(desk: TestDesk, wang: Cadre) -> None:
    waited(desk, wang, 2, 30, 4, 10, 8, 12, 6, 14, 16, 18)
    there(desk, wang)
    assert measured(desk.union.pk, now=desk.clock()) == Measured(usual=10, long=16)
    waiting(desk)
    waiting(desk)
    desk.clock.forward(seconds=20)
    said = waiting_sentence(waiting(desk), now=desk.clock())
    assert said == "前面还有 2 位。这个时段一般 10 分钟左右有人接，慢的时候要 16 分钟。"


def test_a_wait_of_seconds_is_told_as_a_minute(desk: TestDesk, wang: Cadre) -> None:
    waited(desk, wang, *[0] * ENOUGH)
    there(desk, wang)
    assert waiting_sentence(desk.visitor(), now=desk.clock()).endswith("一般 1 分钟左右有人接。")


def test_what_was_measured_in_the_evening_says_nothing_about_the_morning(desk: TestDesk, wang: Cadre) -> None:
    waited(desk, wang, *[5] * ENOUGH)  # 18:00 in Shanghai
    assert measured(desk.union.pk, now=desk.clock() + timedelta(hours=1)) is not None
    assert measured(desk.union.pk, now=desk.clock() + timedelta(hours=16)) is None


def test_what_was_measured_long_ago_counts_no_more(desk: TestDesk, wang: Cadre) -> None:
    waited(desk, wang, *[5] * ENOUGH)
    desk.clock.now += MEASURED_FOR
    assert measured(desk.union.pk, now=desk.clock() + timedelta(minutes=2)) is not None
    assert measured(desk.union.pk, now=desk.clock() + timedelta(minutes=10)) is None


def test_somebody_in_danger_comes_first_and_is_counted(desk: TestDesk, wang: Cadre) -> None:
    talk = waiting(desk)
    desk.clock.forward(minutes=1)
    desk.writes(desk.visitor(), "我不想活了")
    waiting(desk)
    there(desk, wang)
    assert waiting_sentence(talk, now=desk.clock()).startswith("前面还有 1 位。")


def test_while_nobody_is_there_no_minutes_are_told_but_when_duty_begins(desk: TestDesk, wang: Cadre) -> None:
    waited(desk, wang, *[5] * ENOUGH)
    Cadre.objects.filter(pk=wang.pk).update(on_duty=False)
    said = waiting_sentence(desk.visitor(), now=desk.clock())
    assert said.startswith("最晚工作日 08:30 上班后会有人看。")
    assert "分钟" not in said
    RosterLine.objects.create(
        cadre=wang, day_kind=DayKind.EVERY_DAY, starts=time(19, 30), ends=time(22), valid_from=date(2026, 1, 1)
    )
    assert waiting_sentence(desk.visitor(), now=desk.clock()).startswith("最晚今天 19:30会有人看。")
    assert "约回电" in said


def test_somebody_there_who_may_not_read_the_talk_is_nobody(desk: TestDesk, wang: Cadre) -> None:
    named = desk.cadre("李强")
    Cadre.objects.filter(pk=named.pk).update(reads_crisis=True)
    talk = desk.visitor()
    desk.writes(talk, "我不想活了")
    there(desk, wang)
    assert waiting_sentence(Conversation.objects.get(pk=talk.pk), now=desk.clock()).startswith("最晚")


def test_the_reply_to_whoever_asks_for_a_person_carries_the_sentence(desk: TestDesk, wang: Cadre) -> None:
    from rasa_sdk.executor import CollectingDispatcher

    from actions.human import call_a_person
    from bot.scoping import scope_of

    talk = desk.visitor()
    there(desk, wang)
    scope = scope_of(talk, now=desk.clock())
    assert scope.presence().waiting == "前面没有别人在等。"
    said = CollectingDispatcher()
    call_a_person(replace(scope), said)
    assert said.messages[0]["text"].endswith("前面没有别人在等。")


def test_taking_over_a_talk_that_did_not_wait_measures_nothing(desk: TestDesk, wang: Cadre) -> None:
    waited(desk, wang, *[9] * ENOUGH)
    for _ in range(3 * ENOUGH):
        claim_chat(desk.visitor().pk, wang, now=desk.clock())
    assert measured(desk.union.pk, now=desk.clock()) == Measured(usual=9, long=9)
