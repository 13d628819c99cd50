"""One whole conversation: our desk, and python-telegram-bot's own Application, each by webhook and by polling.

The second holds our simulator to what a library that we did not write expects of Telegram.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.simulate.faults import Fault, FaultKind
from bot.simulate.running import Running
from bot.simulate.telegram import updates
from bot.simulate.telegram.simulator import RunningTelegram
from bot.simulate.web import Application as Site
from bot.simulate.web import Request, Response
from handoff.desk import claim_chat
from handoff.kinds import Channel, MessageKind
from handoff.models import Conversation, Message
from handoff.outbox import say
from tests.channels.telegram.house import SECRET, House, running, worker_lines
from tests.channels.telegram.test_polling import until
from tests.fakes.dialogue import FakeDialogue
from tests.samples import PNG

WHO = "小李"


@pytest.fixture
def engine() -> FakeDialogue:
    return FakeDialogue(lambda text: f"关于「{text}」：先看合同。")


@contextmanager
def _served(house: House, platform: RunningTelegram, mode: str) -> Iterator[None]:
    with running(house) as served:
        if mode == "webhook":
            platform.set_webhook(f"{served.address}/telegram", SECRET)
            yield
            return
        poller = house.poller(waits_s=2)
        poller.start()
        try:
            yield
        finally:
            poller.stop()


def _heard(platform: RunningTelegram, count: int) -> list[str]:
    until(lambda: len(platform.platform.texts_to(WHO)) >= count)
    return platform.platform.texts_to(WHO)


@pytest.mark.parametrize("mode", ["webhook", "polling"])
def test_a_worker_talks_with_the_desk(live_house: House, platform: RunningTelegram, mode: str) -> None:
    with _served(live_house, platform, mode):
        assert platform.say(WHO, "/start A012").arrived
        assert "测试总工会" in _heard(platform, 1)[0]
        assert platform.say(WHO, "老板不发工资").arrived
        assert _heard(platform, 2)[1] == "关于「老板不发工资」：先看合同。"
        written = next(one for one in platform.platform.messages.values() if one.get("text") == "老板不发工资")
        platform.edit(WHO, written["message_id"], "老板不发工资和加班费")
        assert _heard(platform, 3)[2] == "关于「老板不发工资和加班费」：先看合同。"
        stored = platform.platform.keep_file(PNG, "photos/file", "image/png")
        assert platform.act(WHO, updates.photo(stored)).arrived
        _heard(platform, 4)
        talk = Conversation.objects.select_related("contact", "organisation").get()
        until(lambda: Message.objects.filter(conversation=talk, attachments__isnull=False).exists())
        cadre = live_house.desk.cadre("王敏", on_duty=True)
        claim_chat(talk.pk, cadre, now=live_house.clock())
        say(talk, MessageKind.CADRE, "我看看您的合同", now=live_house.clock(), cadre=cadre)
        until(lambda: "王敏：我看看您的合同" in platform.platform.texts_to(WHO))
        assert platform.say(WHO, "好的").arrived
        until(lambda: len(worker_lines(talk)) == 4)
    assert worker_lines(talk) == ["老板不发工资", "老板不发工资和加班费", "", "好的"]
    assert platform.record.doubled() == []
    assert talk.channel == Channel.TELEGRAM


@pytest.mark.parametrize("mode", ["webhook", "polling"])
def test_a_button_is_tapped_and_the_spinner_stops(live_house: House, platform: RunningTelegram, mode: str) -> None:
    with _served(live_house, platform, mode):
        platform.say(WHO, "补偿")
        _heard(platform, 2)
        talk = Conversation.objects.select_related("contact").get()
        buttons = [
            {"title": "经济补偿金", "payload": "/ask_question"},
            {"title": "转人工", "payload": "/request_human"},
        ]
        say(talk, MessageKind.ENGINE, "哪一种？", now=live_house.clock(), extras={"buttons": buttons})
        _heard(platform, 3)
        assert platform.press(WHO, "经济补偿金").arrived
        assert _heard(platform, 4)[3] == "关于「经济补偿金」：先看合同。"
        until(lambda: len(platform.platform.answered_queries) == 1)


def test_repeated_and_lost_deliveries_change_nothing(live_house: House, platform: RunningTelegram) -> None:
    for kind in (FaultKind.PUSH_ACK_LOST, FaultKind.PUSH_DUPLICATE, FaultKind.PUSH_LOST, FaultKind.PUSH_BAD_SIGNATURE):
        platform.faults.on(Fault(kind, share=0.25, times=4))
    names = [f"职工{number}" for number in range(8)]
    with _served(live_house, platform, "webhook"):
        pushes = [platform.start_saying(name, f"{name}的第{turn}问") for turn in range(3) for name in names]
        assert all(push.result(60).arrived for push in pushes)
        until(lambda: all(len(platform.platform.texts_to(name)) == 4 for name in names), within_s=60)
    for name in names:
        assert platform.platform.texts_to(name)[1:] == [f"关于「{name}的第{turn}问」：先看合同。" for turn in range(3)]


class _Bot:
    """A bot as the library's own examples write it: nothing of ours."""

    def __init__(self, platform: RunningTelegram) -> None:
        self._platform = platform
        self.application: Application = (  # type: ignore[type-arg]
            ApplicationBuilder()
            .token(platform.token)
            .base_url(platform.base_url)
            .base_file_url(platform.base_file_url)
            .job_queue(None)
            .build()
        )
        self.files: list[bytes] = []
        self.edits: list[str] = []
        self.application.add_handler(CommandHandler("start", self._start))
        self.application.add_handler(CallbackQueryHandler(self._tapped))
        self.application.add_handler(MessageHandler(filters.PHOTO, self._photo))
        self.application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, self._edited))
        self.application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, self._text))

    async def _start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("工资", callback_data="wages")]])
        assert update.message is not None
        await update.message.reply_html(f"<b>您好</b>，{update.message.from_user.first_name}", reply_markup=keyboard)  # type: ignore[union-attr]

    async def _tapped(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("好")
        await update.callback_query.edit_message_text(f"您选了 {update.callback_query.data}")

    async def _photo(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        file = await update.message.photo[-1].get_file()
        self.files.append(bytes(await file.download_as_bytearray()))
        await update.message.reply_text(f"收到 {update.message.caption}")

    async def _edited(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.edited_message is not None
        self.edits.append(update.edited_message.text or "")

    async def _text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.chat.send_action("typing")
        await update.message.reply_text(f"您说：{update.message.text}")

    async def run(self, begun: asyncio.Event, over: asyncio.Event, *, polls: bool) -> None:
        """Until `over`."""
        async with self.application:
            await self.application.start()
            if polls:
                assert self.application.updater is not None
                await self.application.updater.start_polling(poll_interval=0.0, timeout=2)
            begun.set()
            await over.wait()
            if polls and self.application.updater is not None:
                await self.application.updater.stop()
            await self.application.stop()

    async def webhook(self, request: Request) -> Response:
        """What the library calls a custom webhook, in its own loop."""
        import json

        update = Update.de_json(json.loads(request.body), self.application.bot)
        asyncio.run_coroutine_threadsafe(self.application.update_queue.put(update), self.loop).result(10)
        return Response(b"")

    @contextmanager
    def running(self, *, polls: bool) -> Iterator[None]:
        """In a thread of its own."""
        self.loop = asyncio.new_event_loop()
        begun, over = asyncio.Event(), asyncio.Event()
        thread = threading.Thread(
            target=self.loop.run_until_complete, args=(self.run(begun, over, polls=polls),), daemon=True
        )
        thread.start()
        until(begun.is_set)
        site = Site()
        site.add("POST", "/telegram", self.webhook)
        served = Running(site)
        served.start()
        try:
            if not polls:
                url = f"{served.address}/telegram"
                asyncio.run_coroutine_threadsafe(
                    self.application.bot.set_webhook(url, secret_token=SECRET), self.loop
                ).result(10)
            yield
        finally:
            self.loop.call_soon_threadsafe(over.set)
            thread.join(20)
            served.stop()


@pytest.mark.parametrize("polls", [False, True], ids=["webhook", "polling"])
def test_the_librarys_own_application_holds_a_whole_conversation(platform: RunningTelegram, polls: bool) -> None:
    bot = _Bot(platform)
    with bot.running(polls=polls):
        assert platform.say(WHO, "/start").arrived
        assert _heard(platform, 1) == [f"您好，{WHO}"]
        assert platform.press(WHO, "工资").arrived
        until(lambda: platform.platform.texts_to(WHO) == ["您选了 wages"])
        assert platform.say(WHO, "加班费 <b>怎么</b> 算").arrived
        assert _heard(platform, 2)[1] == "您说：加班费 <b>怎么</b> 算"
        stored = platform.platform.keep_file(PNG, "photos/file", "image/png")
        assert platform.act(WHO, updates.photo(stored, "工资条")).arrived
        assert _heard(platform, 3)[2] == "收到 工资条"
        number = next(
            one["message_id"] for one in platform.platform.messages.values() if one.get("text", "").startswith("加班")
        )
        assert platform.edit(WHO, number, "加班费").arrived
        until(lambda: bot.edits == ["加班费"])
    assert bot.files == [PNG]
    assert list(platform.platform.answered_queries.values()) == ["好"]
    assert platform.record.undelivered() == []
