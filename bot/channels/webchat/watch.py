"""Waking the open streams of a process: by the bulletin at once, by one look at the database every two seconds.

One query serves all streams together, so a thousand open pages cost hardly more than one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from django.db import Error as DatabaseFault
from django.db import close_old_connections

from bot.composition import desk
from handoff.models import Conversation
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.webchat")

LOOK_EVERY_S = 2.0
# Readers are few: each holds at most one database connection, and only while it reads.
_READERS = 2
# A wake-up with this number concerns everybody, e.g. when a cadre comes on duty.
_EVERYBODY = 0
_MARKED = ("next_position", "holder_id", "waiting_since", "level", "closed_at", "contact__erased_at")

P = ParamSpec("P")
R = TypeVar("R")


@lru_cache(maxsize=1)
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_READERS, thread_name_prefix="webchat-reader")


async def read(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function that uses the database on a reader's thread; its connection is given back afterwards."""

    def with_connection() -> R:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(with_connection, thread_sensitive=False, executor=_readers())()


class Watch:
    """The bells of one event loop's open streams. Used from that loop only; the bulletin may call from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._bells: dict[int, set[asyncio.Event]] = defaultdict(set)
        self._marks: dict[int, tuple[Any, ...]] = {}
        self._unsubscribe: list[Callable[[], None]] = []
        self._looking: asyncio.Task[None] | None = None

    @contextmanager
    def bell(self, conversation_id: int) -> Iterator[asyncio.Event]:
        """An event that is set when something about the conversation may have changed."""
        bell = asyncio.Event()
        if not self._bells:
            self._open()
        self._bells[conversation_id].add(bell)
        try:
            yield bell
        finally:
            self._bells[conversation_id].discard(bell)
            if not self._bells[conversation_id]:
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
