"""The event stream: nothing lost, nothing twice, nobody else's, and nothing held open."""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.asgi import get_asgi_application
from django.db import connection
from django.test import AsyncClient, AsyncRequestFactory
from django.utils import timezone

from bot.channels.webchat import news as news_module
from bot.channels.webchat import reads as reads_module
from bot.channels.webchat import stream as stream_module
from bot.channels.webchat import watch as watch_module
from bot.channels.webchat.reads import SharedReads
from bot.channels.webchat.texts import REFUSALS
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
    looks = [reads_module._readers().submit(lambda: connection.connection) for _ in range(20)]
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


async def _ended(stream: Stream) -> list[str]:
    """The names of the events up to the end of the stream, which must come soon."""

    async def rest() -> list[str]:
        return [name async for name, _, _ in stream._events]

    return await asyncio.wait_for(rest(), SOON_S)


def test_the_oldest_stream_of_a_talk_makes_room_and_is_told_to_wait(desk: TestDesk) -> None:
    page = Page.begun()

    async def story() -> None:
        client = AsyncClient()
        client.cookies = page.client.cookies
        oldest = aiter((await client.get(STREAM)).streaming_content)
        await anext(oldest)
        others = [await Stream.of(page) for _ in range(4)]
        for stream in others:
            await stream.missed()
        rest = [chunk.decode() async for chunk in oldest]
        assert rest[-1] == f"retry: {stream_module.RETRY_WHEN_OUSTED_MS}\n\n"
        assert not any("gone" in chunk for chunk in rest)
        await _in_thread(_say, desk, page, "还在")
        for stream in others:
            assert (await asyncio.wait_for(stream.until("message"), SOON_S))["text"] == "还在"
            await stream.close()

    _run(story)


def test_with_too_many_streams_a_new_one_reads_when_to_come_again(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "MOST_STREAMS", 1)
    page, other = Page.begun(), Page.begun()

    async def story() -> None:
        stream = await Stream.of(page)
        await stream.missed()
        client = AsyncClient()
        client.cookies = other.client.cookies
        refused = await client.get(STREAM)
        assert (refused.status_code, refused["Retry-After"]) == (503, "60")
        assert json.loads(refused.content)["words"] == REFUSALS["full"]
        await stream.close()

    _run(story)


def test_a_page_that_goes_away_frees_its_place_at_once(desk: TestDesk) -> None:
    page = Page.begun()
    browser = AsyncRequestFactory()
    browser.cookies = page.client.cookies
    scope = browser._base_scope(path=STREAM, method="GET")

    async def story() -> None:
        first_words, gone = asyncio.Event(), asyncio.Event()
        events = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> dict[str, Any]:
            if events:
                return events.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(event: Any) -> None:
            if event.get("body"):
                first_words.set()

        serving = asyncio.get_running_loop().create_task(get_asgi_application()(scope, receive, send))
        await asyncio.wait_for(first_words.wait(), SOON_S)
        assert watch_module.watch()._count == 1
        gone.set()
        await asyncio.wait_for(serving, SOON_S)
        await asyncio.sleep(0.05)
        assert watch_module.watch()._count == 0

    _run(story)


def test_streams_of_one_talk_are_answered_by_one_read(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page.begun()
    reads: list[int] = []

    def counted(token: str, **rest: Any) -> Any:
        reads.append(rest["after"])
        time.sleep(0.05)  # so that all of them ask while the first is read
        return news_module.news_for(token, **rest)

    async def story() -> None:
        streams = [await Stream.of(page) for _ in range(4)]
        for stream in streams:
            await stream.missed()
        monkeypatch.setattr(stream_module, "news_for", counted)
        await _in_thread(_say, desk, page, "一句")
        texts = await asyncio.gather(*(stream.until("message") for stream in streams))
        assert [message["text"] for message in texts] == ["一句"] * 4
        assert len([after for after in reads if after == 0]) <= 3  # saying and delivering ring at most twice
        for stream in streams:
            await stream.close()

    _run(story)


def test_one_talks_many_questions_do_not_delay_anothers() -> None:
    async def story() -> None:
        shared: SharedReads[str] = SharedReads()
        loop = asyncio.get_running_loop()

        def slow() -> str:
            time.sleep(0.05)
            return "slow"

        crowd = [loop.create_task(shared.ask("one", number, slow)) for number in range(40)]
        await asyncio.sleep(0.01)
        began = loop.time()
        assert await shared.ask("other", 0, lambda: "quick") == "quick"
        assert loop.time() - began < 0.5
        assert await asyncio.gather(*crowd) == ["slow"] * 40

    _run(story)


def test_nobody_is_given_an_answer_that_was_read_before_they_asked() -> None:
    async def story() -> None:
        shared: SharedReads[int] = SharedReads()
        began, go_on, reads = threading.Event(), threading.Event(), itertools.count(1)

        def answer() -> int:
            number = next(reads)
            began.set()
            go_on.wait(SOON_S)
            return number

        loop = asyncio.get_running_loop()
        first = loop.create_task(shared.ask("one", 0, answer))
        await _in_thread(began.wait, SOON_S)
        later = [loop.create_task(shared.ask("one", 0, answer)) for _ in range(5)]
        await asyncio.sleep(0)
        go_on.set()
        assert await first == 1
        assert await asyncio.gather(*later) == [2] * 5
        assert not shared._lines

    _run(story)


def test_a_stream_of_an_erased_talk_says_that_it_is_gone(desk: TestDesk) -> None:
    page = Page.begun()
    page.write("一")

    async def story() -> None:
        contact = (await _in_thread(lambda: page.conversation)).contact
        contact.wrapped_key = b""
        await _in_thread(contact.save, update_fields=["wrapped_key"])
        stream = await Stream.of(page)
        assert await _ended(stream) == ["talk", "gone"]

    _run(story)
