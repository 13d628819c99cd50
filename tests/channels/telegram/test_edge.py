"""The address that Telegram calls: who may, what is stored, what is answered."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from bot.channels.telegram.edge import TelegramEdge
from bot.channels.telegram.reading import Incoming, Kind, NotAnUpdate, read_body, read_update
from handoff.models import Message, Push
from tests.channels.telegram.house import CHAT, SECRET, House, message_of, said, telegram_settings, update_of


def test_an_update_is_stored_before_it_is_acknowledged(house: House) -> None:
    assert house.posts(said("老板不发工资")) == 200
    push = Push.objects.get()
    assert (push.channel, push.taken_at, push.platform_key.split(":")[0]) == ("telegram", None, "telegram")


def test_the_stored_update_is_sealed_and_without_the_persons_name(house: House) -> None:
    house.posts(said("老板不发工资"))
    push = Push.objects.get()
    sealed = bytes(push.payload_sealed)
    assert "老板".encode() not in sealed
    assert str(CHAT) not in push.sender_hash + push.platform_key
    assert "xiaoli" not in json.dumps(read_update(said("你好")).payload(), ensure_ascii=False)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper()])
def test_without_the_secret_nothing_is_read(house: House, secret: str | None) -> None:
    assert house.posts(said("你好"), secret=secret) == 403
    assert house.posts(None, secret=secret, raw=b"\xff" * 2_000_000) == 403
    assert not Push.objects.exists()


def test_where_no_secret_is_set_nobody_knows_it(house: House) -> None:
    house.edge = TelegramEdge(telegram_settings(secret="", mode="polling"), house.channel._pushing(house.writer, bool))
    assert house.posts(said("你好"), secret="") == 403
    assert house.posts(said("你好"), secret=None) == 403


def test_a_secret_that_is_no_ascii_is_refused_like_any_other(house: House) -> None:
    assert house.posts(said("你好"), secret="é" * 20) == 403


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe", b"{}", b'{"update_id": "7"}', b'{"update_id": true}',
        b'{"update_id": -1}', b'{"update_id": 1e400}', b'{"update_id": 99999999999999999999999}', b"[" * 100_000,
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_update_gets_400_and_is_not_stored(house: House, raw: bytes) -> None:
    assert house.posts(None, raw=raw) == 400
    assert not Push.objects.exists()


def test_more_than_a_megabyte_is_refused_however_it_is_declared(house: House) -> None:
    large = json.dumps(said("x" * 1_100_000)).encode()
    assert house.posts(None, raw=large) == 400
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        parts = iter([{"type": "http.request", "body": b"x" * 600_000, "more_body": True}] * 3)

        async def receive() -> Any:
            return next(parts)

        async def send(event: Any) -> None:
            sent.append(event)

        headers = [(b"x-telegram-bot-api-secret-token", SECRET.encode())]
        await house.edge({"type": "http", "method": "POST", "headers": headers}, receive, send)

    asyncio.run(run())
    assert sent[0]["status"] == 400


def test_only_posts_are_updates(house: House) -> None:
    assert house.posts(said("你好"), method="GET") == 400
    assert house.posts(said("你好"), method="GET", secret=None) == 403


def test_refusals_leave_one_line_without_content(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="niangjia.telegram")
    house.posts(said("我叫王小明"), secret="wrong-secret")
    house.posts(None, raw="{王小明".encode())
    lines = [record.getMessage() for record in caplog.records if record.name == "niangjia.telegram"]
    assert len(lines) == 2
    assert not any("王" in line or "wrong" in line or SECRET in line for line in lines)


def test_a_repeated_update_becomes_one_message(house: House) -> None:
    update = said("工资怎么算")
    for _ in range(3):
        assert house.posts(update) == 200
    house.takes()
    assert house.posts(update) == 200
    house.takes()
    assert (Push.objects.count(), Message.objects.filter(kind="worker").count()) == (1, 1)


def test_an_update_that_comes_twice_at_once_becomes_one_message(house: House) -> None:
    update = said("工资怎么算")
    assert house.posts_all([update] * 8) == [200] * 8
    house.takes()
    assert (Push.objects.count(), Message.objects.filter(kind="worker").count()) == (1, 1)


def test_the_same_number_of_another_bot_is_another_update(house: House) -> None:
    update = said("工资怎么算")
    house.posts(update)
    other = telegram_settings(token="111:another-bot")
    pushing = house.channel._pushing(house.writer, bool)
    house.edge = TelegramEdge(other, type(pushing)(other, writer=house.writer, presses=bool, clock=house.clock))
    house.posts(update)
    assert Push.objects.count() == 2


def test_when_it_cannot_be_stored_telegram_is_to_send_it_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def locked(push: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(house.writer, "store", locked)
    assert house.posts(said("你好")) == 503


def test_whoever_is_in_danger_is_taken_in_first(house: House) -> None:
    house.posts(said("年假有几天", 1))
    house.posts(said("我不想活了，想跳楼", 2))
    assert list(Push.objects.order_by("pk").values_list("pressing", flat=True)) == [False, True]


def test_groups_and_unknown_kinds_are_acknowledged_and_not_kept(house: House) -> None:
    group = message_of(text="大家好") | {"chat": {"id": -100, "type": "supergroup", "title": "一车间"}}
    for update in (
        update_of("message", group),
        update_of("poll", {"id": "1"}),
        update_of("inline_query", {"id": "1", "query": "x"}),
        {"update_id": 3},
    ):
        assert house.posts(update) == 200
    assert not Push.objects.exists()
    assert house.edge._pushing.passed_over == {Kind.GROUP: 1, Kind.OTHER: 3}


_NAMES = (
    "message_id", "chat", "from", "text", "caption", "photo", "voice", "document", "location", "venue", "contact",
    "sticker", "id", "type", "file_id", "file_size", "file_name", "width", "height", "data", "message", "status",
    "new_chat_member", "latitude", "longitude", "phone_number", "first_name", "title", "emoji", "file_unique_id",
    "message", "edited_message", "callback_query", "my_chat_member", "poll", "update_id",
)  # fmt: skip
_ODD = (None, True, -1, 0, 2**70, 1.5, float("nan"), "", "private", "文件", "\ud800", "a\0b", [], [[]], {}, [None, {}])


def _odd(rng: random.Random, depth: int = 0) -> Any:
    """Something that has names as Telegram's objects have, and values as they have not."""
    if depth > 4 or rng.random() < 0.3:
        return rng.choice(_ODD)
    if rng.random() < 0.15:
        return [_odd(rng, depth + 1) for _ in range(rng.randrange(3))]
    return {rng.choice(_NAMES): _odd(rng, depth + 1) for _ in range(rng.randrange(6))}


