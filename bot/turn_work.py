"""The turns that one process runs: of what it is told about, and of what nobody was told about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from bot.keyed_queue import KeyedQueue
from bot.turns import Turns
from handoff.wakeups import Topic, bulletin

# Then it is somebody else's turn.
TURNS_AT_ONCE = 3


class TurnsRunner(Protocol):
    """Whoever sees to it that turns are run: this process, or others."""

    def start(self) -> None:
        """Begin, once the parts are loaded or known to be missing."""

    def look(self, *, older_than: timedelta) -> None:
        """Take up what has waited for so long: a wake-up was missed."""

    def stop(self) -> None:
        """Finish what runs, leave the rest to the next process."""


class TurnWork:
    """Runs turns on threads of this process. Can be started again after `stop`."""

    def __init__(self, turns: Turns, *, threads: int, stand_back: Callable[[], None] = lambda: None) -> None:
        """`stand_back` returns when a turn may begin."""
        self._turns = turns
        self._threads = threads
        self._stand_back = stand_back
        self._queue: KeyedQueue[int] | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Once. What has waited is taken up at once."""
        self._queue = KeyedQueue[int]("turns", self._run, threads=self._threads)
        self._unsubscribe = bulletin.subscribe(Topic.INBOUND, self._queue.put)
        self.look(older_than=timedelta(0))

    def look(self, *, older_than: timedelta) -> None:
        """See `TurnsRunner`."""
        if self._queue is not None:
            for conversation_id in self._turns.unanswered(older_than=older_than):
                self._queue.put(conversation_id)

    def stop(self) -> None:
        """See `TurnsRunner`."""
        self._unsubscribe()
        if self._queue is not None:
            self._queue.stop()
            self._queue = None

    def _run(self, conversation_id: int) -> bool:
        self._stand_back()
        return self._turns.run(conversation_id, most=TURNS_AT_ONCE) == TURNS_AT_ONCE
