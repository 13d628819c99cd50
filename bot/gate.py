"""The gate before storing: a few messages at a time, and in a rush whoever is in danger goes first.

Storing one takes some milliseconds of a single interpreter. When more come in than that allows, they wait here in the
order in which they came, none is refused; a text that the screening rules take for a crisis overtakes all others.
"""

from __future__ import annotations

import asyncio
import heapq
import json
import logging
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

from bot.limits import Application, Event, Receive, Send

log = logging.getLogger("niangjia.gate")

AT_ONCE = 3
STAND_BACK_S = 5.0
# So little of a message decides whether it overtakes; storing screens all of it.
_LOOKED_AT_BYTES = 20_000


class Rush:
    """Whether messages stand in line to be stored: then the threads that answer stand back."""

    def __init__(self) -> None:
        self._calm = threading.Event()
        self._calm.set()

    def note(self, waiting: int) -> None:
        """How many stand in line now."""
        if waiting:
            self._calm.clear()
        else:
            self._calm.set()

    def stand_back(self, *, at_most_s: float = STAND_BACK_S) -> None:
        """Return when nobody stands in line any more; after a while all the same: answers are late, never stopped."""
        self._calm.wait(at_most_s)


class StoringGate:
    """An ASGI application. `presses` tells from a text whether it overtakes; it is asked only while others wait."""

    def __init__(
        self,
        application: Application,
        *,
        address: str,
        presses: Callable[[str], bool],
        rush: Rush,
        at_once: int = AT_ONCE,
    ) -> None:
        self._application, self._address, self._presses, self._rush = application, address, presses, rush
        self._free = at_once
        self._line: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = count()

    @property
    def waiting(self) -> int:
        """How many stand in line. Other threads may look at it."""
        return len(self._line)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request, later if need be."""
        if scope["type"] != "http" or scope.get("path") != self._address or scope.get("method") != "POST":
            await self._application(scope, receive, send)
            return
        events = await _whole_body(receive)
        await self._enter(events)
        try:
            await self._application(scope, _replay(events, receive), send)
        finally:
            self._leave()

    async def _enter(self, events: list[Event]) -> None:
        if self._free > 0:
            self._free -= 1
            return
        place = 0 if self._overtakes(events) else 1
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._line, (place, next(self._numbers), turn))
        self._rush.note(self.waiting)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # it was just being let in
            raise

    def _overtakes(self, events: list[Event]) -> bool:
        """A text that cannot be looked at stands in line like all others: nobody is turned away here."""
        try:
            return self._presses(_text_of(events))
        except Exception as error:
            log.error("the gate could not look at a text: %s", type(error).__name__)
            return False

    def _leave(self) -> None:
        while self._line:
            _, _, turn = heapq.heappop(self._line)
            self._rush.note(self.waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


async def _whole_body(receive: Receive) -> list[Event]:
    events = [await receive()]
    while events[-1]["type"] == "http.request" and events[-1].get("more_body"):
        events.append(await receive())
    return events


def _replay(events: list[Event], receive: Receive) -> Receive:
    rest = iter(events)

    async def receive_again() -> Event:
        return next(rest, None) or await receive()

    return receive_again


def _text_of(events: list[Event]) -> str:
    """The text of a posted message; empty when there is none to be read. The endpoint says what is wrong with it."""
    body = b"".join(event.get("body", b"") for event in events)[:_LOOKED_AT_BYTES]
    try:
        posted = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "ignore")  # cut off, or no JSON: look at what is there
    text = posted.get("text") if isinstance(posted, dict) else None
    return text if isinstance(text, str) else ""
