"""The gate before storing."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.gate import Rush, StoringGate
from handoff.screening.levels import Level
from tests.desk import TestDesk

ADDRESS = "/chat/messages"


class Storing:
    """An application that holds every request until it is told to go on."""

    def __init__(self) -> None:
        self.entered: list[str] = []
        self._held: list[asyncio.Event] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Read the body, wait."""
        body = (await receive()).get("body", b"")
        self.entered.append(json.loads(body)["text"] if body else "")
        held = asyncio.Event()
        self._held.append(held)
        await held.wait()

    async def let_go(self, number: int) -> None:
        """End one request and let the others move."""
        self._held[number].set()
        await _settle()


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def _post(gate: StoringGate, text: str, *, path: str = ADDRESS) -> asyncio.Task[None]:
    body = json.dumps({"text": text}).encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Any) -> None:
        return None

    return asyncio.ensure_future(gate({"type": "http", "path": path, "method": "POST"}, receive, send))


async def _rush(*texts: str, at_once: int = 1) -> tuple[Storing, StoringGate, list[asyncio.Task[None]]]:
    storing = Storing()
    gate = StoringGate(storing, address=ADDRESS, presses=lambda text: "danger" in text, rush=Rush(), at_once=at_once)
    tasks = []
    for text in texts:
        tasks.append(_post(gate, text))
        await _settle()
    return storing, gate, tasks


def test_whoever_is_in_danger_overtakes_all_who_wait() -> None:
    async def run() -> None:
        storing, gate, _ = await _rush("one", "two", "three", "danger", "another danger")
        assert (storing.entered, gate.waiting) == (["one"], 4)
        for number in range(4):
            await storing.let_go(number)
        assert storing.entered == ["one", "danger", "another danger", "two", "three"]

    asyncio.run(run())


def test_as_many_as_are_allowed_are_stored_at_once_and_none_is_refused() -> None:
    async def run() -> None:
        storing, gate, tasks = await _rush(*"abcdef", at_once=2)
        assert len(storing.entered) == 2
        for number in range(6):
            await storing.let_go(number)
        assert all(task.done() for task in tasks)
        assert (storing.entered, gate.waiting) == (list("abcdef"), 0)

    asyncio.run(run())


def test_one_who_goes_away_while_waiting_keeps_nobody_from_coming_in() -> None:
    async def run() -> None:
        storing, gate, tasks = await _rush("one", "two", "three")
        tasks[1].cancel()
        await _settle()
        await storing.let_go(0)
        assert storing.entered == ["one", "three"]
        await storing.let_go(1)
        _post(gate, "four")
        await _settle()
        assert storing.entered[-1] == "four"

    asyncio.run(run())


def test_other_addresses_pass_by() -> None:
    async def run() -> None:
        storing, gate, _ = await _rush("one")
        _post(gate, "page", path="/console/")
        await _settle()
        assert storing.entered == ["one", "page"]

    asyncio.run(run())


def test_a_body_that_is_no_json_is_looked_at_as_it_is() -> None:
    from bot.gate import _text_of

    assert "danger" in _text_of([{"type": "http.request", "body": b'{"text": "danger'}])
    assert _text_of([{"type": "http.request", "body": b"[1]"}]) == ""
    assert _text_of([{"type": "http.disconnect"}]) == ""


def test_a_text_that_cannot_be_looked_at_stands_in_line_and_is_stored() -> None:
    async def run() -> None:
        storing, gate, _ = await _rush("one")
        gate._presses = lambda text: 1 / 0  # type: ignore[assignment, return-value]
        _post(gate, "two")
        await _settle()
        await storing.let_go(0)
        assert storing.entered == ["one", "two"]

    asyncio.run(run())


def test_the_gate_asks_the_database_nothing(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)
    desk.desk.rules._looked_at = None

    async def look() -> Level:
        return desk.desk.rules.last_known().screen("我不想活了").level

    assert asyncio.run(look()) is Level.CRISIS
