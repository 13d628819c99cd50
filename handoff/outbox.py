"""Writing what the desk says. A message is a row first; `bot.delivery` sends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handoff.kinds import Delivery, MessageKind
from handoff.models import Cadre, Conversation, Message
from handoff.wakeups import Topic, bulletin


def say(
    conversation: Conversation,
    kind: MessageKind,
    text: str,
    *,
    now: datetime,
    extras: dict[str, Any] | None = None,
    in_reply_to: Message | None = None,
    cadre: Cadre | None = None,
    platform_key: str | None = None,
    words_name: str = "",
) -> Message:
    """A pending message to the worker. The caller's transaction holds the conversation's lock."""
    message = Message(
        conversation=conversation,
        kind=kind,
        cadre=cadre,
        in_reply_to=in_reply_to,
        platform_key=platform_key,
        words_name=words_name,
        created_at=now,
        delivery=Delivery.PENDING,
        delivery_changed_at=now,
    )
    message.seal(text, extras)
    message.save(force_insert=True)
    bulletin.publish_on_commit(conversation.pk, Topic.OUTBOUND)
    return message


def silence_engine(conversation: Conversation, *, now: datetime, reason: str) -> int:
    """Cancel what the dialogue has said and not begun to send. The caller holds the conversation's lock."""
    return Message.objects.filter(conversation=conversation, kind=MessageKind.ENGINE, delivery=Delivery.PENDING).update(
        delivery=Delivery.CANCELLED, delivery_changed_at=now, delivery_reason=reason
    )


def wake_waiting(conversation: Conversation, *, now: datetime) -> int:
    """The worker wrote: what waited for that goes out again, in its order. The caller holds the lock."""
    waiting = Message.objects.filter(conversation=conversation, delivery=Delivery.WAITING)
    return waiting.update(delivery=Delivery.PENDING, delivery_changed_at=now, retry_at=None, attempts=0)
