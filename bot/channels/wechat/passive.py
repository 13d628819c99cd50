"""The response to a push as a road for messages: what is pending when the turn is over goes out in it.

Every delivery of a push gets the same words: they are decided once, under the conversation's lock, with the messages
that they carry. The customer-service API sends nothing of the conversation while a response is open.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from bot.channel_settings import WechatSettings
from bot.channels.wechat.wording import MOST_BYTES, more_link, parts_of, waiting_link
from bot.inbox.records import reply_place_of
from bot.inbox.writer import reply_of
from bot.wording import utf8_size
from handoff.encryption import ContactErased, Unreadable
from handoff.installation import seal_here
from handoff.kinds import Delivery, MessageKind, ReplyState
from handoff.models import Conversation, Message, Push
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.wechat")

_GAP: Final = "\n\n"
_MOST_CARRIED: Final = 10
# The platform delivers three times within 15 seconds.
_DELIVERED_WITHIN: Final = timedelta(seconds=20)
_AT_ONCE: Final = 100


@dataclass(frozen=True)
class Look:
    """What a look at an open response found. `reply` is None while nothing is decided; "" is an empty receipt."""

    conversation_id: int | None
    reply: str | None = field(repr=False)


@dataclass
class _Carried:
    """What fits into one response."""

    texts: list[str] = field(default_factory=list)
    whole: list[Message] = field(default_factory=list)
    begun: Message | None = None
    parts_begun: int = 0
    more: bool = False


class PassiveReplies:
    """Decides the words of responses. Thread-safe; any process may decide for any push."""

    def __init__(self, settings: WechatSettings, *, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock

    def look(self, push_id: int, *, last: bool) -> Look:
        """Whether the response is decided; it is decided now when the turn is over, or at the last moment."""
        row = (
            Push.objects.filter(pk=push_id)
            .values_list("reply_state", "taken_at", "message_id", "message__answered_at", "conversation_id")
            .get()
        )
        state, taken_at, message_id, answered_at, conversation_id = row
        over = taken_at is not None and (message_id is None or answered_at is not None)
        if state == ReplyState.NONE and not over and not last:
            return Look(conversation_id, None)
        return Look(conversation_id, self._decide(push_id, conversation_id, over=over))

    def _decide(self, push_id: int, conversation_id: int | None, *, over: bool) -> str:
        with transaction.atomic():
            conversation = Conversation.locked(conversation_id) if conversation_id else None
            push = Push.objects.select_for_update().get(pk=push_id)
            if push.reply_state != ReplyState.NONE:
                return reply_of(push)
            reply = self._words(push, conversation, over=over)
            self._close(push, reply)
            if conversation is not None:
                bulletin.publish_on_commit(conversation.pk, Topic.OUTBOUND)
        return reply

    def _words(self, push: Push, conversation: Conversation | None, *, over: bool) -> str:
        """The response's text; empty for a receipt. What is pending is carried in it."""
        account = self._settings.account(push.account)
        can_push = account is not None and account.can_push
        in_time = push.reply_until is not None and self._clock() <= push.reply_until
        if conversation is None or not in_time:
            return "" if can_push else waiting_link()
        carried = _fit(_pending(conversation), room=MOST_BYTES, keep_for_more=not can_push)
        if carried.texts:
            self._mark(carried, conversation, push)
            asks_for_more = [more_link()] if carried.more and not can_push else []
            return _GAP.join([*carried.texts, *asks_for_more])
        return "" if over or can_push else waiting_link()

    def _close(self, push: Push, reply: str) -> None:
        push.reply_state = ReplyState.WORDS if reply else ReplyState.EMPTY
        if reply:
            push.reply_closed_at = self._clock()
            push.reply_sealed = seal_here(reply.encode(), place=reply_place_of(push.platform_key))
        push.save(update_fields=["reply_state", "reply_closed_at", "reply_sealed"])

    def _mark(self, carried: _Carried, conversation: Conversation, push: Push) -> None:
        now = self._clock()
        for message in carried.whole:
            message.delivery, message.delivery_reason = Delivery.SENT, ""
            message.delivery_changed_at, message.carried_by = now, push
            if message.position is None:
                message.position = conversation.take_position()
            message.save(update_fields=["delivery", "delivery_reason", "delivery_changed_at", "carried_by", "position"])
        if carried.begun is not None:
            carried.begun.parts_sent += carried.parts_begun
            carried.begun.carried_by = push
            carried.begun.save(update_fields=["parts_sent", "carried_by"])
        conversation.save(update_fields=["next_position"])
        bulletin.publish_on_commit(conversation.pk, Topic.VISIBLE)


