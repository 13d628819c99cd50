"""Writing faster than anybody reads: stored and screened at once, answered later, told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from bot.pace import PACE, TOLD_AGAIN_AFTER, Pace, is_due, slow_down
from bot.texts import TURNS
from handoff.kinds import MessageKind
from handoff.models import Conversation, Message
from tests.desk import TestDesk

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
THREE = Pace(most=3, within=timedelta(seconds=60))


def _ago(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=each) for each in seconds]


def test_a_person_is_answered_at_once() -> None:
    assert THREE.answer_at(_ago(5, 10), [], now=NOW) == NOW
    assert THREE.answer_at([], [], now=NOW) == NOW


def test_one_more_waits_until_the_first_answer_is_old_enough() -> None:
    assert THREE.answer_at(_ago(50, 20, 10), [], now=NOW) == NOW + timedelta(seconds=10)


def test_who_waits_is_not_overtaken() -> None:
    waiting = [NOW + timedelta(seconds=30)]
    assert THREE.answer_at([], waiting, now=NOW) == waiting[0]


def test_a_clock_that_was_set_back_keeps_nobody_waiting_longer_than_the_pace() -> None:
    assert THREE.answer_at(_ago(-3600, -3600, -3600), [], now=NOW) == NOW + THREE.within


@given(st.integers(1, 5), st.integers(1, 60))
def test_in_any_window_there_are_at_most_so_many_answers(most: int, messages: int) -> None:
    pace, due = Pace(most=most, within=timedelta(seconds=60)), list[datetime]()
    for _ in range(messages):
        due.append(pace.answer_at([], due, now=NOW))
    assert due == sorted(due)
    for at in due:
        assert sum(at <= other < at + pace.within for other in due) <= most


@pytest.mark.django_db
def test_a_rush_is_told_once_and_each_message_gets_a_place_of_its_own_in_the_line(desk: TestDesk) -> None:
    talk = desk.visitor()
    for number in range(6):
        desk.writes(talk, f"第{number}句")
    slowed = [_slowed(desk, talk) for _ in range(6)]
    assert slowed == [False] * 3 + [True] * 3
    waiting = list(Message.objects.filter(retry_at__isnull=False).order_by("pk").values_list("retry_at", flat=True))
    assert waiting == [desk.clock() + THREE.within] * 3
    assert [message.body for message in _told(talk)] == [TURNS["slower"]]


@pytest.mark.django_db
def test_a_message_that_waits_is_due_later_and_waiting_is_no_failed_attempt(desk: TestDesk) -> None:
    talk = desk.visitor()
    for number in range(4):
        desk.writes(talk, f"第{number}句")
    for _ in range(4):
        _slowed(desk, talk)
    last = Message.objects.filter(conversation=talk, kind=MessageKind.WORKER).latest("pk")
    assert last.attempts == 0
    due = Message.objects.filter(is_due(desk.clock(), THREE), pk=last.pk)
    assert not due.exists()
    desk.clock.forward(seconds=61)
    assert Message.objects.filter(is_due(desk.clock(), THREE), pk=last.pk).exists()
    assert _slowed(desk, talk) is False
    desk.clock.forward(days=-400)
    assert Message.objects.filter(is_due(desk.clock(), THREE), pk=last.pk).exists()


@pytest.mark.django_db
def test_the_words_come_again_only_after_a_while(desk: TestDesk) -> None:
    talk = desk.visitor()
    for minutes in (0, 5, TOLD_AGAIN_AFTER.total_seconds() / 60):
        desk.clock.forward(minutes=minutes)
        for number in range(4):
            desk.writes(talk, f"{minutes}分第{number}句")
        for _ in range(4):
            _slowed(desk, talk)
        Message.objects.filter(conversation=talk, kind=MessageKind.WORKER).update(answered_at=desk.clock())
        desk.clock.forward(minutes=2)
    assert len(_told(talk)) == 2


def test_the_pace_is_more_than_a_person_writes() -> None:
    assert PACE.most / PACE.within.total_seconds() >= 1 / 3


def _slowed(desk: TestDesk, talk: Conversation) -> bool:
    """A turn takes up the oldest message that was neither answered nor told to wait, as `bot.turns` does."""
    now = desk.clock()
    with transaction.atomic():
        conversation = Conversation.locked(talk.pk)
        due = is_due(now, THREE)
        message = Message.objects.filter(due, conversation=talk, kind=MessageKind.WORKER, answered_at=None).first()
        assert message is not None
        message.conversation = conversation
        if slow_down(conversation, message, now=now, pace=THREE):
            return True
        Message.objects.filter(pk=message.pk).update(answered_at=now)
        return False


def _told(talk: Conversation) -> list[Message]:
    return list(
        Message.objects.filter(conversation=talk, kind=MessageKind.FIXED).select_related("conversation__contact")
    )
