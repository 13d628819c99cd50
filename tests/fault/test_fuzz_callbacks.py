"""Nonsense at the addresses that chat platforms call: one of a few statuses, no exception, no word of it in the log."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.channel_settings import Mode, TelegramSettings, WechatAccount, WechatSettings
from bot.channels.telegram.edge import TelegramEdge
from bot.channels.telegram.errands import BotErrands
from bot.channels.telegram.pushing import Pushing
from bot.channels.telegram.reading import Incoming, NotAnUpdate, read_body
from bot.channels.telegram.taking import TelegramTaker
from bot.channels.wechat import edge as wechat_edge
from bot.channels.wechat import reading, waiting
from bot.channels.wechat.edge import WechatEdge
from bot.channels.wechat.passive import PassiveReplies
from bot.channels.wechat.reading import Malformed, NotOurs, Query, read_callback, read_echo
from bot.channels.wechat.taking import WechatTaker
from bot.channels.wechat.waiting import OpenReplies
from bot.inbox.queues import Stored
from bot.inbox.taking import Inbox
from bot.inbox.writer import InboxWriter
from bot.simulate.wechat.simulator import new_account
from handoff.first_run import ensure_union
from handoff.kinds import Channel
from handoff.models import Push
from handoff.screening.levels import Level
from handoff.screening.rules import Rules
from tests.fault.nonsense import MARK, Request
from tests.fault.telegram.nonsense import TelegramNonsense
from tests.fault.wechat.nonsense import WechatNonsense
from tests.figures import note_figure

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLE, OF_EACH_MODE, OF_TELEGRAM = 200, 40_000, 80_000
AT_ONCE: Final = 100
SECRET: Final = "a-secret-of-the-webhook"
ALLOWED: Final = {"wechat": {200, 400, 403, 404, 405}, "telegram": {200, 400, 403}}
Application = Callable[
    [Mapping[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]
]


class _Log(logging.Handler):
    """Whatever any part writes, as it would stand in the file."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(self.format(record))


@contextmanager
def _listening() -> Iterator[_Log]:
    log, heard = _Log(), logging.getLogger()
    before = heard.level
    heard.addHandler(log)
    heard.setLevel(logging.INFO)
    try:
        yield log
    finally:
        heard.removeHandler(log)
        heard.setLevel(before)


@dataclass
class Fuzzed:
    """What came of it."""

    statuses: Counter[int] = field(default_factory=Counter)
    taken: int = 0


