"""The background of a serving process: loads the parts, runs turns, delivers, and sweeps for what was missed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import DatabaseError, connections

from bot.delivery import Deliverer
from bot.journal import log_failure
from bot.parts import Parts
from bot.turns import Turns
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.runtime")

SWEEP_EVERY_S = 2.0
# A wake-up is taken up within milliseconds; what is older than this was missed.
MISSED_AFTER = timedelta(seconds=3)


class KeyedQueue:
    """Runs `work(key)` on a thread pool, never twice at once for a key; one that comes while it runs, runs again."""

    def __init__(self, name: str, work: Callable[[int], object], *, threads: int) -> None:
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
        while True:
            try:
                self._work(key)
            except DatabaseError as error:
                log.error("%s: %s: %s; the sweep tries again", self._name, key, type(error).__name__)
                connections.close_all()
            except Exception as error:
                log_failure(log, f"{self._name}: {key} failed", error)
            with self._lock:
                if key not in self._again:
                    self._running.discard(key)
                    return
                self._again.discard(key)


class Runtime:
    """Starts and stops the background threads of one process."""

    def __init__(self, parts: Parts, turns: Turns, deliverer: Deliverer, *, turn_threads: int) -> None:
        self._parts = parts
        self._turns = turns
        self._deliverer = deliverer
        self._turn_queue = KeyedQueue("turns", turns.run, threads=turn_threads)
        self._delivery_queue = KeyedQueue("delivery", deliverer.run, threads=2)
        self._stopping = threading.Event()
        self._unsubscribe: list[Callable[[], None]] = []
        self._sweeper = threading.Thread(target=self._sweep, name="sweeper", daemon=True)

    def start(self, loaders: Mapping[str, Callable[[Parts], object]], *, when_ready: Callable[[], None]) -> None:
        """Deliver at once; turns begin when every part is loaded, then `when_ready` is called."""
        self._unsubscribe.append(bulletin.subscribe(Topic.OUTBOUND, self._delivery_queue.put))
        self._sweeper.start()
        threading.Thread(target=self._load, args=(loaders, when_ready), name="loader", daemon=True).start()

    def stop(self) -> None:
        """End the background; what was under way is finished or left to the next process."""
        self._stopping.set()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._turn_queue.stop()
        self._delivery_queue.stop()
        if self._parts.dialogue is not None:
            self._parts.dialogue.close()

    def _load(self, loaders: Mapping[str, Callable[[Parts], object]], when_ready: Callable[[], None]) -> None:
        try:
            self._parts.load(loaders)
        except Exception as error:
            log_failure(log, "loading failed: messages are stored and wait, the rules still answer danger", error)
            return
        self._unsubscribe.append(bulletin.subscribe(Topic.INBOUND, self._turn_queue.put))
        self._look_for_missed(older_than=timedelta(0))
        when_ready()

    def _sweep(self) -> None:
        while not self._stopping.wait(SWEEP_EVERY_S):
            try:
                self._look_for_missed(older_than=MISSED_AFTER)
            except DatabaseError as error:
                log.error("sweep: %s; tried again in %s s", type(error).__name__, SWEEP_EVERY_S)
                connections.close_all()

    def _look_for_missed(self, *, older_than: timedelta) -> None:
        for conversation_id in self._deliverer.undelivered(older_than=older_than):
            self._delivery_queue.put(conversation_id)
        if self._parts.ready:
            for conversation_id in self._turns.unanswered(older_than=older_than):
                self._turn_queue.put(conversation_id)