def settle_unwritten(*, now: datetime, looked_back: timedelta = timedelta(hours=1)) -> int:
    """Words of responses that were never handed to the network, and that no further delivery came for: how many.

    Fixed words go out again. Others may have arrived: they are marked, and a cadre sees it.
    """
    lost = Push.objects.filter(
        reply_state=ReplyState.WORDS,
        reply_written_at__isnull=True,
        reply_closed_at__lt=now - _DELIVERED_WITHIN,
        reply_closed_at__gt=now - looked_back,
        carried__delivery=Delivery.SENT,
    )
    count = 0
    for push_id, conversation_id in set(lost.values_list("pk", "conversation_id")[:_AT_ONCE]):
        with transaction.atomic():
            conversation = Conversation.locked(conversation_id)
            if Push.objects.filter(pk=push_id, reply_written_at__isnull=False).exists():
                continue
            rows = Message.objects.filter(conversation=conversation, carried_by=push_id, delivery=Delivery.SENT)
            doubtful = rows.exclude(kind=MessageKind.FIXED)
            count += doubtful.update(delivery=Delivery.UNCERTAIN, delivery_reason="response lost")
            count += rows.filter(kind=MessageKind.FIXED).update(
                delivery=Delivery.PENDING, delivery_changed_at=now, carried_by=None
            )
            bulletin.publish_on_commit(conversation.pk, Topic.OUTBOUND)
    return count


def _pending(conversation: Conversation) -> list[Message]:
    """What may go out now, in order. Nothing may overtake a message that is being sent right now."""
    rows = Message.objects.filter(
        conversation=conversation, delivery__in=(Delivery.PENDING, Delivery.SENDING, Delivery.WAITING)
    )
    found: list[Message] = []
    for row in rows.select_related("cadre").order_by("id")[: _MOST_CARRIED + 1]:
        row.conversation = conversation
        if row.delivery == Delivery.SENDING:
            break
        if row.kind == MessageKind.ENGINE and conversation.desk_is_silent:
            continue  # the deliverer cancels it
        found.append(row)
    return found


def _fit(messages: Sequence[Message], *, room: int, keep_for_more: bool) -> _Carried:
    """As many whole messages as fit; of the first that does not, the parts that do."""
    reserve = utf8_size(_GAP + more_link()) if keep_for_more else 0
    carried = _Carried()
    for place, message in enumerate(messages[:_MOST_CARRIED]):
        parts = _parts(message)
        last = place == len(messages) - 1
        if _fits([*carried.texts, *parts], room - (0 if last else reserve)):
            carried.texts += parts
            carried.whole.append(message)
            continue
        carried.more = True
        _begin(carried, message, parts, room - reserve)
        break
    else:
        carried.more = len(messages) > _MOST_CARRIED
    return carried


def _begin(carried: _Carried, message: Message, parts: Sequence[str], room: int) -> None:
    """A long message is begun only when nothing stands before it: else it goes out whole by the next road."""
    if carried.texts:
        return
    for part in parts:
        if not _fits([*carried.texts, part], room):
            break
        carried.texts.append(part)
    carried.begun, carried.parts_begun = message, len(carried.texts)


def _fits(texts: Sequence[str], room: int) -> bool:
    return utf8_size(_GAP.join(texts)) <= room


def _parts(message: Message) -> list[str]:
    """What is left to say of it. Words that cannot be opened are not carried: the deliverer marks them."""
    try:
        return parts_of(message)[message.parts_sent :]
    except (ContactErased, Unreadable):
        return [" " * (MOST_BYTES + 1)]