class Door:
    """An edge over a real inbox. What it stores is taken in or thrown away."""

    def __init__(self, application: Application, writer: InboxWriter, inbox: Inbox, *, allowed: set[int]) -> None:
        self._application, self._writer, self._inbox, self._allowed = application, writer, inbox, allowed

    def fuzz(self, requests: Iterator[Request], count: int, *, take_every: int) -> Fuzzed:
        """So many requests, a hundred at a time; of every so-many-th hundred what was stored is taken in."""
        found = Fuzzed()
        with _listening() as log, asyncio.Runner() as runner:
            for number in range(count // AT_ONCE):
                batch = [next(requests) for _ in range(AT_ONCE)]
                for status in runner.run(self._all(batch)):
                    found.statuses[status] += 1
                if number % take_every == 0:
                    found.taken += self._take_in()
                else:
                    Push.objects.all().delete()
                assert not [line for line in log.lines if MARK in line]
                log.lines.clear()
        self._writer.stop()
        assert set(found.statuses) <= self._allowed, found.statuses
        return found

    def _take_in(self) -> int:
        """Nothing that was let in may be stuck behind the door."""
        for sender in set(Push.objects.values_list("sender_hash", flat=True)):
            self._inbox.run(sender)
        stuck = Push.objects.filter(taken_at__isnull=True)
        assert not stuck.exists(), list(stuck.values_list("platform_key", "attempts"))
        count = Push.objects.count()
        Push.objects.all().delete()
        return count

    async def _all(self, batch: list[Request]) -> list[int]:
        return await asyncio.gather(*(self._status(request) for request in batch))

    async def _status(self, request: Request) -> int:
        sent: list[Mapping[str, Any]] = []
        scope = {
            "type": "http", "method": request.method, "path": request.path, "query_string": request.query,
            "headers": list(request.headers),
        }  # fmt: skip

        async def receive() -> Mapping[str, Any]:
            return {"type": "http.request", "body": request.body}

        async def send(event: Mapping[str, Any]) -> None:
            sent.append(event)

        await self._application(scope, receive, send)
        start, end = sent
        assert (start["type"], end["type"]) == ("http.response.start", "http.response.body"), sent
        return int(start["status"])


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No response is held open: nobody takes in here while it waits."""
    monkeypatch.setattr(waiting, "MANY", 0)
    monkeypatch.setattr(wechat_edge, "ANSWERED_WITHIN_S", 0.1)
    ensure_union("测试总工会")


def _presses() -> Callable[[str], bool]:
    rules = Rules.load()
    return lambda text: rules.screen(text).level is Level.CRISIS


def _wechat_door(account: WechatAccount) -> Door:
    settings, stored = WechatSettings(accounts=(account,)), Stored()
    writer = InboxWriter(when_stored=stored.tell)
    replies = OpenReplies(PassiveReplies(settings, clock=timezone.now).look)
    edge = WechatEdge(settings, writer=writer, replies=replies, presses=_presses(), clock=timezone.now)
    inbox = Inbox({Channel.WECHAT: WechatTaker(settings, screen=Rules.load().screen)}, clock=timezone.now)
    return Door(edge, writer, inbox, allowed=ALLOWED["wechat"])


def _telegram_door() -> Door:
    settings = TelegramSettings(enabled=True, token="1:a", secret=SECRET, api_base="http://127.0.0.1:9")
    writer = InboxWriter(when_stored=lambda push: None)
    edge = TelegramEdge(settings, Pushing(settings, writer=writer, presses=_presses(), clock=timezone.now))
    taker = TelegramTaker(settings, screen=Rules.load().screen, errands=_NoErrands())
    return Door(edge, writer, Inbox({Channel.TELEGRAM: taker}, clock=timezone.now), allowed=ALLOWED["telegram"])


class _NoErrands(BotErrands):
    """Nobody is at the other end."""

    def __init__(self) -> None:
        super().__init__(self)

    def errand(self, work: Any) -> None:
        """Nothing."""


def _wechat_requests(account: WechatAccount, seed: int) -> Iterator[Request]:
    nonsense = WechatNonsense(seed, account)
    while True:
        yield nonsense.request()


def _telegram_requests(seed: int) -> Iterator[Request]:
    nonsense = TelegramNonsense(seed)
    while True:
        yield nonsense.request(SECRET)


MODES = pytest.mark.parametrize("mode", list(Mode))


@MODES
def test_wechats_address_answers_nonsense_with_one_of_a_few_statuses(mode: Mode, at_once: None) -> None:
    account = new_account(mode=mode)
    found = _wechat_door(account).fuzz(_wechat_requests(account, 1), SAMPLE, take_every=1)
    assert {200, 400, 403} <= set(found.statuses)
    assert found.taken > SAMPLE // 20


def test_telegrams_address_answers_nonsense_with_one_of_a_few_statuses(at_once: None) -> None:
    found = _telegram_door().fuzz(_telegram_requests(1), SAMPLE, take_every=1)
    assert set(found.statuses) == {200, 400, 403}
    assert found.taken > SAMPLE // 20


@MODES
@pytest.mark.prove
def test_wechats_address_answers_very_much_nonsense(mode: Mode, at_once: None) -> None:
    account = new_account(mode=mode)
    found = _wechat_door(account).fuzz(_wechat_requests(account, 2), OF_EACH_MODE, take_every=40)
    note_figure(
        f"fuzz: wechat {mode}", {"inputs": OF_EACH_MODE, "statuses": dict(found.statuses), "taken_in": found.taken}
    )


@pytest.mark.prove
def test_telegrams_address_answers_very_much_nonsense(at_once: None) -> None:
    found = _telegram_door().fuzz(_telegram_requests(2), OF_TELEGRAM, take_every=40)
    note_figure("fuzz: telegram", {"inputs": OF_TELEGRAM, "statuses": dict(found.statuses), "taken_in": found.taken})


@MODES
def test_the_reader_knows_two_ways_of_saying_no(mode: Mode) -> None:
    _read_wechat(new_account(mode=mode), 3, SAMPLE)


@MODES
@pytest.mark.prove
def test_the_reader_knows_two_ways_of_saying_no_to_very_much(mode: Mode) -> None:
    account = new_account(mode=mode)
    note_figure(f"fuzz: wechat reader {mode}, slowest ms", round(_read_wechat(account, 4, OF_EACH_MODE // 2) * 1000, 1))


@pytest.mark.prove
def test_telegrams_reader_knows_one_way_of_saying_no_to_very_much() -> None:
    requests, slowest_s = _telegram_requests(5), 0.0
    for _ in range(OF_TELEGRAM):
        body = next(requests).body
        began = time.perf_counter()
        try:
            incoming = read_body(body)
            assert Incoming.of(incoming.payload()) == incoming
        except NotAnUpdate:
            pass
        slowest_s = max(slowest_s, time.perf_counter() - began)
    note_figure("fuzz: telegram reader, slowest ms", round(slowest_s * 1000, 1))


def _read_wechat(account: WechatAccount, seed: int, count: int) -> float:
    """The slowest of them, in seconds."""
    requests, slowest_s = _wechat_requests(account, seed), 0.0
    for _ in range(count):
        request = next(requests)
        query = wechat_edge._query({"query_string": request.query})
        began = time.perf_counter()
        for read in (lambda: read_callback(request.body, query, account), lambda: read_echo(query, account)):  # noqa: B023
            with suppress(NotOurs, Malformed):
                read()
        slowest_s = max(slowest_s, time.perf_counter() - began)
    return slowest_s


_NOTHING = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
_QUERIES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("signature", "timestamp", "nonce", "msg_signature", "echostr"), st.text(max_size=140))
)


@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=_NOTHING, derandomize=True)
@given(
    st.binary(max_size=400) | st.text(max_size=200).map(lambda text: f"<xml>{text}</xml>".encode("utf-8", "replace")),
    _QUERIES,
)
def test_whatever_comes_unsigned_is_refused(body: bytes, query: dict[str, str]) -> None:
    for mode in Mode:
        account = _ACCOUNTS[mode]
        with pytest.raises((NotOurs, Malformed)):
            read_callback(body, Query.of(query), account)


@pytest.mark.parametrize("mode", [Mode.SAFE, Mode.COMPATIBLE])
def test_what_nobody_has_signed_is_never_parsed(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_parsed", lambda body: pytest.fail("parsed"))
    body = b"<xml>" + b"<a>" * 100_000 + b"<Encrypt>QUFB</Encrypt>"
    query = Query(timestamp="1700000000", nonce="1", msg_signature="0" * 40)
    with pytest.raises(NotOurs):
        read_callback(body, query, _ACCOUNTS[mode])


_ACCOUNTS: Final = {mode: new_account(mode=mode) for mode in Mode}