def _altered(value: Any, rng: random.Random) -> Any:
    """A true update with something odd in one place or another."""
    if rng.random() < 0.06:
        return _odd(rng, 3)
    if isinstance(value, dict):
        kept = {name: _altered(inner, rng) for name, inner in value.items() if rng.random() > 0.04}
        return kept | ({rng.choice(_NAMES): _odd(rng, 3)} if rng.random() < 0.2 else {})
    if isinstance(value, list):
        return [_altered(inner, rng) for inner in value]
    return value


def _true_updates() -> list[dict[str, Any]]:
    file = {
        "file_id": "F",
        "file_unique_id": "U",
        "file_size": 10,
        "file_name": "a.pdf",
        "mime_type": "application/pdf",
    }
    contents: list[dict[str, Any]] = [
        {"text": "你好"},
        {"photo": [{**file, "width": 9, "height": 9}], "caption": "x"},
        {"voice": file},
        {"document": file},
        {"location": {"latitude": 31.2, "longitude": 120.6}},
        {"venue": {"location": {}, "title": "工会", "address": "人民路"}},
        {"contact": {"phone_number": "+8613800138000", "first_name": "李"}},
        {"sticker": {**file, "emoji": "😭"}},
    ]
    person = {"id": CHAT, "is_bot": False, "first_name": "小李"}
    query = {"id": "9", "from": person, "message": message_of(), "data": "n1b0"}
    member = {"chat": {"id": CHAT, "type": "private"}, "new_chat_member": {"status": "kicked"}}
    return [
        *(update_of("message", message_of(**content)) for content in contents),
        *(update_of("edited_message", message_of(**content)) for content in contents),
        update_of("callback_query", query),
        update_of("my_chat_member", member),
    ]


def _read_odd_ones(count: int, *, seed: int) -> int:
    """How many of so many odd updates were read as something to be kept."""
    rng, kept = random.Random(seed), 0
    true = _true_updates()
    for _ in range(count):
        update = _altered(rng.choice(true), rng) if rng.random() < 0.7 else _odd(rng)
        try:
            incoming = read_body(json.dumps(update).encode())
        except NotAnUpdate:
            continue
        stored = json.dumps(incoming.payload(), ensure_ascii=False).encode()
        assert Incoming.of(json.loads(stored)) == incoming
        kept += incoming.kind.is_kept
    return kept


@given(st.binary(max_size=200))
@limits(max_examples=300, deadline=None)
def test_any_bytes_are_an_update_or_none(body: bytes) -> None:
    with suppress(NotAnUpdate):
        assert isinstance(read_body(body), Incoming)


def test_odd_updates_are_read_and_can_be_stored_and_read_back() -> None:
    assert _read_odd_ones(3_000, seed=7) > 300


@pytest.mark.prove
def test_two_hundred_thousand_odd_updates_let_no_exception_out() -> None:
    assert _read_odd_ones(200_000, seed=8) > 20_000


@pytest.mark.parametrize("seed", range(3))
def test_whatever_a_person_sends_is_taken_in(house: House, seed: int) -> None:
    rng, true = random.Random(seed), _true_updates()
    odd = [_altered(rng.choice(true), rng) for _ in range(60)]
    updates = [update | {"update_id": number} for number, update in enumerate(odd) if isinstance(update, dict)]
    assert {house.posts(update) for update in updates} == {200}
    house.takes()
    assert Push.objects.count() > 20
    assert not Push.objects.filter(taken_at=None).exists()
