"""Delivery: claims each pending message by compare-and-set, sends it, and keeps what became of it.

Order is kept within a conversation. Nothing of the dialogue begins to be sent once a takeover has committed: the claim
and the takeover lock the same row.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
UNDER_WAY = (Delivery.PENDING, Delivery.SENDING)


class SendResult(StrEnum):
    """What a channel says of one attempt."""

    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class SendOutcome:
    """The result with the platform's reason, without words of the message."""

    result: SendResult
    reason: str = ""


class Sender(Protocol):
    """How a channel sends. `pulls`: the person fetches messages from our own database, so that being visible is being
    sent, and sending again is harmless."""

    pulls: bool

    def send(self, message: Message) -> SendOutcome: ...


class PullSender:
    """The web page and the terminal: they read the conversation from the database."""

    pulls = True

    def send(self, message: Message) -> SendOutcome:
        """Nothing leaves the machine here."""
        return SendOutcome(SendResult.SENT)


class Deliverer:
    """Sends pending messages. Thread-safe; any number of processes may run one each over the same database."""

    def __init__(self, senders: Mapping[Channel, Sender], *, clock: Callable[[], datetime]) -> None:
        self._senders = senders
        self._clock = clock
        self._owner = owners.own_name()

    def run(self, conversation_id: int) -> int:
        """Send what is pending in a conversation, in order; how many messages were handled."""
        count = 0
        while (message := self.claim(conversation_id)) is not None:
            if message.delivery == Delivery.SENDING:
                self.send(message)
            count += 1
        return count

    def undelivered(self, *, older_than: timedelta) -> list[int]:
        """Conversations with messages under way for a while: after a restart, or another process's wake-up."""
        now = self._clock()
        waited = Q(delivery_changed_at__lte=now - older_than) | Q(delivery_changed_at__gt=now)  # the clock was set back
        rows = Message.objects.filter(waited, delivery__in=UNDER_WAY)
        oldest = rows.values("conversation_id").annotate(oldest=Min("id")).order_by("oldest")
        return list(oldest.values_list("conversation_id", flat=True)[:500])

    def claim(self, conversation_id: int) -> Message | None:
        """Claim the first message under way: SENDING is ours to send; a pull channel's is already SENT.

        None when nothing is left, or when an earlier one is being sent by somebody else.
        """
        now = self._clock()
        with transaction.atomic():
            conversation = Conversation.locked(conversation_id)
            message = Message.objects.filter(conversation=conversation, delivery__in=UNDER_WAY).order_by("id").first()
            if message is None:
                return None
            message.conversation = conversation
            if message.delivery == Delivery.SENDING and not self._abandoned(message, now):
                return None
            return self._claim_or_settle(conversation, message, now)

    def send(self, message: Message) -> None:
        """Send a claimed message and keep the outcome; an exception leaves it `uncertain`."""
        try:
            outcome = self._sender_of(message.conversation).send(message)
        except Exception as error:
            log.error("sending message %s broke off: %s", message.pk, type(error).__name__)
            outcome = SendOutcome(SendResult.UNCERTAIN, type(error).__name__)
        with transaction.atomic():
            conversation = Conversation.locked(message.conversation_id)
            self._settle(conversation, message, outcome, self._clock())

    def _claim_or_settle(self, conversation: Conversation, message: Message, now: datetime) -> Message:
        if message.kind == MessageKind.ENGINE and conversation.desk_is_silent:
            self._mark(message, Delivery.CANCELLED, now, reason="silent")
        elif self._sender_of(conversation).pulls:
            self._settle(conversation, message, self._sender_of(conversation).send(message), now)
        elif message.delivery == Delivery.SENDING and message.kind != MessageKind.FIXED:
            # Whoever was sending it died: it may have arrived. Only fixed words and notices are worth a second copy.
            self._mark(message, Delivery.UNCERTAIN, now, reason="sender died")
        else:
            message.attempts += 1
            message.delivery_owner = self._owner
            self._mark(message, Delivery.SENDING, now)
        return message

    def _settle(self, conversation: Conversation, message: Message, outcome: SendOutcome, now: datetime) -> None:
        message.position = conversation.take_position()
        conversation.save(update_fields=["next_position"])
        self._mark(message, Delivery(outcome.result.value), now, reason=outcome.reason)
        bulletin.publish_on_commit(conversation.pk, Topic.VISIBLE)

    def _mark(self, message: Message, state: Delivery, now: datetime, *, reason: str = "") -> None:
        message.delivery, message.delivery_changed_at, message.delivery_reason = state, now, reason[:80]
        message.save(
            update_fields=[
                "delivery",
                "delivery_changed_at",
                "delivery_reason",
                "delivery_owner",
                "attempts",
                "position",
            ]
        )

    def _abandoned(self, message: Message, now: datetime) -> bool:
        if self._sender_of(message.conversation).pulls or owners.is_gone(message.delivery_owner):
            return True
        return message.delivery_changed_at is None or message.delivery_changed_at < now - SENDING_FOR

    def _sender_of(self, conversation: Conversation) -> Sender:
        return self._senders[Channel(conversation.channel)]
