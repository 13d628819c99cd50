"""The background of a serving process: loads the parts, runs turns, delivers, and sweeps for what was missed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connections

from bot.delivery import Deliverer
from bot.gate import Rush
from bot.journal import log_failure
from bot.parts import Parts
from bot.turns import Turns
from handoff.sweeps import sweep_all
from handoff.wakeups import Topic, bulletin

if TYPE_CHECKING:
    from bot.alerts.queues import AlertQueues

log = logging.getLogger("niangjia.runtime")

Loaders = Mapping[str, Callable[[Parts], object]]

SWEEP_EVERY_S = 2.0
# Then it is somebody else's turn.
TURNS_AT_ONCE = 3
# A wake-up is taken up within milliseconds; what is older than this was missed.
MISSED_AFTER = timedelta(seconds=3)


class KeyedQueue:
    """Runs `work(key)` on a thread pool, never twice at once for a key; one that comes while it runs, runs again.

    When `work` says that there is more to do for its key, the key goes to the end of the queue: nobody with a long
    backlog keeps the others waiting.
    """

    def __init__(self, name: str, work: Callable[[int], bool], *, threads: int) -> None:
        self._name = name
        self._work = work
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._running: set[int] = set()
        self._again: set[int] = set()

    def put(self, key: int) -> None:
        """Ask for `work(key)`; returns at once. Quietly nothing after `stop`."""
        with self._lock:
            if key in self._running:
                self._again.add(key)
                return
            self._running.add(key)
        try:
            self._pool.submit(self._run, key)
        except RuntimeError:
            log.info("%s: stopped, %s is left to the next process", self._name, key)

    def stop(self) -> None:
        """Finish what runs, drop what waits: the sweep of the next process finds it."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, key: int) -> None:
        more = False
        try:
            more = self._work(key)
        except Exception as error:
            log_failure(log, f"{self._name}: {key} failed; the sweep tries again", error)
            connections.close_all()
        with self._lock:
            self._running.discard(key)
            more = more or key in self._again
            self._again.discard(key)
        if more:
            self.put(key)


class Runtime:
    """Starts and stops the background threads of one process."""

    def __init__(
        self,
        parts: Parts,
        turns: Turns,
        deliverer: Deliverer,
        *,
        turn_threads: int,
        alerts: AlertQueues,
        rush: Rush,
        clock: Callable[[], datetime],
    ) -> None:
        self._parts = parts
        self._alerts = alerts
        self._rush = rush
        self._clock = clock
        self._turns = turns
        self._deliverer = deliverer
        self._turn_queue = KeyedQueue("turns", self._run_turns, threads=turn_threads)
        self._delivery_queue = KeyedQueue("delivery", self._deliver, threads=2)
        self._stopping = threading.Event()
        self._unsubscribe: list[Callable[[], None]] = []
        self._sweeper = threading.Thread(target=self._sweep, name="sweeper", daemon=True)

    def start(self, loaders: Loaders, *, when_loaded: Callable[[bool], None]) -> None:
        """Deliver at once; turns begin when the parts are loaded, then `when_loaded` hears whether all are there.

        When a part cannot be loaded turns begin all the same: the worker reads kind words, and a person is called.
        """
        self._unsubscribe.append(bulletin.subscribe(Topic.OUTBOUND, self._delivery_queue.put))
        self._alerts.start()
        self._sweeper.start()
        threading.Thread(target=self._load, args=(loaders, when_loaded), name="loader", daemon=True).start()

    def stop(self) -> None:
        """End the background; what was under way is finished or left to the next process."""
        self._stopping.set()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._turn_queue.stop()
        self._delivery_queue.stop()
        self._alerts.stop()
        if self._parts.dialogue is not None:
            self._parts.dialogue.close()

    def _run_turns(self, conversation_id: int) -> bool:
        self._rush.stand_back()
        return self._turns.run(conversation_id, most=TURNS_AT_ONCE) == TURNS_AT_ONCE

    def _deliver(self, conversation_id: int) -> bool:
        self._deliverer.run(conversation_id)
        return False

    def _load(self, loaders: Loaders, when_loaded: Callable[[bool], None]) -> None:
        try:
            self._parts.load(loaders)
        except Exception as error:
            log_failure(log, "loading failed: workers are told so, and a person is called", error)
        self._unsubscribe.append(bulletin.subscribe(Topic.INBOUND, self._turn_queue.put))
        try:
            self._look_for_missed(older_than=timedelta(0))
        except Exception as error:
            log_failure(log, "the first look for missed messages failed; the sweep comes", error)
        when_loaded(self._parts.ready)

    def _sweep(self) -> None:
        while not self._stopping.wait(SWEEP_EVERY_S):
            try:
                self._look_for_missed(older_than=MISSED_AFTER)
            except Exception as error:  # whatever it is: without the sweep, what was missed stays missed
                log_failure(log, f"sweep failed; tried again in {SWEEP_EVERY_S} s", error)
                connections.close_all()

    def _look_for_missed(self, *, older_than: timedelta) -> None:
        for conversation_id in self._deliverer.undelivered(older_than=older_than):
            self._delivery_queue.put(conversation_id)
        for name, error in sweep_all(now=self._clock()):
            log_failure(log, f"{name} failed; tried again in {SWEEP_EVERY_S} s", error)
        self._alerts.look()
        if self._parts.settled:
            for conversation_id in self._turns.unanswered(older_than=older_than):
                self._turn_queue.put(conversation_id)
