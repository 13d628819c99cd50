"""Holding responses open until the turn is over: nobody polls while nothing happens."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from bot.channels.wechat.passive import Look
from handoff.wakeups import Topic, bulletin

# Another process may decide too, and its wake-ups do not come here.
_LOOK_AGAIN_S: Final = 0.5
_LAST_LOOK_S: Final = 0.2
_TOPICS: Final = (Topic.OUTBOUND, Topic.QUEUE)
Decide = Callable[..., Look]


class _Bell:
    """Wakes one waiting response, from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake it; nothing when its loop has ended."""
        try:
            self._loop.call_soon_threadsafe(self._event.set)
        except RuntimeError:
            return

    async def wait(self, timeout_s: float) -> None:
        """Until it is rung, at most so long."""
        try:
            await asyncio.wait_for(self._event.wait(), max(0.0, timeout_s))
        except TimeoutError:
            return
        self._event.clear()


class OpenReplies:
    """The responses that this process holds open. Used in event loops; wake-ups come from other threads."""

    def __init__(self, look: Decide, *, threads: int = 4) -> None:
        self._look = look
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="replies")
        self._lock = threading.Lock()
        self._by_push: dict[int, set[_Bell]] = defaultdict(set)
        self._by_talk: dict[int, set[_Bell]] = defaultdict(set)
        self._since: dict[_Bell, float] = {}
        for topic in _TOPICS:
            bulletin.subscribe(topic, self._ring_talk)

    @property
    def count(self) -> int:
        """How many are held open."""
        return len(self._since)

    def longest_s(self) -> float:
        """How long the oldest has been held open. Called in the event loop."""
        return asyncio.get_running_loop().time() - min(self._since.values()) if self._since else 0.0

    def taken_in(self, push_id: int) -> None:
        """A push has been taken in: its message may be answered already."""
        with self._lock:
            bells = tuple(self._by_push.get(push_id, ()))
        for bell in bells:
            bell.ring()

    async def wait(self, push_id: int, *, for_s: float) -> str:
        """The words for the response, "" for a receipt, after at most `for_s` seconds and a little."""
        bell, loop = _Bell(), asyncio.get_running_loop()
        until, talk = loop.time() + for_s, 0
        self._hold(self._by_push, push_id, bell)
        self._since[bell] = loop.time()
        try:
            while True:
                last = loop.time() >= until - _LAST_LOOK_S
                look = await loop.run_in_executor(self._pool, lambda last=last: self._look(push_id, last=last))  # type: ignore[misc]
                if look.reply is not None:
                    return look.reply
                if look.conversation_id and not talk:
                    talk = look.conversation_id
                    self._hold(self._by_talk, talk, bell)
                    continue  # what happened between the look and the hold is seen by the next look
                await bell.wait(min(_LOOK_AGAIN_S, until - _LAST_LOOK_S - loop.time()))
        finally:
            del self._since[bell]
            self._let_go(self._by_push, push_id, bell)
            if talk:
                self._let_go(self._by_talk, talk, bell)

    def _ring_talk(self, conversation_id: int) -> None:
        with self._lock:
            bells = tuple(self._by_talk.get(conversation_id, ()))
        for bell in bells:
            bell.ring()

    def _hold(self, held: dict[int, set[_Bell]], key: int, bell: _Bell) -> None:
        with self._lock:
            held[key].add(bell)

    def _let_go(self, held: dict[int, set[_Bell]], key: int, bell: _Bell) -> None:
        with self._lock:
            held[key].discard(bell)
            if not held[key]:
                del held[key]
