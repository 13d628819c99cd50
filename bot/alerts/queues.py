"""Alerts in the background of a serving process: each road has threads of its own, so that none waits for another."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.alerts.deliverer import AlertDeliverer, AlertSender
from bot.alerts.mail import MailSender
from bot.alerts.wecom import WecomSender
from bot.configuration import Configuration
from bot.keyed_queue import KeyedQueue
from handoff.chain import configured_roads
from handoff.kinds import AlertRoad
from handoff.wakeups import Topic, bulletin

THREADS = {AlertRoad.MAIL: 4, AlertRoad.WECOM: 1}


def alert_deliverers(configuration: Configuration, *, clock: Callable[[], datetime]) -> tuple[AlertDeliverer, ...]:
    """One for each road that has settings."""
    senders: dict[AlertRoad, AlertSender] = {
        AlertRoad.MAIL: MailSender(configuration),
        AlertRoad.WECOM: WecomSender(configuration),
    }
    return tuple(
        AlertDeliverer(road, senders[road], base=configuration.address, clock=clock, rng=random.Random())
        for road in configured_roads()
    )


class AlertQueues:
    """Takes up alerts as they are written, and those that were missed."""

    def __init__(self, deliverers: Sequence[AlertDeliverer]) -> None:
        self._deliverers = deliverers
        self._queues = [
            KeyedQueue(f"alerts-{deliverer.road.value}", _work_of(deliverer), threads=THREADS[deliverer.road])
            for deliverer in deliverers
        ]
        self._unsubscribe: list[Callable[[], None]] = []

    def start(self) -> None:
        """Listen for new alerts."""
        self._unsubscribe += [bulletin.subscribe(Topic.ALERT, queue.put) for queue in self._queues]

    def look(self) -> None:
        """Take up what is due: tries to be made again, and what another process left."""
        for deliverer, queue in zip(self._deliverers, self._queues, strict=True):
            for alert_id in deliverer.due():
                queue.put(alert_id)

    def stop(self) -> None:
        """Finish what is being sent; the next process takes up the rest."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        for queue in self._queues:
            queue.stop()


def _work_of(deliverer: AlertDeliverer) -> Callable[[int], bool]:
    def work(alert_id: int) -> bool:
        deliverer.run(alert_id)
        return False

    return work
