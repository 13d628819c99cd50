"""Wake-ups inside one process: who waits for news is told at once; across processes the sweeps find it a little later.

A wake-up carries a topic and a row id, never words. Losing one costs time, never a message.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from enum import StrEnum

from django.db import transaction

Listener = Callable[[int], None]


class Topic(StrEnum):
    """What the news is about; the number that goes with each is a conversation's id, with ALERT the alert's."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    VISIBLE = "visible"
    QUEUE = "queue"
    ALERT = "alert"


class Bulletin:
    """Listeners by topic. Thread-safe; a listener must return at once and never raise."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[Topic, list[Listener]] = defaultdict(list)

    def subscribe(self, topic: Topic, listener: Listener) -> Callable[[], None]:
        """Listen to a topic; the returned function ends it."""
        with self._lock:
            self._listeners[topic].append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners[topic]:
                    self._listeners[topic].remove(listener)

        return unsubscribe

    def publish(self, topic: Topic, conversation_id: int) -> None:
        """Tell the listeners now."""
        with self._lock:
            listeners = tuple(self._listeners[topic])
        for listener in listeners:
            listener(conversation_id)

    def publish_on_commit(self, conversation_id: int, *topics: Topic) -> None:
        """Tell the listeners once the open transaction has committed (at once when there is none)."""
        for topic in topics:
            transaction.on_commit(lambda topic=topic: self.publish(topic, conversation_id), robust=True)  # type: ignore[misc]


bulletin = Bulletin()
