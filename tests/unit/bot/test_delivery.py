"""Sending what is pending, once, in order."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot import owners
from bot.delivery import SENDING_FOR, Deliverer, Sender, SendOutcome, SendResult
from handoff.kinds import Channel, Delivery, MessageKind
from handoff.models import Conversation, Message
from handoff.outbox import say, wake_waiting
from tests.desk import TestDesk


class RecordingSender:
    """A channel that pushes to a platform; the platform here is a list."""

    pulls = False

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.outcome = SendOutcome(SendResult.SENT)
        self.error: Exception | None = None
        self.held = False
        self.joined_lines = 0

    def holds(self, first: Message, *, now: datetime) -> bool:
        """As a test wants."""
        return self.held

    def joins(self, first: Message, following: Sequence[Message]) -> int:
        """As a test wants."""
        return min(self.joined_lines, len(following))

    def send(self, message: Message, *, joined: Sequence[Message] = ()) -> SendOutcome:
        """Keep the words and say what a test wants."""
        self.sent.append("\n".join(row.body for row in (message, *joined)))
        if self.error is not None:
            raise self.error
        return self.outcome


@pytest.fixture
def platform(desk: TestDesk) -> RecordingSender:
    return RecordingSender()


@pytest.fixture
def deliverer(desk: TestDesk, platform: Sender) -> Deliverer:
    return Deliverer({Channel.WECHAT: platform}, clock=desk.clock)


def _pending(desk: TestDesk, *texts: str, kind: MessageKind = MessageKind.ENGINE) -> Conversation:
    talk = desk.visitor(Channel.WECHAT)
    for text in texts:
        say(talk, kind, text, now=desk.clock())
    return talk


def test_messages_go_out_in_order_and_once(desk: TestDesk, deliverer: Deliverer, platform: RecordingSender) -> None:
    talk = _pending(desk, "一", "二", "三")
    deliverer.run(talk.pk)
    deliverer.run(talk.pk)
    assert platform.sent == ["一", "二", "三"]
    assert list(Message.objects.order_by("id").values_list("position", flat=True)) == [1, 2, 3]


def test_a_broken_off_send_is_uncertain_and_not_repeated(
    desk: TestDesk, deliverer: Deliverer, platform: RecordingSender
) -> None:
    platform.error = TimeoutError("13800138000")
    talk = _pending(desk, "一")
    deliverer.run(talk.pk)
    deliverer.run(talk.pk)
    message = Message.objects.get()
    assert (message.delivery, message.delivery_reason, platform.sent) == (Delivery.UNCERTAIN, "TimeoutError", ["一"])


def test_a_refusal_keeps_the_platforms_reason(desk: TestDesk, deliverer: Deliverer, platform: RecordingSender) -> None:
    platform.outcome = SendOutcome(SendResult.FAILED, "45015")
    deliverer.run(_pending(desk, "一").pk)
    message = Message.objects.get()
    assert (message.delivery, message.delivery_reason) == (Delivery.FAILED, "45015")


def test_while_one_is_being_sent_elsewhere_the_next_waits(desk: TestDesk, deliverer: Deliverer) -> None:
    talk = _pending(desk, "一", "二")
    first = Message.objects.order_by("id").first()
    assert first is not None
    Message.objects.filter(pk=first.pk).update(delivery=Delivery.SENDING, delivery_owner="elsewhere:1:1")
    assert deliverer.claim(talk.pk) is None


@pytest.mark.parametrize(
    ("kind", "state", "sent"),
    [(MessageKind.ENGINE, Delivery.UNCERTAIN, []), (MessageKind.FIXED, Delivery.SENT, ["一"])],
)
def test_when_a_sender_died_only_fixed_words_are_sent_again(
    desk: TestDesk, deliverer: Deliverer, platform: RecordingSender, kind: MessageKind, state: str, sent: list[str]
) -> None:
    talk = _pending(desk, "一", kind=kind)
    Message.objects.update(delivery=Delivery.SENDING, delivery_owner="elsewhere:1:1")
    desk.clock.forward(seconds=SENDING_FOR.total_seconds() + 1)
    deliverer.run(talk.pk)
    assert (Message.objects.get().delivery, platform.sent) == (state, sent)


def test_a_dead_process_of_this_machine_is_known_at_once() -> None:
    own = owners.own_name()
    host, pid, started = own.rsplit(":", 2)
    assert not owners.is_gone(own)
    assert owners.is_gone(f"{host}:{pid}:{int(started) + 1}")
    assert owners.is_gone(f"{host}:4194303:1")
    assert not owners.is_gone("another-host:1:1")


def test_what_was_left_pending_is_found(desk: TestDesk, deliverer: Deliverer) -> None:
    talk = _pending(desk, "一")
    assert deliverer.undelivered(older_than=timedelta(0)) == [talk.pk]
    deliverer.run(talk.pk)
    assert deliverer.undelivered(older_than=timedelta(0)) == []


def test_an_outcome_is_a_value() -> None:
    outcome = SendOutcome(SendResult.SENT)
    with pytest.raises(dataclasses.FrozenInstanceError):
        outcome.reason = "x"  # type: ignore[misc]


def test_what_fails_for_a_while_is_tried_again_and_nothing_overtakes_it(
    desk: TestDesk, deliverer: Deliverer, platform: RecordingSender
) -> None:
    platform.outcome = SendOutcome(SendResult.RETRY, "-1")
    talk = _pending(desk, "一", "二")
    deliverer.run(talk.pk)
    deliverer.run(talk.pk)
    assert platform.sent == ["一"]
    platform.outcome = SendOutcome(SendResult.SENT)
    desk.clock.forward(seconds=4)
    assert deliverer.undelivered(older_than=timedelta(seconds=1)) == [talk.pk]
    deliverer.run(talk.pk)
    assert platform.sent == ["一", "一", "二"]


def test_the_pauses_grow_and_the_platforms_own_word_counts(
    desk: TestDesk, deliverer: Deliverer, platform: RecordingSender
) -> None:
    talk = _pending(desk, "一")
    pauses = []
    for after in (None, None, None, None, 30.0):
        platform.outcome = SendOutcome(SendResult.RETRY, "-1", retry_after_s=after)
        deliverer.run(talk.pk)
        retry_at = Message.objects.get().retry_at
        assert retry_at is not None
        pauses.append((retry_at - desk.clock()).total_seconds())
        desk.clock.now = retry_at
    assert [0.5 <= pause / base <= 1.5 for pause, base in zip(pauses, (2, 4, 8, 16), strict=False)] == [True] * 4
    assert pauses[-1] == 30


def test_after_a_day_a_message_waits_for_the_workers_next_one(
    desk: TestDesk, deliverer: Deliverer, platform: RecordingSender
) -> None:
    talk = _pending(desk, "一", "二")
    desk.clock.forward(hours=25)
    platform.outcome = SendOutcome(SendResult.RETRY, "-1")
    deliverer.run(talk.pk)
    assert set(Message.objects.values_list("delivery", flat=True)) == {Delivery.WAITING}
    platform.outcome = SendOutcome(SendResult.SENT)
    wake_waiting(talk, now=desk.clock())
    deliverer.run(talk.pk)
    assert platform.sent == ["一", "二", "一", "二"]


def test_fixed_words_of_unknown_outcome_are_sent_again_and_others_are_not(
    desk: TestDesk, deliverer: Deliverer, platform: RecordingSender
) -> None:
    platform.error = TimeoutError()
    talk = _pending(desk, "一", kind=MessageKind.FIXED)
    for _ in range(5):
        deliverer.run(talk.pk)
        desk.clock.forward(minutes=10)
    assert platform.sent == ["一"] * 3
    assert Message.objects.get().delivery == Delivery.UNCERTAIN


def test_while_a_response_may_carry_the_words_nothing_is_sent(
    desk: TestDesk, deliverer: Deliverer, platform: RecordingSender
) -> None:
    platform.held = True
    talk = _pending(desk, "一")
    deliverer.run(talk.pk)
    assert (platform.sent, Message.objects.get().delivery) == ([], Delivery.PENDING)


def test_a_cadres_lines_go_out_in_one_text(desk: TestDesk, deliverer: Deliverer, platform: RecordingSender) -> None:
    platform.joined_lines = 5
    talk, cadre, other = desk.visitor(Channel.WECHAT), desk.cadre("wang"), desk.cadre("li")
    for text, speaker in (("一", cadre), ("二", cadre), ("三", other)):
        say(talk, MessageKind.CADRE, text, now=desk.clock(), cadre=speaker)
    deliverer.run(talk.pk)
    assert platform.sent == ["一\n二", "三"]
    assert list(Message.objects.order_by("id").values_list("position", flat=True)) == [1, 2, 3]
