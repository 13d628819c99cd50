"""Waking the open streams of a process: by the bulletin at once, by one look at the database every two seconds.

One query serves all streams together, so a thousand open pages cost hardly more than one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from django.db import Error as DatabaseFault

from bot.channels.webchat.reads import SharedReads, read
from bot.composition import desk
from handoff.models import Conversation
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.webchat")

LOOK_EVERY_S = 2.0
# A worker has a tab or two; a process has so many streams in all.
STREAMS_OF_ONE_TALK = 4
MOST_STREAMS = 1_000
# A wake-up with this number concerns everybody, e.g. when a cadre comes on duty.
_EVERYBODY = 0
_MARKED = ("next_position", "holder_id", "waiting_since", "level", "closed_at", "contact__erased_at")


class Bell(asyncio.Event):
    """Set when something may have changed. `ousted`: its stream makes room for a younger one of the same talk."""

    ousted = False


class Watch:
    """The bells of one event loop's open streams. Used from that loop only; the bulletin may call from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._bells: dict[int, list[Bell]] = {}
        self._count = 0
        self.shared: SharedReads[Any] = SharedReads()
        self._marks: dict[int, tuple[Any, ...]] = {}
        self._unsubscribe: list[Callable[[], None]] = []
        self._looking: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        """Whether as many streams are open as one process carries."""
        return self._count >= MOST_STREAMS

    @contextmanager
    def bell(self, conversation_id: int) -> Iterator[Bell]:
        """A bell of the conversation; with too many of them, the oldest is ousted."""
        bell = Bell()
        if not self._bells:
            self._open()
        bells = self._bells.setdefault(conversation_id, [])
        bells.append(bell)
        self._count += 1
        for oldest in bells[:-STREAMS_OF_ONE_TALK]:
            oldest.ousted = True
            oldest.set()
        try:
            yield bell
        finally:
            self._count -= 1
            bells.remove(bell)
            if not bells:
                del self._bells[conversation_id]
            if not self._bells:
                self._close()

    def _open(self) -> None:
        self._unsubscribe = [bulletin.subscribe(topic, self._heard) for topic in (Topic.VISIBLE, Topic.QUEUE)]
        self._looking = self._loop.create_task(self._look_again_and_again())

    def _close(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        if self._looking is not None:
            self._looking.cancel()
        self._unsubscribe, self._looking, self._marks = [], None, {}

    def _heard(self, conversation_id: int) -> None:
        try:
            self._loop.call_soon_threadsafe(self._ring, conversation_id)
        except RuntimeError:
            log.info("a wake-up came after the end of the event loop")

    def _ring(self, conversation_id: int) -> None:
        bells = (
            [bell for bells in self._bells.values() for bell in bells]
            if conversation_id == _EVERYBODY
            else self._bells.get(conversation_id, ())
        )
        for bell in bells:
            bell.set()

    async def _look_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                marks = await read(_marks_of, tuple(self._bells))
            except DatabaseFault as error:
                log.error("looking for news: %s; tried again in %s s", type(error).__name__, LOOK_EVERY_S)
                continue
            for conversation_id, mark in marks.items():
                if self._marks.get(conversation_id) != mark:
                    self._ring(conversation_id)
            self._marks = marks


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def watch() -> Watch:
    """The watch of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _watches:
        _watches[loop] = Watch(loop)
    return _watches[loop]


def _marks_of(conversation_ids: tuple[int, ...]) -> dict[int, tuple[Any, ...]]:
    """What a change of shows that there is news, per conversation; the desk's readiness is part of each."""
    ready = desk().parts.ready
    rows = Conversation.objects.filter(pk__in=conversation_ids).values_list("pk", *_MARKED)
    return {row[0]: (ready, *row[1:]) for row in rows}
