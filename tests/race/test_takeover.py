"""Takeover against bot reply, in many orders: nothing of the engine begins to be sent once a takeover has committed."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from django.db import connections

from bot.delivery import Deliverer, PullSender, SendOutcome, SendResult
from handoff.desk import claim_chat
from handoff.kinds import Channel, Delivery, MessageKind
from handoff.models import Cadre, Conversation, Message
from tests.desk import TestDesk, make_desk
from tests.fakes.dialogue import FakeDialogue
from tests.race.witness import witness

SAMPLE, ALL = 50, 1000


class Platform:
    """A pushing channel that takes everything."""

    pulls = False

    def send(self, message: Message, *, joined: Sequence[Message] = ()) -> SendOutcome:
        """Taken."""
        return SendOutcome(SendResult.SENT)

    def holds(self, first: Message, *, now: datetime) -> bool:
        """Nothing is held."""
        return False

    def joins(self, first: Message, following: Sequence[Message]) -> int:
        """Every line goes out by itself."""
        return 0


def _pause(rng: random.Random) -> None:
    """Some microseconds to a few milliseconds: where the interleavings differ."""
    until = time.monotonic() + rng.choice((0, 0.0002, 0.001, 0.003)) * rng.random()
    while time.monotonic() < until:
        pass


def _together(*works: Callable[[], object]) -> None:
    barrier = threading.Barrier(len(works))
    errors: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait()
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors


def _one_round(desk: TestDesk, cadre: Cadre, seed: int) -> None:
    rng = random.Random(seed)
    channel = rng.choice((Channel.WECHAT, Channel.WEBCHAT))
    deliverer = Deliverer({Channel.WECHAT: Platform(), Channel.WEBCHAT: PullSender()}, clock=desk.clock)
    talk = desk.visitor(channel)
    for number in range(rng.randint(1, 3)):
        desk.writes(talk, f"问题 {number}")
    if rng.random() < 0.5:
        desk.desk.turns.run(talk.pk)

    def take_over() -> None:
        _pause(rng)
        claim_chat(talk.pk, cadre, now=desk.clock())

    def answer() -> None:
        _pause(rng)
        desk.desk.turns.run(talk.pk)
        deliverer.run(talk.pk)

    def deliver() -> None:
        _pause(rng)
        deliverer.run(talk.pk)

    _together(take_over, answer, deliver)
    deliverer.run(talk.pk)
    assert not _left_over(talk), f"seed {seed}"


def _left_over(talk: Conversation) -> list[int]:
    """Engine messages still on their way, or written behind the takeover's own words."""
    mark = Message.objects.get(conversation=talk, kind=MessageKind.FIXED)
    engine = Message.objects.filter(conversation=talk, kind=MessageKind.ENGINE)
    under_way = engine.filter(delivery__in=[Delivery.PENDING, Delivery.SENDING])
    return [*under_way.values_list("pk", flat=True), *engine.filter(pk__gt=mark.pk).values_list("pk", flat=True)]


def _rounds(count: int) -> None:
    desk = make_desk(FakeDialogue())
    cadre = desk.cadre("王敏")
    with witness():
        for seed in range(count):
            _one_round(desk, cadre, seed)


@pytest.mark.django_db(transaction=True)
def test_no_engine_send_begins_after_a_takeover() -> None:
    _rounds(SAMPLE)


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_no_engine_send_begins_after_a_takeover_in_a_thousand_orders() -> None:
    _rounds(ALL)


@pytest.mark.django_db(transaction=True)
def test_of_many_cadres_one_claims_and_the_others_are_told() -> None:
    from handoff.desk import AlreadyClaimed

    desk = make_desk(FakeDialogue())
    cadres = [desk.cadre(f"干部{number}") for number in range(6)]
    talk = desk.visitor()
    told: list[str] = []

    def claim(cadre: Cadre) -> None:
        try:
            claim_chat(talk.pk, cadre, now=desk.clock())
        except AlreadyClaimed as error:
            told.append(error.holder)

    _together(*[lambda cadre=cadre: claim(cadre) for cadre in cadres])  # type: ignore[misc]
    holder = Conversation.objects.select_related("holder").get(pk=talk.pk).holder
    assert holder is not None
    assert told == [holder.display_name] * 5


@pytest.mark.django_db(transaction=True)
def test_one_platform_id_delivered_at_once_by_many_is_stored_and_answered_once() -> None:
    engine = FakeDialogue()
    desk = make_desk(engine)
    talk = desk.visitor()

    def deliver() -> None:
        desk.writes(talk, "年假几天", key="wechat:main:1")
        desk.desk.turns.run(talk.pk)

    _together(*[deliver] * 5)
    assert Message.objects.filter(kind=MessageKind.WORKER).count() == 1
    assert engine.asked == ["年假几天"]
