"""The background of a serving process: loads the parts, sees to the turns, delivers, and sweeps for what was missed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connections

from bot.delivery import Deliverer
from bot.journal import log_failure
from bot.keyed_queue import KeyedQueue
from bot.parts import Parts
from bot.turn_work import TurnsRunner
from handoff.sweeps import sweep_all
from handoff.wakeups import Topic, bulletin

if TYPE_CHECKING:
    from bot.alerts.queues import AlertQueues
    from bot.inbox.queues import InboxQueues
    from bot.live_knowledge import KnowledgeWatch

log = logging.getLogger("niangjia.runtime")

Loaders = Mapping[str, Callable[[Parts], object]]

SWEEP_EVERY_S = 2.0
PUSH_THREADS = 8
# A wake-up is taken up within milliseconds; what is older than this was missed.
MISSED_AFTER = timedelta(seconds=3)


class Runtime:
    """Starts and stops the background threads of one process."""

    def __init__(
        self,
        parts: Parts,
        turns: TurnsRunner,
        deliverer: Deliverer,
        *,
        alerts: AlertQueues,
        inbox: InboxQueues,
        held: Callable[[int], bool],
        watch: KnowledgeWatch,
        clock: Callable[[], datetime],
    ) -> None:
        self._parts = parts
        self._alerts = alerts
        self._inbox = inbox
        self._held = held
        self._watch = watch
        self._clock = clock
        self._turns = turns
        self._deliverer = deliverer
        self._delivery_queue = KeyedQueue[int]("delivery", self._deliver, threads=2)
        # A platform that is slow to answer keeps none of the pages' messages waiting.
        self._push_queue = KeyedQueue[int]("push-delivery", self._send, threads=PUSH_THREADS)
        self._stopping = threading.Event()
        self._unsubscribe: list[Callable[[], None]] = []
        self._sweeper = threading.Thread(target=self._sweep, name="sweeper", daemon=True)

    def start(self, loaders: Loaders, *, when_loaded: Callable[[bool], None]) -> None:
        """Deliver at once; turns begin when the parts are loaded, then `when_loaded` hears whether all are there.

        When a part cannot be loaded turns begin all the same: the worker reads kind words, and a person is called.
        """
        self._unsubscribe.append(bulletin.subscribe(Topic.OUTBOUND, self._delivery_queue.put))
        self._alerts.start()
        self._inbox.start()
        self._sweeper.start()
        threading.Thread(target=self._load, args=(loaders, when_loaded), name="loader", daemon=True).start()

    def stop(self) -> None:
        """End the background; what was under way is finished or left to the next process."""
        self._stopping.set()
        self._watch.stop()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._inbox.stop()
        self._turns.stop()
        self._delivery_queue.stop()
        self._push_queue.stop()
        self._alerts.stop()
        if self._parts.dialogue is not None:
            self._parts.dialogue.close()

    def _deliver(self, conversation_id: int) -> bool:
        if self._held(conversation_id):
            return False  # an open response carries it, or makes this queue look again when it is closed
        if self._deliverer.pushes(conversation_id):
            self._push_queue.put(conversation_id)
        else:
            self._deliverer.run(conversation_id)
        return False

    def _send(self, conversation_id: int) -> bool:
        self._deliverer.run(conversation_id)
        return False

    def _load(self, loaders: Loaders, when_loaded: Callable[[bool], None]) -> None:
        try:
            self._parts.load(loaders)
        except Exception as error:
            log_failure(log, "loading failed: workers are told so, and a person is called", error)
        try:
            self._turns.start()
            self._look_for_missed(older_than=timedelta(0))
        except Exception as error:
            log_failure(log, "the first look for missed messages failed; the sweep comes", error)
        self._watch.start()
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
        self._inbox.look(older_than=older_than)
        self._turns.look(older_than=older_than)
