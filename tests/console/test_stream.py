"""The event stream of an open page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import AsyncClient, Client
from django.utils import timezone

from handoff.console.rows import present_cadres
from handoff.console.stand import talk_fingerprint
from handoff.console.stream import OpenPage, Pace, events
from handoff.desk import acknowledge
from handoff.duty import set_on_duty
from handoff.flags import set_flags
from handoff.kinds import CadreRole, Flag
from handoff.models import Cadre, Conversation
from handoff.screening.levels import Level
from handoff.together import write_note
from handoff.viewing import mark_viewing, viewers
from handoff.wakeups import Topic, bulletin
from tests.console.conftest import WORDS, Desk

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
SOON_S = 2.0
USUAL = Pace()


@pytest.fixture
def page(wang: Cadre, as_wang: Client) -> OpenPage:
    return OpenPage(wang, as_wang.session.session_key or "", 0)


def run(story: Callable[[AsyncIterator[str]], Awaitable[T]], page: OpenPage, pace: Pace = USUAL) -> T:
    """Play a story with the stream of a page, and close it."""

    async def play() -> T:
        stream = events(page, clock=timezone.now, pace=pace)
        try:
            assert await anext(stream) == "retry: 2000\n\n"
            return await story(stream)
        finally:
            await stream.aclose()

    return asyncio.run(play())


async def next_event(stream: AsyncIterator[str], within_s: float = SOON_S) -> tuple[str, dict[str, str]]:
    text = await asyncio.wait_for(anext(stream), within_s)
    name, data = text.strip().split("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_an_alarm_of_this_process_reaches_the_page_within_two_seconds(desk: Desk, page: OpenPage) -> None:
    async def story(stream: AsyncIterator[str]) -> None:
        name, before = await next_event(stream)
        assert name == "state"
        await sync_to_async(desk.crisis)()
        _, after = await next_event(stream)
        assert after["alarms"] != before["alarms"]
        assert after["queue"] != before["queue"]

    run(story, page, Pace(look_s=30.0))


def test_an_alarm_of_another_process_reaches_the_page_within_two_seconds(desk: Desk, page: OpenPage) -> None:
    talk = desk.talk()

    def written_elsewhere() -> None:  # no news on this process's bulletin
        Conversation.objects.filter(pk=talk.pk).update(
            level=Level.CRISIS.value, waiting_since=timezone.now(), alarmed_at=timezone.now()
        )

    async def story(stream: AsyncIterator[str]) -> None:
        _, before = await next_event(stream)
        await sync_to_async(written_elsewhere)()
        _, after = await next_event(stream)
        assert after["alarms"] != before["alarms"]

    run(story, page)


def test_an_acknowledged_alarm_is_news_too(desk: Desk, page: OpenPage, li: Cadre) -> None:
    quiet = page.look(now=timezone.now())["alarms"]
    talk = desk.crisis()

    async def story(stream: AsyncIterator[str]) -> str:
        await next_event(stream)
        await sync_to_async(acknowledge)(talk.pk, li, now=timezone.now())
        return (await next_event(stream))[1]["alarms"]

    assert run(story, page) == quiet


def test_a_page_of_a_talk_hears_of_new_words_and_no_words_are_sent(desk: Desk, page: OpenPage, wang: Cadre) -> None:
    talk = desk.waiting()
    here = OpenPage(wang, page.session_key, talk.pk)

    async def story(stream: AsyncIterator[str]) -> list[dict[str, str]]:
        _, before = await next_event(stream)
        await sync_to_async(desk.hears)(talk, WORDS)
        _, after = await next_event(stream)
        return [before, after]

    before, after = run(story, here)
    assert before["talk"] != after["talk"]
    assert before["queue"] == after["queue"]
    assert WORDS not in json.dumps([before, after], ensure_ascii=False)


def test_while_nothing_changes_only_signs_of_life_are_sent(page: OpenPage) -> None:
    async def story(stream: AsyncIterator[str]) -> list[str]:
        return [(await next_event(stream))[0] for _ in range(3)]

    assert run(story, page, Pace(look_s=0.03, rest_s=0.01, alive_s=0.05)) == ["state", "alive", "alive"]


def test_an_open_page_makes_its_cadre_present(desk: Desk, page: OpenPage, wang: Cadre) -> None:
    set_on_duty(wang, True, now=timezone.now())
    Cadre.objects.filter(pk=wang.pk).update(seen_at=timezone.now() - timedelta(hours=1))
    assert not present_cadres(desk.union.pk, now=timezone.now())
    run(next_event, page)
    assert present_cadres(desk.union.pk, now=timezone.now())


@pytest.mark.parametrize("end", ["signed out", "made operator", "stopped"])
def test_the_stream_ends_with_the_right_to_read(page: OpenPage, wang: Cadre, end: str) -> None:
    def take_away() -> None:
        if end == "signed out":
            Session.objects.all().delete()
        elif end == "made operator":
            Cadre.objects.filter(pk=wang.pk).update(role=CadreRole.OPERATOR)
        else:
            type(wang.user).objects.filter(pk=wang.user_id).update(is_active=False)

    async def story(stream: AsyncIterator[str]) -> str:
        await next_event(stream)
        await sync_to_async(take_away)()
        name, _ = await next_event(stream)
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        return name

    assert run(story, page, Pace(look_s=0.03, rest_s=0.01, present_s=0.0)) == "ended"


def test_a_closed_page_listens_no_longer(page: OpenPage) -> None:
    def listeners() -> int:
        return sum(len(bulletin._listeners[topic]) for topic in Topic)

    before = listeners()

    async def story(stream: AsyncIterator[str]) -> int:
        await next_event(stream)
        return listeners()

    assert run(story, page) == before + 3
    assert listeners() == before


def test_a_rush_of_news_makes_few_looks(page: OpenPage, desk: Desk) -> None:
    looks = 0

    class Counting(OpenPage):
        def look(self, **when: object) -> dict[str, str]:
            nonlocal looks
            looks += 1
            return {"queue": str(looks)}

    async def story(stream: AsyncIterator[str]) -> None:
        for _ in range(3):
            for _ in range(500):
                bulletin.publish(Topic.QUEUE, 0)
            await next_event(stream)

    run(story, Counting(page.cadre, page.session_key, 0), Pace(rest_s=0.05))
    assert looks <= 3


def test_the_stream_is_served_as_one_that_nobody_may_hold_back(wang: Cadre, as_wang: Client) -> None:
    async def open_and_close() -> dict[str, str]:
        client = AsyncClient()
        client.cookies = as_wang.cookies
        answer = await client.get("/console/stream")
        first = await anext(aiter(answer.streaming_content))
        assert first == b"retry: 2000\n\n"
        return dict(answer.headers)

    assert SESSION_KEY in as_wang.session
    headers = asyncio.run(open_and_close())
    assert headers["Content-Type"].startswith("text/event-stream")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"


def test_an_open_page_of_a_talk_says_who_looks_at_it(desk: Desk, page: OpenPage, wang: Cadre, li: Cadre) -> None:
    talk = desk.waiting()
    now = timezone.now()
    assert OpenPage(wang, page.session_key, talk.pk).still_signed_in(now=now)
    assert viewers(talk, except_cadre=li, now=now) == [wang]
    assert viewers(talk, except_cadre=wang, now=now) == []


def test_whoever_may_not_read_a_talk_any_more_is_not_shown_as_looking_at_it(
    desk: Desk, page: OpenPage, wang: Cadre, li: Cadre
) -> None:
    talk, now = desk.waiting(), timezone.now()
    talk.kept_from.add(wang)
    assert OpenPage(wang, page.session_key, talk.pk).still_signed_in(now=now)
    assert viewers(talk, except_cadre=li, now=now) == []


@pytest.mark.parametrize("change", ["viewing", "flags", "note", "due"])
def test_what_colleagues_do_on_a_talk_is_news(desk: Desk, wang: Cadre, li: Cadre, change: str) -> None:
    talk, now = desk.waiting(), timezone.now()
    before = talk_fingerprint(talk.pk, now=now)
    assert talk_fingerprint(talk.pk, now=now) == before
    if change == "viewing":
        mark_viewing(talk.pk, li, now=now)
    elif change == "flags":
        set_flags(talk.pk, li, [Flag.A_WOMAN], now=now)
    elif change == "note":
        write_note(talk.pk, li, "看看", now=now)
    else:
        Conversation.objects.filter(pk=talk.pk).update(words_due_at=now)
    assert talk_fingerprint(talk.pk, now=now) != before
