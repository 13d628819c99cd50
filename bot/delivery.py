"""Delivery: claims each pending message by compare-and-set, sends it, and keeps what became of it.

Order is kept within a conversation. Nothing of the dialogue begins to be sent once a takeover has committed: the claim
and the takeover lock the same row.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from django.db import transaction
from django.db.models import Min, Q

from bot import owners
from handoff.kinds import Channel, Delivery, MessageKind
from handoff.models import Conversation, Message
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.delivery")

SENDING_FOR = timedelta(seconds=60)
# After a failure that passes: so long, doubled each time, give or take half of it, so that not all try at once.
_FIRST_RETRY_S, _LONGEST_RETRY_S = 2.0, 300.0
# A pause that lies further ahead than any of ours: the clock was set back.
_LONGEST_PAUSE = timedelta(seconds=2 * _LONGEST_RETRY_S)
# Then the message waits for the worker's next one.
TRIED_FOR = timedelta(hours=24)
# Fixed words whose outcome is unknown are sent again so often in all.
_MOST_UNCERTAIN = 3
# Lines that a cadre wrote one after the other go out as one.
_MOST_JOINED = 10
_MOST_REMEMBERED = 50_000
UNDER_WAY = (Delivery.PENDING, Delivery.SENDING)
# What decides whether the first message under way may go now.
_LOOKED_AT = ("conversation", "kind", "attempts", "retry_at", "created_at")


class SendResult(StrEnum):
    """What a channel says of one attempt."""

    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    RETRY = "retry"
    WAITING = "waiting"


@dataclass(frozen=True)
class SendOutcome:
    """The result with the platform's reason, without words of the message.

    `uncounted`: how many platform messages went out last that no row counts yet.
    RETRY: the reason passes; tried again after `retry_after_s`, or with growing pauses, and nothing overtakes it.
    WAITING: nothing more can be done before the worker writes again.
    """

    result: SendResult
    reason: str = ""
    retry_after_s: float | None = None
    uncounted: int = 0


class Sender(Protocol):
    """How a channel sends. `pulls`: the person fetches messages from our own database, so that being visible is being
    sent, and sending again is harmless."""

    pulls: bool

    def send(self, message: Message, *, joined: Sequence[Message] = ()) -> SendOutcome:
        """Send one message, in one text with the cadre's lines that were `joined` to it."""
        ...

    def holds(self, first: Message, *, now: datetime) -> bool:
        """Whether a conversation's first pending message is not to be sent yet: an open response may carry it."""
        ...

    def joins(self, first: Message, following: Sequence[Message]) -> int:
        """How many of a cadre's following lines go out in one text with the first."""
        ...


class PullSender:
    """The web page and the terminal: they read the conversation from the database."""

    pulls = True

    def send(self, message: Message, *, joined: Sequence[Message] = ()) -> SendOutcome:
        """Nothing leaves the machine here."""
        return SendOutcome(SendResult.SENT)

    def holds(self, first: Message, *, now: datetime) -> bool:
        """Nothing is held."""
        return False

    def joins(self, first: Message, following: Sequence[Message]) -> int:
        """Every line is shown by itself."""
        return 0


@dataclass(frozen=True)
class Claimed:
    """What a claim has settled or is to be sent now. `message.delivery` says which."""

    message: Message
    joined: Sequence[Message] = ()


