"""Telegram for one process: composed once, where it is switched on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from bot.channel_settings import TelegramSettings
from bot.channels.telegram.connection import Connection
from bot.channels.telegram.edge import ADDRESS, TelegramEdge
from bot.channels.telegram.errands import BotErrands
from bot.channels.telegram.media import TelegramFetcher
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.pushing import Presses, Pushing
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.taking import TelegramTaker
from bot.inbox.writer import InboxWriter
from handoff.intake import Screen


class TelegramChannel:
    """What a process needs of it. Nothing is reached before the first use."""

    address = ADDRESS

    def __init__(self, settings: TelegramSettings, *, screen: Screen, clock: Callable[[], datetime]) -> None:
        self._settings, self._clock = settings, clock
        self._connection = Connection(settings)
        self.taker = TelegramTaker(settings, screen=screen, errands=BotErrands(self._connection))

    @cached_property
    def sender(self) -> TelegramSender:
        """Messages out."""
        return TelegramSender(self._connection)

    @cached_property
    def fetcher(self) -> TelegramFetcher:
        """Files down."""
        return TelegramFetcher(self._connection)

    def edge(self, writer: InboxWriter, *, presses: Presses) -> TelegramEdge:
        """POST /telegram; where the mode is polling it refuses everybody."""
        return TelegramEdge(self._settings, self._pushing(writer, presses))

    def pollers(self, writer: InboxWriter, *, presses: Presses) -> list[Poller]:
        """None in webhook mode."""
        if self._settings.mode != "polling":
            return []
        return [Poller(self._settings, self._pushing(writer, presses), clock=self._clock)]

    def close(self) -> None:
        """End its threads."""
        self._connection.close()

    def _pushing(self, writer: InboxWriter, presses: Presses) -> Pushing:
        return Pushing(self._settings, writer=writer, presses=presses, clock=self._clock)
