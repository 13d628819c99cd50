"""The event stream: nothing lost, nothing twice, nobody else's, and nothing held open."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import AsyncClient
from django.utils import timezone

from bot.channels.webchat import news as news_module
from bot.channels.webchat import stream as stream_module
from bot.channels.webchat import watch as watch_module
from handoff import desk as live
from handoff.kinds import MessageKind
from handoff.models import Conversation, Message
from handoff.outbox import say
from tests.channels.pages import STREAM, Page, Stream
from tests.desk import TestDesk

pytestmark = pytest.mark.django_db(transaction=True)

SOON_S = 5.0


@pytest.fixture
def desk(transactional_db: None) -> TestDesk:
    """The test desk over a database that other threads see."""
    from tests.desk import make_desk
    from tests.fakes.dialogue import FakeDialogue

    return make_desk(FakeDialogue())


def _say(desk: TestDesk, page: Page, text: str, **extras: Any) -> None:
    conversation = page.conversation
    say(conversation, MessageKind.ENGINE, text, now=timezone.now(), extras=extras)
    desk.desk.deliverer.run(conversation.pk)


def _run(story: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await asyncio.wait_for(story(), 30)

    asyncio.run(within())


async def _in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return await sync_to_async(function, thread_sensitive=False)(*args, **kwargs)


def test_a_new_page_gets_all_that_was_said(desk: TestDesk) -> None:
    page = Page.begun()
    page.write("一")
    _say(desk, page, "二")

    async def story() -> None:
        stream = await Stream.of(page)
        assert await stream.missed() == [(1, "一"), (2, "二")]
        await stream.close()

    _run(story)


def test_after_a_cut_the_missed_messages_come_exactly_once(desk: TestDesk) -> None:
    page = Page.begun()
    for text in ("一", "二", "三"):
        page.write(text)

    async def story() -> None:
        first = await Stream.of(page)
        assert [place for place, _ in await first.missed()] == [1, 2, 3]
        await first.close()
        await _in_thread(_say, desk, page, "四")
        await _in_thread(page.write, "五")
        second = await Stream.of(page, last_event_id=3)
        assert await second.missed() == [(4, "四"), (5, "五")]
        await second.close()
        third = await Stream.of(page, last_event_id=5)
        assert await third.missed() == []
        await third.close()

    _run(story)


def test_the_browsers_last_event_id_counts_before_the_address(desk: TestDesk) -> None:
    page = Page.begun()
    for text in ("一", "二", "三"):
        page.write(text)

    async def story() -> None:
        stream = await Stream.of(page, last_event_id=2, after="0")
        assert await stream.missed() == [(3, "三")]
        await stream.close()

    _run(story)


@pytest.mark.parametrize("place", ["-1", "x", "99999999999999999999", "٣", "1.5"])
def test_a_nonsensical_place_means_from_the_beginning(desk: TestDesk, place: str) -> None:
    page = Page.begun()
    page.write("一")

    async def story() -> None:
        stream = await Stream.of(page, after=place)
        assert await stream.missed() == [(1, "一")]
        await stream.close()

    _run(story)


def test_a_place_in_another_conversation_hides_nothing_of_this_one(desk: TestDesk) -> None:
    page = Page.begun()
    page.write("一")

    async def story() -> None:
        stream = await Stream.of(page, last_event_id=40, talk="0123456789abcdef")
        assert await stream.missed() == [(1, "一")]
        await stream.close()

    _run(story)


def test_a_long_talk_comes_whole_and_in_order(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news_module, "AT_ONCE", 3)
    page = Page.begun()
    for number in range(8):
        page.write(str(number))

    async def story() -> None:
        stream = await Stream.of(page)
        assert await stream.missed() == [(number + 1, str(number)) for number in range(8)]
        await stream.close()

    _run(story)


def test_what_is_said_while_the_page_listens_comes_at_once(desk: TestDesk) -> None:
    page = Page.begun()

    async def story() -> None:
        stream = await Stream.of(page)
        await stream.missed()
        began = time.monotonic()
        await _in_thread(_say, desk, page, "来了")
        assert (await stream.until("message"))["text"] == "来了"
        assert time.monotonic() - began < 1
        await stream.close()

    _run(story)


def test_what_another_process_stored_is_found_without_a_wake_up(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr("handoff.wakeups.bulletin.publish", lambda topic, conversation_id: None)
    page = Page.begun()

    async def story() -> None:
        stream = await Stream.of(page)
        await stream.missed()
        await _in_thread(_say, desk, page, "别处写的")
        assert (await asyncio.wait_for(stream.until("message"), SOON_S))["text"] == "别处写的"
        await stream.close()

    _run(story)


def test_payloads_of_buttons_stay_on_the_server(desk: TestDesk) -> None:
    page = Page.begun()
    _say(desk, page, "哪一种？", buttons=[{"title": "欠薪", "payload": '/ask{"entry": "x"}'}])

    async def story() -> None:
        stream = await Stream.of(page)
        message = await stream.until("message")
        assert message["buttons"] == ["欠薪"]
        assert "payload" not in str(message)
        assert "entry" not in str(message)
        await stream.close()

    _run(story)


def test_articles_come_whole_with_their_short_name(desk: TestDesk) -> None:
    page = Page.begun()
    citation = {
        "law": "中华人民共和国劳动合同法",
        "article_no": "第三十条",
        "version_date": "2012-12-28",
        "text": "用人单位应当……\n第二款",
        "status": "现行有效",
        "kind": "verbatim",
    }
    _say(desk, page, "答", citations=[citation])

    async def story() -> None:
        stream = await Stream.of(page)
        assert (await stream.until("message"))["citations"] == [citation | {"short": "劳动合同法"}]
        await stream.close()

    _run(story)


def test_the_line_says_who_answers(desk: TestDesk) -> None:
    page = Page.begun()
    cadre = desk.cadre("王敏")

    def ask_for_person() -> None:
        from django.db import transaction

        with transaction.atomic():
            live.request_handoff(Conversation.locked(page.conversation.pk), now=timezone.now())

    async def story() -> None:
        stream = await Stream.of(page)
        standing = await stream.until("standing")
        assert (standing["answers"], standing["ready"]) == ("desk", False)
        await _in_thread(ask_for_person)
        waiting = await stream.until("standing")
        assert (waiting["answers"], waiting["on_duty"], waiting["desk_speaks"]) == ("waiting", False, True)
        assert waiting["seen_at"]
        await _in_thread(live.claim_chat, page.conversation.pk, cadre, now=timezone.now())
        held = await stream.until("standing")
        assert (held["answers"], held["name"]) == ("cadre", "王敏")
        await stream.close()

    _run(story)


def test_a_cadres_words_carry_the_cadres_name(desk: TestDesk) -> None:
    page = Page.begun()
    cadre = desk.cadre("王敏")
    live.claim_chat(page.conversation.pk, cadre, now=timezone.now())
    live.reply(page.conversation.pk, cadre, "您好", key="k", now=timezone.now())
    desk.desk.deliverer.run(page.conversation.pk)
    shown = [
        news_module.as_shown(row) for row in Message.objects.filter(kind=MessageKind.CADRE).select_related("cadre")
    ]
    assert [(message["kind"], message["name"]) for message in shown] == [("cadre", "王敏")]


def test_ending_the_talk_ends_the_stream_of_the_other_tab(desk: TestDesk) -> None:
    page = Page.begun()
    page.write("一")
    other_tab = Page()
    other_tab.client.cookies = page.client.cookies.copy()

    async def story() -> None:
        stream = await Stream.of(other_tab)
        await stream.missed()
        await _in_thread(page.post, "/chat/clear", {})
        assert await asyncio.wait_for(stream.until("gone"), SOON_S) == {}

    _run(story)


def test_a_quiet_stream_gives_signs_of_life_and_ends_in_the_end(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "BEAT_EVERY_S", 0.01)
    monkeypatch.setattr(stream_module, "LASTS_S", 0.3)
    page = Page.begun()

    async def story() -> None:
        stream = await Stream.of(page)
        await stream.until("beat")
        with pytest.raises(AssertionError, match="ended"):
            await stream.until("gone")

    _run(story)


def test_a_stream_is_not_cached_and_not_held_back_by_proxies(desk: TestDesk) -> None:
    page = Page.begun()

    async def story() -> None:
        client = AsyncClient()
        client.cookies = page.client.cookies
        response = await client.get(STREAM)
        assert response["Content-Type"].startswith("text/event-stream")
        assert "no-store" in response["Cache-Control"]
        assert response["X-Accel-Buffering"] == "no"

    _run(story)


def test_opening_the_stream_counts_as_use_of_the_page(desk: TestDesk) -> None:
    from handoff.models import ChannelIdentity

    page = Page.begun()
    ChannelIdentity.objects.update(seen_at=timezone.now() - timedelta(hours=11))

    async def story() -> None:
        client = AsyncClient()
        client.cookies = page.client.cookies
        response = await client.get(STREAM)
        assert response.cookies["niangjia_chat"]["max-age"] == 12 * 3600

    _run(story)
    assert timezone.now() - ChannelIdentity.objects.get().seen_at < timedelta(minutes=1)


def _reader_connections() -> list[object]:
    """The database connections that the streams' reader threads hold at this moment."""
    looks = [watch_module._readers().submit(lambda: connection.connection) for _ in range(20)]
    return [held for held in (look.result() for look in looks) if held is not None]


def test_fifty_open_streams_hold_no_connection_and_each_hears_its_own_words_only(desk: TestDesk) -> None:
    pages = [Page.begun() for _ in range(50)]

    async def story() -> None:
        streams = [await Stream.of(page) for page in pages]
        for stream in streams:
            assert await stream.missed() == []
        if connection.vendor == "sqlite":
            assert _reader_connections() == []
        began = time.monotonic()
        for number in (7, 23, 49):
            await _in_thread(_say, desk, pages[number], f"给{number}号")
        heard = [await asyncio.wait_for(streams[number].until("message"), SOON_S) for number in (7, 23, 49)]
        assert [message["text"] for message in heard] == ["给7号", "给23号", "给49号"]
        assert time.monotonic() - began < 2
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(streams[8].until("message"), 0.3)
        for stream in streams:
            await stream.close()
        streams.clear()
        gc.collect()
        await asyncio.sleep(0.05)
        assert not watch_module.watch()._bells

    _run(story)
