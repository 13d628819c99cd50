"""Taking pushes in, in the background of a serving process: by sender, whoever is in danger first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.wechat.passive import settle_unwritten
from bot.inbox.forgetting import forget_old
from bot.inbox.records import PushIn
from bot.inbox.taking import Inbox
from bot.keyed_queue import KeyedQueue
from bot.media import MediaFetching

# Taking in is work of this interpreter and of one database: more threads would only wait for each other.
_THREADS = 2
_MEDIA_THREADS = 2
# Looks come every two seconds.
_FORGET_EVERY = 30
# Responses that a process left behind are settled by a sweep soon after, or, after so long a standstill, by the first.
_LOOKED_BACK = timedelta(hours=1)
_DOWN_FOR = timedelta(days=7)


class Stored:
    """Tells who listens that a push has been stored. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[Callable[[PushIn], None]] = []

    def listen(self, listener: Callable[[PushIn], None]) -> Callable[[], None]:
        """The listener must return at once; the returned function ends it."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def tell(self, push: PushIn) -> None:
        """A push is safely on the disk."""
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(push)


class Poller(Protocol):
    """Fetches pushes where the platform does not bring them."""

    def start(self) -> None:
        """Returns at once."""
        ...

    def stop(self) -> None:
        """Returns when what came is stored."""
        ...


class InboxQueues:
    """Takes up pushes as they are stored, and those that were missed; then what their platforms hold for us."""

    def __init__(
        self,
        inbox: Inbox,
        media: MediaFetching,
        *,
        stored: Stored,
        taken_in: Callable[[int], None],
        clock: Callable[[], datetime],
        pollers: Sequence[Poller] = (),
    ) -> None:
        self._inbox = inbox
        self._pollers = pollers
        self._fetching = media
        self._stored = stored
        self._taken_in = taken_in
        self._clock = clock
        self._looks = 0
        self._calm = KeyedQueue[str]("inbox", self._take, threads=_THREADS)
        self._pressing = KeyedQueue[str]("inbox-pressing", self._take, threads=1)
        self._media = KeyedQueue[int]("media", self._fetch, threads=_MEDIA_THREADS)
        self._end: Callable[[], None] | None = None

    def start(self) -> None:
        """Listen for new pushes."""
        self._end = self._stored.listen(self._put)
        for poller in self._pollers:
            poller.start()

    def look(self, *, older_than: timedelta) -> None:
        """Take up what waited: after a restart, what another process left, media whose time has come.

        Responses that nobody fetched are settled; what need not be remembered goes.
        """
        if self._looks == 0:
            self._inbox.try_again()
        for sender in self._inbox.missed(older_than=older_than):
            self._calm.put(sender)
        self._fetch_due()
        settle_unwritten(now=self._clock(), looked_back=_LOOKED_BACK if self._looks else _DOWN_FOR)
        self._looks += 1
        if self._looks % _FORGET_EVERY == 0:
            forget_old(now=self._clock())

    def stop(self) -> None:
        """Finish what runs; the next process takes up the rest."""
        for poller in self._pollers:
            poller.stop()
        if self._end is not None:
            self._end()
        for queue in (self._calm, self._pressing, self._media):
            queue.stop()

    def _put(self, push: PushIn) -> None:
        (self._pressing if push.pressing else self._calm).put(push.sender_hash)

    def _take(self, sender: str) -> bool:
        taken = self._inbox.run(sender)
        for push in taken:
            self._taken_in(push.push_id)
        if any(push.holds_media for push in taken):
            self._fetch_due()
        return False

    def _fetch_due(self) -> None:
        for pending_id in self._fetching.due():
            self._media.put(pending_id)

    def _fetch(self, pending_id: int) -> bool:
        self._fetching.fetch(pending_id)
        return False
