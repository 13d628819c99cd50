"""Courtesies towards Telegram that no message depends on: nobody waits for them, and a lost one costs nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Protocol

from bot.channels.telegram import texts


class Errands(Protocol):
    """What is done on the side."""

    def answer_tap(self, query_id: str) -> None:
        """The button stops turning."""
        ...

    def leave_group(self, chat_id: int) -> None:
        """Say why, and go."""
        ...


class BotErrands:
    """Through python-telegram-bot, in the background."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def answer_tap(self, query_id: str) -> None:
        """See Errands."""
        if query_id:
            self._connection.errand(lambda bot: bot.answer_callback_query(query_id))

    def leave_group(self, chat_id: int) -> None:
        """See Errands."""
        self._connection.errand(lambda bot: _leave(bot, chat_id))


async def _leave(bot: Any, chat_id: int) -> None:
    with suppress(Exception):  # it may not be allowed to write there
        await bot.send_message(chat_id, texts.GROUP)
    await bot.leave_chat(chat_id)
