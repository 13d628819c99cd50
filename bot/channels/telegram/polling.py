"""Fetching updates, for a union without a public address.

Telegram forgets an update when a later offset is asked for, so the offset moves only over what is stored. It need not
be kept: without one Telegram gives everything again that was never confirmed, and what is known is stored once.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connections
from telegram.error import Conflict, InvalidToken, RetryAfter

from bot.channel_settings import TelegramSettings
from bot.channels.telegram.connection import QuietBot
from bot.channels.telegram.faults import outcome_of
from bot.channels.telegram.lease import give_lease_back, take_lease
from bot.channels.telegram.pushing import Pushing
from bot.channels.telegram.reading import ALLOWED_UPDATES, NotAnUpdate, read_update
from bot.journal import log_failure

log = logging.getLogger("niangjia.telegram")

# Shorter than the lease with everything around it.
WAITS_S: Final = 25
_LEASE_AGAIN_S: Final = 5.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_STOP_WITHIN_S: Final = 15.0


class Poller:
    """One thread with a loop of its own. `pauses`: what waits between tries, in seconds; tests make it short."""

    def __init__(
        self,
        settings: TelegramSettings,
        pushing: Pushing,
        *,
        clock: Callable[[], datetime],
        rng: random.Random | None = None,
        waits_s: int = WAITS_S,
    ) -> None:
        self._settings, self._pushing, self._clock = settings, pushing, clock
        self._rng = rng or random.Random()
        self._waits_s = waits_s
        self._offset: int | None = None
        self._failures = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin to fetch; returns at once."""
        self._thread = threading.Thread(target=self._run, name="telegram-polling", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it: an open wait is broken off, what came is stored."""
        with self._lock:
            self._stopping = True
            running = self._running
        if running is not None:
            loop, task = running
            loop.call_soon_threadsafe(task.cancel)
        if self._thread is not None:
            self._thread.join(_STOP_WITHIN_S)

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except asyncio.CancelledError:
            log.info("telegram: fetching ended")
        finally:
            _in_database(give_lease_back)

    async def _work(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        with self._lock:
            if self._stopping:
                return
            self._running = asyncio.get_running_loop(), task
        bot = QuietBot(self._settings)
        try:
            while True:
                await self._round(bot)
        finally:
            await bot.close_connections()

    async def _round(self, bot: QuietBot) -> None:
        try:
            if not await asyncio.to_thread(_in_database, lambda: take_lease(now=self._clock())):
                self._offset = None
                await asyncio.sleep(_LEASE_AGAIN_S)
                return
            if self._offset is None and self._failures == 0:
                await bot.delete_webhook(drop_pending_updates=False)
            await self._fetch(bot)
            self._failures = 0
        except Conflict:
            await self._after_conflict(bot)
        except Exception as error:
            await self._pause(error)

    async def _fetch(self, bot: QuietBot) -> None:
        found = await bot.raw_updates(offset=self._offset, timeout_s=self._waits_s, allowed=ALLOWED_UPDATES)
        # Stored even when the desk ends meanwhile.
        await asyncio.shield(self._store(found))

    async def _store(self, found: Sequence[Any]) -> None:
        """All of them, or an exception before the offset moves."""
        batch = []
        for value in found:
            try:
                batch.append(read_update(value))
            except NotAnUpdate:
                log.warning("telegram: something that is no update was fetched")
        await self._pushing.store_all(batch)
        if batch:
            self._offset = max(incoming.update_id for incoming in batch) + 1

    async def _after_conflict(self, bot: QuietBot) -> None:
        """A webhook was set meanwhile, or somebody else fetches for the same bot."""
        log.warning("telegram: another process fetches for this bot, or a webhook was set")
        self._failures += 1
        await asyncio.sleep(self._pause_s())
        try:
            await bot.delete_webhook(drop_pending_updates=False)
        except Exception as error:
            await self._pause(error)

    async def _pause(self, error: Exception) -> None:
        self._failures += 1
        pause_s = self._pause_s()
        match error:
            case RetryAfter():
                pause_s = max(pause_s, outcome_of(error).retry_after_s or 0.0)
            case InvalidToken():
                pause_s = _LONGEST_PAUSE_S
                log.error("telegram does not take the token: see niangjia telegram check")
            case _:
                log_failure(log, "telegram: updates were not fetched; tried again", error)
        await asyncio.sleep(pause_s)

    def _pause_s(self) -> float:
        grown = _FIRST_PAUSE_S * 2.0 ** min(self._failures - 1, 10)
        return min(grown, _LONGEST_PAUSE_S) * self._rng.uniform(0.5, 1.0)


def _in_database(work: Callable[[], Any]) -> Any:
    """Its connection is not kept: it is needed once in half a minute."""
    try:
        return work()
    finally:
        connections.close_all()
