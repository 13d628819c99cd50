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
_LOOK_AGAIN_S: Final = 1.0
# What the last look and the way back may take.
_MARGIN_S: Final = 0.3
_MARGIN_BEHIND_S: Final = 2.0
# In a rush further pushes are acknowledged at once: holding them would make all of them late.
MANY: Final = 24
SEVERAL, LONG_S = 8, 2.0
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

    def is_behind(self) -> bool:
        """Whether turns come in later than they are over: many wait, or several, and one of them for long.

        Called in the event loop.
        """
        if self.count >= MANY:
            return True
        if self.count < SEVERAL:
            return False
        return asyncio.get_running_loop().time() - min(self._since.values()) > LONG_S

    def holds(self, conversation_id: int) -> bool:
        """Whether a response to somebody in this conversation is open here: it carries what is pending, and tells when
        it is closed. Any thread may ask."""
        return conversation_id in self._by_talk

    def taken_in(self, push_id: int) -> None:
        """A push has been taken in: its message may be answered already."""
        with self._lock:
            bells = tuple(self._by_push.get(push_id, ()))
        for bell in bells:
            bell.ring()

    async def wait(self, push_id: int, *, for_s: float) -> str:
        """The words for the response, "" for a receipt, after at most `for_s` seconds.

        While the desk is behind it is closed earlier: closing many at once takes time too.
        """
        bell, loop = _Bell(), asyncio.get_running_loop()
        until, talk = loop.time() + for_s, 0
        self._hold(self._by_push, push_id, bell)
        self._since[bell] = loop.time()
        try:
            while True:
                margin_s = _MARGIN_BEHIND_S if self.is_behind() else _MARGIN_S
                last = loop.time() >= until - margin_s
                look = await loop.run_in_executor(self._pool, lambda last=last: self._look(push_id, last=last))  # type: ignore[misc]
                if look.reply is not None:
                    return look.reply
                if look.conversation_id and not talk:
                    talk = look.conversation_id
                    self._hold(self._by_talk, talk, bell)
                    continue  # what happened between the look and the hold is seen by the next look
                await bell.wait(min(_LOOK_AGAIN_S, until - margin_s - loop.time()))
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
