"""Sending through python-telegram-bot: each answer of the platform handled as it deserves.

Without a parse mode: Telegram takes the text as it is, so that no character of a worker's or of a law's can break a
message or become a link. What is to be tapped stands in buttons.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.channels.telegram import texts
from bot.channels.telegram.connection import Connection
from bot.channels.telegram.faults import outcome_of
from bot.delivery import SendOutcome, SendResult
from bot.visitors import IdentityGone, external_of
from bot.wording import Offer, Tap, sendable, split_text, taps_of, utf16_size
from bot.wording_texts import WORDING
from handoff import windows
from handoff.encryption import ContactErased, Unreadable
from handoff.kinds import MessageKind
from handoff.models import Message

log = logging.getLogger("niangjia.telegram")

# Telegram counts in UTF-16 units.
LONGEST_TEXT: Final = 4_096
# Two titles of this length stand side by side on a small phone.
_SHORT_TITLE: Final = 6
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
# Longer than that the message would be taken for abandoned: the rest goes with the next try.
_WHOLE_SEND_S: Final = 35.0


class TelegramSender:
    """Sends what is pending to a chat."""

    pulls = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def holds(self, first: Message, *, now: datetime) -> bool:
        """Nothing but sending carries words here."""
        return False

    def joins(self, first: Message, following: Sequence[Message]) -> int:
        """Telegram counts no messages: every line goes out by itself."""
        return 0

    def send(self, message: Message, *, joined: Sequence[Message] = ()) -> SendOutcome:
        """Send what is left of a message."""
        try:
            chat_id = int(external_of(message.conversation))
            parts = parts_of(message)
            keyboard = keyboard_of(taps_of(message))
        except (IdentityGone, ContactErased, Unreadable) as error:
            return SendOutcome(SendResult.FAILED, type(error).__name__)
        try:
            return self._send_parts(message, chat_id, parts, keyboard)
        except Exception as error:
            return self._outcome(error, message)

    def _send_parts(
        self, message: Message, chat_id: int, parts: Sequence[str], keyboard: InlineKeyboardMarkup | None
    ) -> SendOutcome:
        began = time.monotonic()
        for place, part in list(enumerate(parts))[message.parts_sent :]:
            if time.monotonic() - began > _WHOLE_SEND_S:
                return SendOutcome(SendResult.RETRY, "slow", retry_after_s=1.0)
            last = place == len(parts) - 1
            self._send_part(chat_id, part, keyboard if last else None)
            message.parts_sent += 1
            if not last:  # the last one is kept with the outcome
                Message.objects.filter(pk=message.pk).update(parts_sent=message.parts_sent)
        return SendOutcome(SendResult.SENT)

    def _send_part(self, chat_id: int, part: str, markup: InlineKeyboardMarkup | None) -> None:
        self._connection.run(
            lambda bot: bot.send_message(chat_id, part, reply_markup=markup, link_preview_options=_NO_PREVIEW)
        )

    def _outcome(self, error: Exception, message: Message) -> SendOutcome:
        outcome = outcome_of(error)
        if outcome.result is SendResult.WAITING:
            windows.note_unreachable(message.conversation_id, windows.Reach.BLOCKED)
        if outcome.reason == "token refused":
            log.error("telegram does not take the token: see niangjia telegram check")
        return outcome


def parts_of(message: Message) -> list[str]:
    """The texts to send, in order; at least one. Raises ContactErased."""
    text = sendable(message.body)
    if message.kind == MessageKind.CADRE and message.cadre is not None:
        text = WORDING["from_cadre"].format(name=message.cadre.display_name, text=text)
    return split_text(text, limit=LONGEST_TEXT, size=utf16_size) or ["…"]


def keyboard_of(taps: Iterable[Tap]) -> InlineKeyboardMarkup | None:
    """The cited articles and the buttons. A tap brings back a token, never a payload."""
    rows = list(_rows(taps))
    return InlineKeyboardMarkup(rows) if rows else None


def _rows(taps: Iterable[Tap]) -> Iterator[list[InlineKeyboardButton]]:
    """One below the other; two short ones side by side."""
    short: list[InlineKeyboardButton] = []
    for tap in taps:
        title = texts.ARTICLE.format(name=tap.label) if tap.offer is Offer.ARTICLE else tap.title
        button = InlineKeyboardButton(sendable(title) or "…", callback_data=tap.token)
        if len(title) > _SHORT_TITLE:
            yield from [short] if short else []
            short = []
            yield [button]
            continue
        short.append(button)
        if len(short) == 2:
            yield short
            short = []
    if short:
        yield short
