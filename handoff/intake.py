"""Taking in what a worker wrote: screened and stored in one transaction, before anything is acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from handoff.kinds import Delivery, MessageKind
from handoff.lanes import attend
from handoff.models import Conversation, Message
from handoff.screening.levels import Finding, Level
from handoff.wakeups import Topic, bulletin

_LINE = threading.Lock()
Screen = Callable[[str], Finding]


@dataclass(frozen=True)
class Inbound:
    """What came in. `platform_key` is unique over all channels: "webchat:<conversation>:<id the page made>"."""

    text: str
    platform_key: str
    extras: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """The stored message, and whether this delivery was the first."""

    message: Message
    fresh: bool


def receive(conversation_id: int, inbound: Inbound, *, screen_rules: Screen, now: datetime) -> Received:
    """Store a worker's message once; a repeated delivery gives the stored one.

    A danger that the rules see is acted on in the same transaction: with the message committed, so are the fixed words.
    """
    finding = screen_rules(inbound.text)
    with _in_line(), transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        stored = Message.objects.filter(platform_key=inbound.platform_key).first()
        if stored is not None:
            stored.conversation = conversation
            return Received(stored, fresh=False)
        message = _store(conversation, inbound, now=now)
        if finding.level != Level.ORDINARY:
            attend(conversation, message, finding, now=now)
        bulletin.publish_on_commit(conversation.pk, Topic.VISIBLE, Topic.INBOUND, Topic.QUEUE)
    return Received(message, fresh=True)


@contextmanager
def _in_line() -> Iterator[None]:
    """SQLite lets one write at a time and does not care whose turn it is: in a rush somebody would wait for ever."""
    with _LINE if connection.vendor == "sqlite" else nullcontext():
        yield


def _store(conversation: Conversation, inbound: Inbound, *, now: datetime) -> Message:
    message = Message(
        conversation=conversation,
        kind=MessageKind.WORKER,
        platform_key=inbound.platform_key,
        created_at=now,
        position=conversation.take_position(),
        delivery=Delivery.RECEIVED,
    )
    message.seal(inbound.text, inbound.extras)
    message.save(force_insert=True)
    conversation.heard_at = now
    conversation.closed_at = None
    conversation.save(update_fields=["next_position", "heard_at", "closed_at"])
    return message
