"""Work in the background, one piece at a time for each key, fair between keys."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from django.db import connections

from bot.journal import log_failure

log = logging.getLogger("niangjia.runtime")

Key = TypeVar("Key", bound=Hashable)


class KeyedQueue(Generic[Key]):
    """Runs `work(key)` on a thread pool, never twice at once for a key; one that comes while it runs, runs again.

    When `work` says that there is more to do for its key, the key goes to the end of the queue: nobody with a long
    backlog keeps the others waiting.
    """

    def __init__(self, name: str, work: Callable[[Key], bool], *, threads: int) -> None:
        self._name = name
        self._work = work
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._running: set[Key] = set()
        self._again: set[Key] = set()

    def put(self, key: Key) -> None:
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

    def _run(self, key: Key) -> None:
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
