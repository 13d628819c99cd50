"""Fetching updates, against the simulator."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError

from bot.channels.telegram import polling
from bot.channels.telegram.lease import HELD_FOR, give_lease_back, take_lease
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.pushing import Pushing
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.telegram.simulator import RunningTelegram
from handoff.models import PlatformToken, Push
from tests.channels.telegram.house import House


@contextmanager
def polling_of(house: House) -> Iterator[Poller]:
    poller = house.poller(waits_s=2)
    poller.start()
    try:
        yield poller
    finally:
        poller.stop()


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "_FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr(polling, "_LONGEST_PAUSE_S", 0.2)
    monkeypatch.setattr(polling, "_LEASE_AGAIN_S", 0.1)


def until(holds: Callable[[], bool], *, within_s: float = 20.0) -> None:
    """Wait for a condition."""
    ends = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.02)


def test_what_people_write_is_fetched_stored_and_confirmed(live_house: House, platform: RunningTelegram) -> None:
    with polling_of(live_house):
        for text in ("一", "二", "三"):
            assert platform.say("小李", text).arrived
        assert platform.say("小王", "四").arrived
    assert Push.objects.count() == 4
    live_house.takes()


def test_what_came_while_the_desk_was_down_is_not_lost(live_house: House, platform: RunningTelegram) -> None:
    """A webhook of before is taken away without the updates that wait for it."""
    platform.set_webhook("http://127.0.0.1:9/telegram", "x")
    waiting = [platform.start_saying("小李", text) for text in ("一", "二")]
    with polling_of(live_house):
        assert all(push.result(20).arrived for push in waiting)
    assert Push.objects.count() == 2
    assert platform.platform.webhook.url == ""


def test_nothing_is_confirmed_before_it_is_stored(
    live_house: House, platform: RunningTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = [3]
    store_all = Pushing.store_all

    async def sometimes(self: Pushing, batch: object) -> None:
        if batch and failing[0]:
            failing[0] -= 1
            raise OperationalError("disk full")
        await store_all(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Pushing, "store_all", sometimes)
    waiting = platform.start_saying("小李", "一")
    with polling_of(live_house):
        assert waiting.result(20).arrived
    assert failing == [0]
    assert Push.objects.count() == 1


def test_a_new_process_gets_everything_again_and_stores_it_once(live_house: House, platform: RunningTelegram) -> None:
    platform.set_webhook("")
    platform.start_saying("小李", "一")
    until(lambda: bool(platform.platform.queue))
    assert live_house.posts(platform.platform.queue[0].body) == 200  # stored, and the process died before it confirmed
    with polling_of(live_house):
        until(lambda: not platform.platform.queue)
    assert Push.objects.count() == 1


def test_faults_of_the_platform_pass(live_house: House, platform: RunningTelegram) -> None:
    for fault in (
        Fault(FaultKind.API_5XX, where="getUpdates", times=2),
        Fault(FaultKind.API_ERROR, where="getUpdates", code=429, seconds=1, times=1),
        Fault(FaultKind.API_RESET_LOST, where="getUpdates", times=2),
        Fault(FaultKind.API_ERROR, where="getUpdates", code=409, times=1),
        Fault(FaultKind.API_ERROR, where="deleteWebhook", code=500, times=1),
    ):
        platform.faults.on(fault)
    with polling_of(live_house):
        assert platform.say("小李", "一").arrived
    assert Push.objects.count() == 1


def test_when_somebody_sets_a_webhook_meanwhile_fetching_goes_on(live_house: House, platform: RunningTelegram) -> None:
    with polling_of(live_house):
        assert platform.say("小李", "一").arrived
        platform.set_webhook("http://127.0.0.1:9/telegram", "x")
        assert platform.say("小李", "二").arrived
    assert Push.objects.count() == 2


def test_one_process_fetches_at_a_time(live_house: House) -> None:
    now = live_house.clock()
    assert take_lease(now=now)
    assert take_lease(now=now), "its own lease is renewed"
    PlatformToken.objects.update(lease_owner="elsewhere:1:1")
    assert not take_lease(now=now)
    assert not take_lease(now=now + HELD_FOR - timedelta(seconds=1))
    assert take_lease(now=now + HELD_FOR), "its owner has gone"
    PlatformToken.objects.update(lease_owner="elsewhere:1:1", lease_until=now + 10 * HELD_FOR)
    assert take_lease(now=now), "the clock was set back"
    give_lease_back()
    assert PlatformToken.objects.get().lease_until is None


def test_without_the_lease_nothing_is_asked(live_house: House, platform: RunningTelegram) -> None:
    take_lease(now=live_house.clock())
    PlatformToken.objects.update(lease_owner="elsewhere:1:1")
    platform.start_saying("小李", "一")
    with polling_of(live_house):
        time.sleep(0.5)
        assert platform.record.calls_of("getUpdates") == []
        PlatformToken.objects.update(lease_until=None)
        until(lambda: Push.objects.exists())


def test_the_order_of_one_person_is_kept(live_house: House, platform: RunningTelegram) -> None:
    platform.set_webhook("")
    texts = [f"第{number}句" for number in range(30)]
    for text in texts:
        platform.start_saying("小李", text)
    with polling_of(live_house):
        until(lambda: Push.objects.count() == 30)
    live_house.takes()
    from handoff.models import Conversation
    from tests.channels.telegram.house import worker_lines

    assert worker_lines(Conversation.objects.select_related("contact").get()) == texts


def test_stopping_does_not_wait_for_the_platform(live_house: House, platform: RunningTelegram) -> None:
    poller = live_house.poller(waits_s=50)
    poller.start()
    until(lambda: bool(PlatformToken.objects.filter(lease_until__isnull=False)))
    began = time.monotonic()
    poller.stop()
    assert time.monotonic() - began < 10
    assert poller._thread is not None
    assert not poller._thread.is_alive()
    assert asyncio  # nothing of its loop is left
