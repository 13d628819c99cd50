"""A clock that is set back, a platform's that ran ahead, a database that fails: nothing waits for them in vain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from bot.channel_settings import WechatSettings
from bot.channels.wechat.passive import PassiveReplies, settle_unwritten
from bot.channels.wechat.sender import WechatSender
from bot.channels.wechat.signing import PlatformClock
from bot.inbox import writer as inbox_writer
from bot.inbox.taking import Inbox, Taken
from bot.inbox.writer import InboxWriter
from bot.simulate.wechat.simulator import new_account
from handoff.kinds import Channel, Delivery, MessageKind
from handoff.models import Message, Push
from handoff.outbox import say
from handoff.pushes import MOST_ATTEMPTS
from tests.desk import TestDesk
from tests.wechat_desk import wait_for

HOUR = timedelta(hours=1)


def _push(desk: TestDesk, **other: Any) -> Push:
    fields: dict[str, Any] = {"platform_key": "wechat:main:1", "channel": Channel.WECHAT, "sender_hash": "h"}
    return Push.objects.create(**(fields | {"received_at": desk.clock()} | other))


def test_a_push_from_before_the_clock_was_set_back_is_found(desk: TestDesk) -> None:
    _push(desk)
    inbox = Inbox({}, clock=lambda: desk.clock() - HOUR)
    assert inbox.missed(older_than=timedelta(seconds=3)) == ["h"]


def test_a_response_from_before_the_clock_was_set_back_keeps_nothing_waiting(desk: TestDesk) -> None:
    talk, now = desk.visitor(Channel.WECHAT), desk.clock()
    first = say(talk, MessageKind.ENGINE, "答", now=now)
    _push(desk, conversation=talk, taken_at=now, reply_until=now + timedelta(seconds=4.5))
    sender = WechatSender(WechatSettings(), lambda: pytest.fail("nothing is sent here"), clock=desk.clock)
    assert sender.holds(first, now=now)
    assert not sender.holds(first, now=now - HOUR)


@pytest.mark.django_db
def test_a_platforms_clock_that_ran_ahead_turns_nobody_away_afterwards() -> None:
    clock, now = PlatformClock("main"), timezone.now()
    assert not clock.is_old(now + HOUR, now=now)
    assert not clock.is_old(now, now=now)
    assert clock.is_old(now - HOUR, now=now)


@pytest.mark.django_db
def test_a_desks_clock_that_runs_ahead_turns_nobody_away() -> None:
    clock, right = PlatformClock("main"), timezone.now()
    assert not clock.is_old(right, now=right + 24 * HOUR)
    assert not clock.is_old(right + timedelta(seconds=1), now=right + 24 * HOUR)


@pytest.mark.django_db(transaction=True)
def test_that_words_went_out_is_kept_though_the_database_fails_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    push = Push.objects.create(
        platform_key="wechat:main:1", channel=Channel.WECHAT, sender_hash="h", received_at=timezone.now()
    )
    failures, keep = [OperationalError("locked")] * 2, inbox_writer.InboxWriter._in_transaction

    def failing_at_first(*given: Any) -> Any:
        if failures:
            raise failures.pop()
        return keep(*given)

    monkeypatch.setattr(InboxWriter, "_in_transaction", failing_at_first)
    writer = InboxWriter(when_stored=lambda stored: None)
    writer.note_written(push.pk, at=timezone.now())
    try:
        wait_for(lambda: Push.objects.get().reply_written_at is not None)
    finally:
        writer.stop()


def _carried(desk: TestDesk, kind: MessageKind) -> Message:
    """Words that a response has carried off, of which nobody knows whether it was ever written."""
    talk = desk.visitor(Channel.WECHAT)
    words = say(talk, kind, "话", now=desk.clock())
    push = _push(desk, conversation=talk, taken_at=desk.clock(), reply_until=desk.clock() + timedelta(seconds=4.5))
    PassiveReplies(WechatSettings(accounts=(new_account(),)), clock=desk.clock).look(push.pk, last=False)
    assert Message.objects.get(pk=words.pk).carried_by == push
    return words


def test_fixed_words_of_a_lost_response_are_sent_once_more_and_not_for_ever(desk: TestDesk) -> None:
    words = _carried(desk, MessageKind.FIXED)
    desk.clock.forward(seconds=30)
    assert settle_unwritten(now=desk.clock()) == 1
    Message.objects.filter(pk=words.pk).update(delivery=Delivery.SENT)
    assert settle_unwritten(now=desk.clock()) == 0


def test_a_response_that_was_lost_before_a_long_standstill_is_known_as_doubtful_after_it(desk: TestDesk) -> None:
    words = _carried(desk, MessageKind.ENGINE)
    desk.clock.forward(hours=30)
    runtime = desk.desk.runtime()
    runtime._inbox.look(older_than=timedelta(0))
    runtime.stop()
    assert Message.objects.get(pk=words.pk).delivery == Delivery.UNCERTAIN


class _Taker:
    """Fails in one way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def take(self, push: Push, payload: Any, *, now: Any) -> Taken:
        """Never works."""
        raise self.error


def test_a_push_that_the_database_will_never_take_does_not_hold_up_its_sender_for_ever(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.taking._payload_of", lambda push: {})
    _push(desk)
    inbox = Inbox({Channel.WECHAT: _Taker(IntegrityError("never"))}, clock=desk.clock)
    for _ in range(MOST_ATTEMPTS):
        assert inbox.run("h") == []
    assert inbox.missed(older_than=timedelta(0)) == []


def test_a_database_that_is_busy_costs_a_push_none_of_its_attempts(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.taking._payload_of", lambda push: {})
    _push(desk)
    inbox = Inbox({Channel.WECHAT: _Taker(OperationalError("locked"))}, clock=desk.clock)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(OperationalError):
            inbox.run("h")
    assert inbox.missed(older_than=timedelta(0)) == ["h"]
