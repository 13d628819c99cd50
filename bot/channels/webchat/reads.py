"""Reading the database for open streams: few readers, and nobody's many streams stand in front of another's one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

# Readers are few: each holds at most one database connection, and only while it reads.
_READERS = 2

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


@dataclass
class _Line(Generic[R]):
    """What is asked for one visitor: one read under way, the others wait behind it by what they ask."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: dict[Hashable, asyncio.Task[R]] = field(default_factory=dict)


class SharedReads(Generic[R]):
    """At most one read at a time per `line`; those that wait with the same question get one answer together.

    Nobody joins a read that has begun: it may have missed what they were woken for. Used from one event loop.
    """

    def __init__(self) -> None:
        self._lines: dict[Hashable, _Line[R]] = {}

    async def ask(self, line: Hashable, question: Hashable, answer: Callable[[], R]) -> R:
        """The answer, read after this call. Raises what `answer` raises."""
        queue = self._lines.setdefault(line, _Line())
        task = queue.waiting.get(question)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._in_turn(line, question, answer))
            task.add_done_callback(_nobody_may_be_left)
            queue.waiting[question] = task
        return await asyncio.shield(task)

    async def _in_turn(self, line: Hashable, question: Hashable, answer: Callable[[], R]) -> R:
        queue = self._lines[line]
        try:
            async with queue.turn:
                del queue.waiting[question]
                return await read(answer)
        finally:
            if not queue.waiting and not queue.turn.locked():
                self._lines.pop(line, None)


def _nobody_may_be_left(task: asyncio.Task[R]) -> None:
    """Streams that have gone do not fetch their answer: an error in it is no news to anybody."""
    if not task.cancelled():
        task.exception()
