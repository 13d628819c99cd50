"""python-telegram-bot in an event loop of its own, for the desk's threads. It is imported when it is first used."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channel_settings import TelegramSettings
from bot.channels.telegram.faults import ServerFault
from nlu.event_loop import EventLoopThread

log = logging.getLogger("niangjia.telegram")

Result = TypeVar("Result")
Work = Callable[["QuietBot"], Coroutine[Any, Any, Result]]
_CONNECT_S: Final = 3.0
_READ_S: Final = 10.0
_CONNECTIONS: Final = 32
# Errands are courtesies: when so many wait, further ones are dropped.
_MOST_ERRANDS: Final = 200


class QuietRequest(HTTPXRequest):
    """Tells 5xx from other faults, and never logs what Telegram answered: it repeats the message's words."""

    async def do_request(self, *given: Any, **named: Any) -> tuple[int, bytes]:
        """As HTTPXRequest. Raises ServerFault."""
        status, payload = await super().do_request(*given, **named)
        if status >= 500:
            raise ServerFault(status)
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As BaseRequest, without its log line."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            raise TelegramError("no JSON") from error
        if not isinstance(answer, dict):
            raise TelegramError("no object")
        return answer


class QuietBot(Bot):
    """PTB's bot over QuietRequest, with updates as they came."""

    def __init__(self, settings: TelegramSettings) -> None:
        requests = [
            QuietRequest(
                connection_pool_size=size,
                connect_timeout=_CONNECT_S,
                read_timeout=_READ_S,
                write_timeout=_READ_S,
                pool_timeout=_READ_S,
            )
            for size in (1, _CONNECTIONS)
        ]
        super().__init__(
            settings.token,
            base_url=f"{settings.api_base}/bot",
            base_file_url=f"{settings.api_base}/file/bot",
            get_updates_request=requests[0],
            request=requests[1],
        )

    async def raw_updates(self, *, offset: int | None, timeout_s: int, allowed: tuple[str, ...]) -> list[Any]:
        """Updates that Telegram holds, as JSON: `get_updates` fails on the whole batch when one of them is odd, and
        logs it in full."""
        asked = {"offset": offset, "timeout": timeout_s, "allowed_updates": list(allowed), "limit": 100}
        found = await self._post("getUpdates", asked, read_timeout=timeout_s + _READ_S)
        return found if isinstance(found, list) else []

    async def close_connections(self) -> None:
        """Close what is open."""
        for request in self._request:
            await request.shutdown()


class Connection:
    """Runs work on the bot from any thread. The loop's thread begins with the first work."""

    def __init__(self, settings: TelegramSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._begun: tuple[EventLoopThread, QuietBot] | None = None
        self._errands: ThreadPoolExecutor | None = None
        self._waiting = 0

    def run(self, work: Work[Result]) -> Result:
        """What the work gives or raises."""
        loop, bot = self._begin()
        return loop.run(work(bot))

    def errand(self, work: Work[Any]) -> None:
        """Courtesies that nobody waits for: done later, or never when Telegram is down."""
        with self._lock:
            if self._waiting >= _MOST_ERRANDS:
                return
            self._waiting += 1
            if self._errands is None:
                self._errands = ThreadPoolExecutor(2, thread_name_prefix="telegram-errands")
        try:
            self._errands.submit(self._do, work)
        except RuntimeError:
            log.info("an errand came after the end")

    def close(self) -> None:
        """End the thread; work that runs is finished."""
        if self._errands is not None:
            self._errands.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            begun, self._begun = self._begun, None
        if begun is not None:
            loop, bot = begun
            loop.run(bot.close_connections())
            loop.close()

    def _do(self, work: Work[Any]) -> None:
        try:
            self.run(work)
        except Exception as error:
            log.info("an errand was not done: %s", type(error).__name__)
        finally:
            with self._lock:
                self._waiting -= 1

    def _begin(self) -> tuple[EventLoopThread, QuietBot]:
        with self._lock:
            if self._begun is None:
                self._begun = (EventLoopThread("telegram"), QuietBot(self._settings))
            return self._begun