class Deliverer:
    """Sends pending messages. Thread-safe; any number of processes may run one each over the same database."""

    def __init__(
        self,
        senders: Mapping[Channel, Sender],
        *,
        clock: Callable[[], datetime],
        rng: random.Random | None = None,
    ) -> None:
        self._senders = senders
        self._clock = clock
        self._rng = rng or random.Random()
        self._owner = owners.own_name()
        self._channels: dict[int, Channel] = {}

    def run(self, conversation_id: int) -> int:
        """Send what is pending in a conversation, in order; how many messages were handled."""
        count = 0
        while (claimed := self.claim(conversation_id)) is not None:
            if claimed.message.delivery == Delivery.SENDING:
                self.send(claimed)
            count += 1
        return count

    def undelivered(self, *, older_than: timedelta) -> list[int]:
        """Conversations with messages under way for a while: after a restart, another process's wake-up, a pause."""
        now = self._clock()
        waited = Q(delivery_changed_at__lte=now - older_than) | Q(delivery_changed_at__gt=now)  # the clock was set back
        due = Q(retry_at__isnull=True) | Q(retry_at__lte=now) | Q(retry_at__gt=now + _LONGEST_PAUSE)
        rows = Message.objects.filter(waited, due, delivery__in=UNDER_WAY)
        oldest = rows.values("conversation_id").annotate(oldest=Min("id")).order_by("oldest")
        return list(oldest.values_list("conversation_id", flat=True)[:500])

    def pushes(self, conversation_id: int) -> bool:
        """Whether sending there means waiting for a platform."""
        channel = self._channel_of(conversation_id)
        return channel is not None and not self._senders[channel].pulls

    def _channel_of(self, conversation_id: int) -> Channel | None:
        """Remembered: a conversation never changes its channel."""
        if conversation_id not in self._channels:
            found = Conversation.objects.filter(pk=conversation_id).values_list("channel", flat=True).first()
            if found is None:
                return None
            if len(self._channels) >= _MOST_REMEMBERED:
                self._channels.clear()
            self._channels[conversation_id] = Channel(found)
        return self._channels[conversation_id]

    def claim(self, conversation_id: int) -> Claimed | None:
        """Claim the first message under way: SENDING is ours to send; a pull channel's is already SENT.

        None when nothing is left or due, or when an earlier one is being sent by somebody else.
        """
        now = self._clock()
        if not self._is_worth_a_lock(conversation_id, now):
            return None
        with transaction.atomic():
            conversation = Conversation.locked(conversation_id)
            rows = _under_way(conversation)
            if not rows:
                return None
            message, *following = rows
            if message.delivery == Delivery.SENDING and not self._abandoned(message, now):
                return None
            if _pauses(message, now) or self._sender_of(conversation).holds(message, now=now):
                return None
            return self._claim_or_settle(conversation, message, following, now)

    def _is_worth_a_lock(self, conversation_id: int, now: datetime) -> bool:
        """A look without the lock that all writers stand in line for: is anything due, and may it go now?"""
        rows = Message.objects.filter(conversation_id=conversation_id, delivery__in=UNDER_WAY)
        first = rows.only(*_LOOKED_AT).order_by("id").first()
        channel = self._channel_of(conversation_id)
        if first is None or channel is None or _pauses(first, now):
            return False
        return not self._senders[channel].holds(first, now=now)

    def send(self, claimed: Claimed) -> None:
        """Send a claimed message and keep the outcome; an exception leaves it `uncertain`."""
        message = claimed.message
        try:
            outcome = self._sender_of(message.conversation).send(message, joined=claimed.joined)
        except Exception as error:
            log.error("sending message %s broke off: %s", message.pk, type(error).__name__)
            outcome = SendOutcome(SendResult.UNCERTAIN, type(error).__name__)
        now = self._clock()
        outcome = self._after(message, outcome, now)
        with transaction.atomic():
            conversation = Conversation.locked(message.conversation_id)
            conversation.window_used += outcome.uncounted
            for row in (message, *claimed.joined):
                self._settle(conversation, row, outcome, now)
            conversation.save(update_fields=["next_position", "window_used"])

    def _claim_or_settle(
        self, conversation: Conversation, message: Message, following: Sequence[Message], now: datetime
    ) -> Claimed:
        if message.kind == MessageKind.ENGINE and conversation.desk_is_silent:
            self._mark(message, Delivery.CANCELLED, now, reason="silent")
        elif self._sender_of(conversation).pulls:
            self._settle(conversation, message, self._sender_of(conversation).send(message), now)
            conversation.save(update_fields=["next_position"])
        elif message.delivery == Delivery.SENDING and message.kind != MessageKind.FIXED:
            # Whoever was sending it died: it may have arrived. Only fixed words and notices are worth a second copy.
            self._mark(message, Delivery.UNCERTAIN, now, reason="sender died")
        else:
            return self._take(message, self._lines_after(message, following), now)
        return Claimed(message)

    def _take(self, message: Message, joined: Sequence[Message], now: datetime) -> Claimed:
        for row in (message, *joined):
            row.attempts += 1
            row.delivery_owner = self._owner
            self._mark(row, Delivery.SENDING, now)
        return Claimed(message, joined)

    def _lines_after(self, message: Message, following: Sequence[Message]) -> Sequence[Message]:
        """The cadre's further lines that go out in one text with the first, where the channel counts messages."""
        if message.kind != MessageKind.CADRE or message.parts_sent:
            return ()
        lines: list[Message] = []
        for row in following[:_MOST_JOINED]:
            if row.kind != MessageKind.CADRE or row.cadre_id != message.cadre_id or row.delivery != Delivery.PENDING:
                break
            lines.append(row)
        return lines[: self._sender_of(message.conversation).joins(message, lines)]

    def _after(self, message: Message, outcome: SendOutcome, now: datetime) -> SendOutcome:
        """What an outcome comes to: unknown ones are tried again for fixed words; what fails for a day, waits."""
        if outcome.result is SendResult.UNCERTAIN and message.kind == MessageKind.FIXED:
            again = message.attempts < _MOST_UNCERTAIN
            outcome = replace(outcome, result=SendResult.RETRY) if again else outcome
        if outcome.result is SendResult.RETRY and now - message.created_at > TRIED_FOR:
            return replace(outcome, result=SendResult.WAITING)
        return outcome

    def _settle(self, conversation: Conversation, message: Message, outcome: SendOutcome, now: datetime) -> None:
        """The caller saves the conversation's next position."""
        if outcome.result is SendResult.RETRY:
            message.retry_at = now + timedelta(seconds=self._pause_s(message, outcome))
            self._mark(message, Delivery.PENDING, now, reason=outcome.reason)
            return
        message.retry_at = None
        if outcome.result is not SendResult.WAITING and message.position is None:
            message.position = conversation.take_position()
        self._mark(message, Delivery(outcome.result.value), now, reason=outcome.reason)
        bulletin.publish_on_commit(conversation.pk, Topic.VISIBLE)

    def _pause_s(self, message: Message, outcome: SendOutcome) -> float:
        if outcome.retry_after_s is not None:
            return min(outcome.retry_after_s, _LONGEST_RETRY_S)
        grown = _FIRST_RETRY_S * 2.0 ** min(message.attempts - 1, 10)
        return min(grown, _LONGEST_RETRY_S) * self._rng.uniform(0.5, 1.5)

    def _mark(self, message: Message, state: Delivery, now: datetime, *, reason: str = "") -> None:
        message.delivery, message.delivery_changed_at, message.delivery_reason = state, now, reason[:80]
        message.save(
            update_fields=[
                "delivery",
                "delivery_changed_at",
                "delivery_reason",
                "delivery_owner",
                "attempts",
                "parts_sent",
                "position",
                "retry_at",
            ]
        )

    def _abandoned(self, message: Message, now: datetime) -> bool:
        if self._sender_of(message.conversation).pulls or owners.is_gone(message.delivery_owner):
            return True
        return message.delivery_changed_at is None or message.delivery_changed_at < now - SENDING_FOR

    def _sender_of(self, conversation: Conversation) -> Sender:
        return self._senders[Channel(conversation.channel)]


def _pauses(message: Message, now: datetime) -> bool:
    return message.retry_at is not None and now < message.retry_at <= now + _LONGEST_PAUSE


def _under_way(conversation: Conversation) -> list[Message]:
    rows = Message.objects.filter(conversation=conversation, delivery__in=UNDER_WAY).order_by("id")
    found = list(rows[: _MOST_JOINED + 1])
    for row in found:
        row.conversation = conversation
    return found
