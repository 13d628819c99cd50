"""One access token for all tasks and processes, renewed ahead, changed by force as rarely as the platform wants it."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from bot.channels.wechat.api.answers import new_http
from bot.channels.wechat.api.errors import Busy, NotReached, NotSetUp, TokenRejected
from bot.channels.wechat.api.sync import Wechat
from bot.channels.wechat.api.token_rows import claim_lease, read_token
from bot.channels.wechat.api.tokens import Tokens
from bot.owners import own_name
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.wechat.simulator import running_wechat
from handoff.kinds import Channel
from handoff.models import PlatformToken
from nlu.event_loop import EventLoopThread
from tests.channels.wechat_api import NO_DESK, QUICK, Line, line, settings_of
from tests.environment import HOME

pytestmark = pytest.mark.django_db(transaction=True)
DEAD = f"{socket.gethostname()[:30]}:999999999:1"


@pytest.fixture
def service() -> Iterator[Line]:
    with line() as made:
        yield made


class Hour:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@contextmanager
def _another_process(service: Line, hour: Hour | None = None) -> Iterator[tuple[EventLoopThread, Tokens]]:
    """Tokens with a memory of their own over the same rows, as another process has."""
    loop, http = EventLoopThread("another"), new_http(QUICK)
    try:
        yield loop, Tokens(service.platform.api_base, http, now=hour or timezone.now)
    finally:
        loop.run(http.aclose())
        loop.close()


def _fetched(service: Line) -> int:
    return service.platform.platform.tokens.fetched


def _leased(owner: str, *, for_s: float) -> PlatformToken:
    until = timezone.now() + timedelta(seconds=for_s)
    return PlatformToken.objects.create(channel=Channel.WECHAT, account="main", lease_owner=owner, lease_until=until)


def test_many_senders_at_once_make_one_fetch(service: Line) -> None:
    service.platform.faults.on(Fault(FaultKind.API_SLOW, where="stable_token", seconds=0.2))
    openids = [service.openid(f"职工{number}") for number in range(40)]
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda openid: service.wechat.run(service.api.send_text(openid, "好")), openids))
    assert service.calls("custom/send") == 40
    assert _fetched(service) == 1


def test_another_process_takes_the_token_from_the_row(service: Line) -> None:
    service.wechat.run(service.api.token())
    with _another_process(service) as (loop, tokens):
        word = loop.run(tokens.get(service.platform.account))
    assert word
    assert _fetched(service) == 1


def test_the_token_lies_sealed_in_the_row(service: Line) -> None:
    with _another_process(service) as (loop, tokens):
        word = loop.run(tokens.get(service.platform.account))
    row = PlatformToken.objects.get()
    assert word.encode() not in bytes(row.token_sealed)
    assert row.lease_until is None
    assert row.expires_at is not None
    assert timedelta(minutes=115) < row.expires_at - timezone.now() <= timedelta(hours=2)


def test_it_is_renewed_before_it_ends_and_not_earlier(service: Line) -> None:
    hour = Hour()
    with _another_process(service, hour) as (loop, tokens):
        loop.run(tokens.get(service.platform.account))
        hour.move(minutes=114)
        loop.run(tokens.get(service.platform.account))
        assert _fetched(service) == 1
        hour.move(minutes=2)
        loop.run(tokens.get(service.platform.account))
        assert _fetched(service) == 2


def test_while_the_old_one_lives_a_failed_renewal_stops_nobody(service: Line) -> None:
    hour = Hour()
    with _another_process(service, hour) as (loop, tokens):
        word = loop.run(tokens.get(service.platform.account))
        service.platform.faults.on(Fault(FaultKind.API_DOWN, where="stable_token"))
        hour.move(minutes=116)
        assert loop.run(tokens.get(service.platform.account)) == word
        hour.move(minutes=5)
        with pytest.raises(NotReached):
            loop.run(tokens.get(service.platform.account))


def test_a_token_close_to_its_end_is_still_used(service: Line) -> None:
    """The platform gives the old token out until five minutes before its end, with what is left of its life."""
    service.platform.platform.tokens.life_s = 200
    for number in range(5):
        service.wechat.run(service.api.send_text(service.openid(f"职工{number}"), "好"))
    assert _fetched(service) == 1


def test_the_lease_of_a_dead_process_is_taken_over(service: Line) -> None:
    ends_at = _leased(DEAD, for_s=14).lease_until
    service.wechat.run(service.api.token())
    fetched_at = PlatformToken.objects.get().fetched_at
    assert fetched_at is not None
    assert ends_at is not None
    assert fetched_at < ends_at


def test_the_lease_of_a_living_process_is_waited_for(service: Line) -> None:
    row = _leased(own_name(), for_s=1)
    assert row.lease_until is not None
    service.wechat.run(service.api.token())
    assert timezone.now() >= row.lease_until
    assert _fetched(service) == 1


def test_a_lease_from_a_clock_that_ran_ahead_binds_nobody(service: Line) -> None:
    _leased(own_name(), for_s=86_400)
    service.wechat.run(service.api.token())
    assert _fetched(service) == 1


def test_while_another_process_renews_the_old_token_is_used(service: Line) -> None:
    hour = Hour()
    with _another_process(service, hour) as (loop, tokens):
        word = loop.run(tokens.get(service.platform.account))
        hour.move(minutes=116)
        PlatformToken.objects.update(lease_owner=own_name(), lease_until=hour.now + timedelta(seconds=10))
        assert loop.run(tokens.get(service.platform.account)) == word
    assert _fetched(service) == 1


def test_who_read_the_row_before_another_fetched_may_not_fetch_again(service: Line) -> None:
    """Between reading and claiming, another process may have claimed, fetched and let go."""
    account, now = service.platform.account, timezone.now()
    seen = read_token(account)
    service.wechat.run(service.api.token())
    assert not claim_lease(account, seen, now=now)
    assert claim_lease(account, read_token(account), now=now)


def test_a_failed_fetch_is_told_to_all_who_wait_for_it(service: Line) -> None:
    service.platform.faults.on(Fault(FaultKind.API_DOWN, where="stable_token"))

    def ask(_: int) -> type[Exception] | None:
        try:
            service.wechat.run(service.api.token())
        except NotReached as error:
            return type(error)
        return None

    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(ask, range(20))) == {NotReached}
    assert service.calls("stable_token") == 1
    assert PlatformToken.objects.get().lease_until is None


# Refused tokens


def test_many_senders_with_a_revoked_token_renew_it_once(service: Line) -> None:
    openids = [service.openid(f"职工{number}") for number in range(40)]
    service.wechat.run(service.api.token())
    service.platform.platform.tokens.revoke()
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda openid: service.wechat.run(service.api.send_text(openid, "好")), openids))
    assert _fetched(service) == 2
    assert all(len(service.platform.platform.texts_to(f"职工{number}")) == 1 for number in range(40))


def test_force_is_used_only_where_the_platform_gives_the_refused_token_again(service: Line) -> None:
    service.wechat.run(service.api.token())
    service.platform.platform.tokens.revoke()
    service.wechat.run(service.api.send_text(service.openid(), "一"))
    assert PlatformToken.objects.get().forced_at is None
    service.platform.platform.tokens.revoke(dead=True)
    service.wechat.run(service.api.send_text(service.openid(), "二"))
    assert PlatformToken.objects.get().forced_today == 1
    assert service.platform.platform.texts_to("小李") == ["一", "二"]


def test_force_is_not_used_again_within_thirty_seconds(service: Line) -> None:
    service.wechat.run(service.api.token())
    service.platform.platform.tokens.revoke(dead=True)
    service.wechat.run(service.api.send_text(service.openid(), "一"))
    service.platform.platform.tokens.revoke(dead=True)
    with pytest.raises(Busy) as caught:
        service.wechat.run(service.api.send_text(service.openid(), "二"))
    assert 0 < caught.value.after_s <= 30
    assert PlatformToken.objects.get().forced_today == 1
    assert 45011 not in service.platform.record.codes()


def test_force_waits_longer_when_much_of_the_day_s_is_spent(service: Line) -> None:
    service.wechat.run(service.api.token())
    ago = timezone.now() - timedelta(minutes=2)
    PlatformToken.objects.update(forced_at=ago, forced_today=12)
    service.platform.platform.tokens.revoke(dead=True)
    with pytest.raises(Busy):
        service.wechat.run(service.api.send_text(service.openid(), "好"))
    PlatformToken.objects.update(forced_at=timezone.now() - timedelta(hours=2), forced_today=12)
    with _another_process(service) as (loop, tokens):
        held = loop.run(tokens.get(service.platform.account))
        assert loop.run(tokens.renew(service.platform.account, held)) != held


def test_a_token_that_another_process_has_renewed_is_taken_without_a_fetch(service: Line) -> None:
    with _another_process(service) as (loop, tokens):
        old = loop.run(tokens.get(service.platform.account))
        service.platform.platform.tokens.revoke()
        service.wechat.run(service.api.send_text(service.openid(), "好"))
        before = _fetched(service)
        assert loop.run(tokens.renew(service.platform.account, old)) != old
        assert _fetched(service) == before == 2


def test_a_lasting_40001_spends_no_more_force_than_the_platform_allows(service: Line) -> None:
    service.platform.faults.on(Fault(FaultKind.API_ERROR, where="custom/send", code=40001))
    openid = service.openid()
    for _ in range(5):
        with pytest.raises((TokenRejected, Busy)):
            service.wechat.run(service.api.send_text(openid, "好"))
    assert 45011 not in service.platform.record.codes()
    assert PlatformToken.objects.get().forced_today == 1
    assert _fetched(service) <= 4


def test_a_database_that_cannot_keep_the_token_does_not_lose_it(service: Line) -> None:
    """The row is gone between reading and keeping: this process has its token all the same."""
    with _another_process(service) as (loop, tokens):

        async def ask() -> tuple[str, str]:
            first = asyncio.create_task(tokens.get(service.platform.account))
            return await first, await tokens.get(service.platform.account)

        first, second = loop.run(ask())
        PlatformToken.objects.all().delete()
        assert first == second == loop.run(tokens.get(service.platform.account))


SENDERS = """
import asyncio, sys, django
django.setup()
from django.conf import settings
from bot.channels.wechat.api.sync import Wechat
wechat = Wechat(settings.NIANGJIA.wechat)
api = wechat.api("main")

