"""Sending through the customer-service API: each refusal of the platform handled as it deserves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from bot.channel_settings import WechatAccount, WechatSettings
from bot.channels.wechat.api import errors
from bot.channels.wechat.api.sync import Wechat
from bot.channels.wechat.wording import MOST_BYTES, parts_of
from bot.delivery import SendOutcome, SendResult
from bot.texts import NOTICES
from bot.visitors import IdentityGone, external_of
from bot.wording import utf8_size
from handoff import windows
from handoff.encryption import ContactErased, Unreadable
from handoff.kinds import Delivery, MessageKind, ReplyState
from handoff.models import Message, Push

log = logging.getLogger("niangjia.wechat")

# While few messages are left, a cadre's lines of so many seconds go out as one.
_LINES_WITHIN: Final = timedelta(seconds=5)
_FEW_LEFT: Final = 3
# A response that seems to stay open for longer was opened before the clock was set back.
_LONGEST_OPEN: Final = timedelta(seconds=10)
NOTICED: Final = "noticed"
_FAILED, _WAITING, _RETRY = SendResult.FAILED, SendResult.WAITING, SendResult.RETRY


class WechatSender:
    """Sends what no response has carried."""

    pulls = False

    def __init__(
        self, settings: WechatSettings, wechat: Callable[[], Wechat], *, clock: Callable[[], datetime] = timezone.now
    ) -> None:
        self._settings = settings
        self._wechat = wechat
        self._clock = clock

    def holds(self, first: Message, *, now: datetime) -> bool:
        """An open response carries what is pending; a cadre who is short of messages may still be writing."""
        open_ones = Push.objects.filter(
            conversation_id=first.conversation_id,
            reply_state=ReplyState.NONE,
            reply_until__gt=now,
            reply_until__lte=now + _LONGEST_OPEN,
            taken_at__isnull=False,
        )
        return open_ones.exists() or self._may_go_on(first, now=now)

    def joins(self, first: Message, following: Sequence[Message]) -> int:
        """As many lines as fit into one message with the first."""
        count = 0
        while count < len(following) and _in_one(first, following[: count + 1]):
            count += 1
        return count

    def send(self, message: Message, *, joined: Sequence[Message] = ()) -> SendOutcome:
        """Send what is left of a message."""
        account = self._settings.account(message.conversation.account)
        if account is None:
            return SendOutcome(_FAILED, "account gone")
        if not account.can_push:
            return SendOutcome(_WAITING, "passive only")
        try:
            openid = external_of(message.conversation)
            parts = parts_of(message, joined=joined)[message.parts_sent :]
        except (IdentityGone, ContactErased, Unreadable) as error:
            return SendOutcome(_FAILED, type(error).__name__)
        doubtful = ""
        try:
            for left, part in zip(reversed(range(len(parts))), parts, strict=True):
                doubtful = self._send_part(message, openid, part) or doubtful
                if left:
                    _count(message)
        except errors.WechatError as error:
            return self._outcome(error, message, account, openid)
        result = SendResult.UNCERTAIN if doubtful else SendResult.SENT
        return SendOutcome(result, doubtful, uncounted=min(1, len(parts)))

    def _send_part(self, message: Message, openid: str, part: str) -> str:
        """Why it is not known whether the part arrived; empty when it did. The rest of a long answer goes out anyway;
        fixed words stop there, and are sent again."""
        wechat, doubtful = self._wechat(), ""
        try:
            wechat.run(wechat.api(message.conversation.account).send_text(openid, part))
        except errors.OutcomeUnknown as error:
            if message.kind == MessageKind.FIXED:
                raise
            doubtful = type(error).__name__
        message.parts_sent += 1
        return doubtful

    def _outcome(self, error: errors.WechatError, message: Message, account: WechatAccount, openid: str) -> SendOutcome:
        reason = str(error.code or type(error).__name__)
        conversation_id = message.conversation_id
        match error:
            case errors.Busy():
                return SendOutcome(_RETRY, reason, retry_after_s=error.after_s)
            case errors.NotReached() | errors.TokenRejected():
                return SendOutcome(_RETRY, reason)
            case errors.OutcomeUnknown():
                return SendOutcome(SendResult.UNCERTAIN, reason)
            case errors.QuotaUsed():
                windows.note_used_up(conversation_id)
                return SendOutcome(_WAITING, self._noticed(message, account, openid, reason))
            case errors.WindowClosed():
                windows.note_over(conversation_id)
                return SendOutcome(_WAITING, self._noticed(message, account, openid, reason))
            case errors.NotFollowing():
                windows.note_unreachable(conversation_id, windows.Reach.UNFOLLOWED)
                return SendOutcome(_WAITING, reason)
            case errors.NotPermitted():
                log.error("wechat %s may not send customer-service messages (%s)", account.name, reason)
                return SendOutcome(_WAITING, reason)
        return SendOutcome(_FAILED, reason)

    def _noticed(self, message: Message, account: WechatAccount, openid: str, reason: str) -> str:
        """A neutral notice that something waits, where the account may send one: once until the worker writes again."""
        if not account.can_notice or message.kind == MessageKind.ENGINE or _was_noticed(message):
            return reason
        wechat = self._wechat()
        api = wechat.api(account.name)
        send = api.send_template if account.notice == "template" else api.send_subscription
        try:
            wechat.run(send(openid, account.notice_template, {account.notice_field: NOTICES["waiting"]}))
        except errors.WechatError as error:
            log.warning("wechat %s: a notice was not sent (%s)", account.name, error.code)
            return reason
        return f"{NOTICED} {reason}"

    def _may_go_on(self, first: Message, *, now: datetime) -> bool:
        if first.kind != MessageKind.CADRE or first.attempts:
            return False
        standing = windows.standing_of(first.conversation, now=now)
        few = standing.left is not None and standing.left <= _FEW_LEFT
        return few and timedelta(0) <= now - first.created_at < _LINES_WITHIN


def _count(message: Message) -> None:
    """A part went out and others follow; the last one is counted with the outcome."""
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(parts_sent=message.parts_sent)
        windows.note_sent(message.conversation_id, 1)


def _in_one(first: Message, following: Sequence[Message]) -> bool:
    parts = parts_of(first, joined=following)
    return len(parts) == 1 and utf8_size(parts[0]) <= MOST_BYTES


def _was_noticed(message: Message) -> bool:
    waiting = Message.objects.filter(conversation_id=message.conversation_id, delivery=Delivery.WAITING)
    return waiting.filter(delivery_reason__startswith=NOTICED).exists()
