"""From an update to a stored push, for the webhook and for polling alike."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.channel_settings import TelegramSettings
from bot.channels.telegram.people import ACCOUNT, hash_of
from bot.channels.telegram.reading import Incoming, Kind
from bot.inbox.records import PushIn
from bot.inbox.writer import InboxWriter
from handoff.kinds import Channel

log = logging.getLogger("niangjia.telegram")

Presses = Callable[[str], bool]


class Pushing:
    """Stores updates. `presses` tells from a text whether it is taken in before others."""

    def __init__(
        self, settings: TelegramSettings, *, writer: InboxWriter, presses: Presses, clock: Callable[[], datetime]
    ) -> None:
        self._bot = bot_digest(settings.token)
        self._writer, self._presses, self._clock = writer, presses, clock
        self.passed_over: Counter[Kind] = Counter()

    async def store(self, incoming: Incoming) -> None:
        """Returns when it is on the disk. Raises as InboxWriter.store."""
        await self.store_all([incoming])

    async def store_all(self, batch: Sequence[Incoming]) -> None:
        """As `store`, in their order. What is no concern of the desk is counted, not kept."""
        pushes = [await self._push(incoming) for incoming in batch if self._concerns_us(incoming)]
        await asyncio.gather(*(self._writer.store(push) for push in pushes))

    def _concerns_us(self, incoming: Incoming) -> bool:
        if not incoming.kind.is_kept:
            self.passed_over[incoming.kind] += 1
        return incoming.kind.is_kept

    async def _push(self, incoming: Incoming) -> PushIn:
        pressing = bool(incoming.words) and await asyncio.to_thread(self._looks_pressing, incoming.words)
        return PushIn(
            platform_key=f"telegram:{self._bot}:{incoming.update_id}",
            channel=Channel.TELEGRAM,
            account=ACCOUNT,
            sender_hash=hash_of(incoming.chat_id),
            received_at=self._clock(),
            payload=incoming.payload(),
            pressing=pressing,
        )

    def _looks_pressing(self, words: str) -> bool:
        """Words that cannot be looked at are taken in like all others."""
        try:
            return self._presses(words)
        except Exception as error:
            log.error("an update could not be looked at: %s", type(error).__name__)
            return False


def bot_digest(token: str) -> str:
    """Names the bot without its token: Telegram counts updates per bot."""
    return hashlib.sha256(token.partition(":")[0].encode()).hexdigest()[:12]