async def all_at_once():
    await asyncio.gather(*(api.send_text(openid, "您好") for openid in sys.argv[1:]))

print("ready", flush=True)
sys.stdin.readline()
wechat.run(all_at_once())
wechat.close()
"""


def _make_database(path: Path, environment: dict[str, str]) -> None:
    """A copy of the tests' own empty database where it is SQLite: migrating anew takes ten seconds."""
    if connection.vendor != "sqlite":
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=environment, check=True)
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as target:
        connection.connection.backup(target)


def test_a_hundred_sends_in_four_processes_make_one_fetch(tmp_path: Path) -> None:
    with running_wechat(NO_DESK) as platform:
        (tmp_path / "niangjia.toml").write_text(platform.toml(), encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NIANGJIA_")}
        environment = kept | {"NIANGJIA_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "bot.settings"}
        shutil.copytree(HOME / "secrets", tmp_path / "secrets")
        _make_database(tmp_path / "niangjia.sqlite3", environment)
        platform.faults.on(Fault(FaultKind.API_SLOW, where="stable_token", seconds=0.3))
        users = [platform.platform.user(f"职工{number}") for number in range(100)]
        for user in users:
            user.wrote(platform.platform.clock())
        openids = [user.openid for user in users]
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", SENDERS, *openids[first::4]],
                env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for first in range(4)
        ]  # fmt: skip
        assert [process.stdout.readline() for process in processes if process.stdout] == ["ready\n"] * 4
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        assert [process.wait(60) for process in processes] == [0] * 4
        assert platform.platform.tokens.fetched == 1
        assert all(platform.platform.texts_to(user.openid) == ["您好"] for user in users)


def test_the_facade_needs_nothing_but_the_settings(service: Line) -> None:
    wechat = Wechat(settings_of(service.platform), timeout=httpx.Timeout(1))
    wechat.run(wechat.api("main").token())
    assert service.platform.platform.tokens.fetched == 1
    wechat.close()
    wechat.close()


def test_a_token_of_the_app_id_that_had_the_name_before_is_not_used(service: Line) -> None:
    service.wechat.run(service.api.token())
    with line() as another:
        another.wechat.run(another.api.send_text(another.openid(), "好"))
        assert 40001 not in another.platform.record.codes()


def test_trying_out_asks_the_platform_even_with_a_token_in_hand(service: Line) -> None:
    service.wechat.run(service.api.token())
    service.wechat.run(service.api.try_token())
    assert _fetched(service) == 2
    service.platform.platform.allowed_ips = ("10.1.2.3",)
    with pytest.raises(NotSetUp):
        service.wechat.run(service.api.try_token())
    service.wechat.run(service.api.send_text(service.openid(), "好"))
