"""Limits at the door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.limits import Allowance, BodyLimit, network_of

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WORDS = "太大了"


class Reader:
    """An application that reads the whole body, as Django does, and answers 200 unless it breaks off."""

    def __init__(self) -> None:
        self.calls = 0
        self.taken = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.calls += 1
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                return
            self.taken += len(event.get("body", b""))
            if not event.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})


def _ask(
    reader: Reader, chunks: Iterable[bytes], *, declared: str | None = None, path: str = "/"
) -> tuple[int, bytes, int]:
    """Status, body, and how many chunks were left unread."""
    left = list(chunks)
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(event: Any) -> None:
        sent.append(event)

    headers = [(b"content-length", declared.encode())] if declared is not None else []
    limited = BodyLimit(reader, most=100, words=WORDS, wider={"/files": 200})
    asyncio.run(limited({"type": "http", "path": path, "headers": headers}, receive, send))
    return sent[0]["status"], b"".join(event.get("body", b"") for event in sent), len(left)


def test_one_address_takes_more_than_the_others() -> None:
    assert _ask(Reader(), [b"x" * 200], declared="200", path="/files")[0] == 200
    assert _ask(Reader(), [b"x" * 201], declared="201", path="/files")[0] == 413
    assert _ask(Reader(), [b"x" * 201], path="/files")[0] == 413
    assert _ask(Reader(), [b"x" * 200], declared="200", path="/files/x")[0] == 413


def test_a_body_within_the_limit_passes() -> None:
    reader = Reader()
    assert _ask(reader, [b"x" * 100], declared="100") == (200, b"ok", 0)
    assert reader.taken == 100


def test_a_body_that_says_to_be_too_large_is_not_read_at_all() -> None:
    reader = Reader()
    status, body, left = _ask(reader, [b"x" * 60, b"x" * 60], declared="101")
    assert (status, left, reader.calls) == (413, 2, 0)
    assert json.loads(body) == {"code": "too_large", "words": WORDS}


@pytest.mark.parametrize("declared", [None, "10", "-1", "many"])
def test_a_body_that_does_not_say_its_size_is_stopped_where_it_grows_too_large(declared: str | None) -> None:
    reader = Reader()
    status, body, left = _ask(reader, [b"x" * 60] * 10, declared=declared)
    assert (status, left) == (413, 8)
    assert json.loads(body)["words"] == WORDS
    assert reader.taken == 60


def test_the_served_application_is_limited() -> None:
    from bot.asgi import application

    assert isinstance(application._guarded, BodyLimit)


def test_an_address_may_begin_so_often_and_again_later() -> None:
    allowance = Allowance(most=2, within=timedelta(minutes=10))
    taken = [allowance.take("a", now=NOON + timedelta(minutes=minute)) for minute in (0, 1, 2, 9)]
    assert taken == [True, True, False, False]
    assert allowance.take("b", now=NOON)
    assert allowance.take("a", now=NOON + timedelta(minutes=10))
    assert not allowance.take("a", now=NOON + timedelta(minutes=10))


def test_only_the_youngest_addresses_are_remembered() -> None:
    allowance = Allowance(most=1, within=timedelta(minutes=10), keys=3)
    for key in "abcd":
        assert allowance.take(key, now=NOON)
    assert len(allowance) == 3
    assert not allowance.take("d", now=NOON)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("127.0.0.1", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("", None),
        ("unix:", None),
    ],
)
def test_an_address_counts_by_its_network(address: str, network: str | None) -> None:
    assert network_of(address) == network
