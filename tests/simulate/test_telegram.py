"""python-telegram-bot's own Bot is content with the simulated Bot API, and is refused as by the real one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from bot.simulate.faults import Fault, FaultKind
from bot.simulate.records import Outcome
from bot.simulate.running import Running
from bot.simulate.telegram import updates
from bot.simulate.telegram.simulator import NoSuchButton, RunningTelegram, running_telegram
from bot.simulate.web import Application, Request, Response
from bot.simulate.wechat.samples import sample

SECRET = "a-secret-of-our-own"


@asynccontextmanager
async def bot_of(simulated: RunningTelegram, token: str = "") -> AsyncIterator[telegram.Bot]:
    request = HTTPXRequest(read_timeout=1.0)
    updating = HTTPXRequest(read_timeout=5.0)
    bot = telegram.Bot(
        token or simulated.token,
        base_url=simulated.base_url,
        base_file_url=simulated.base_file_url,
        request=request,
        get_updates_request=updating,
    )
    async with bot:
        yield bot


@pytest.fixture
def simulated() -> Iterator[RunningTelegram]:
    with running_telegram(patience_s=0.3, pause_s=0.02) as running:
        running.platform.person("小李")
        yield running


def chat(simulated: RunningTelegram) -> int:
    return simulated.platform.person("小李").number


def test_the_bot_knows_itself(simulated: RunningTelegram) -> None:
    async def talk() -> telegram.User:
        async with bot_of(simulated) as bot:
            return await bot.get_me()

    me = asyncio.run(talk())
    assert me.is_bot
    assert me.id == simulated.platform.bot_id


def test_a_wrong_token_is_refused(simulated: RunningTelegram) -> None:
    async def talk() -> None:
        async with bot_of(simulated, "123:wrong"):
            pass

    with pytest.raises(InvalidToken):
        asyncio.run(talk())


def test_what_the_bot_sends_is_on_the_screen(simulated: RunningTelegram) -> None:
    async def talk() -> None:
        async with bot_of(simulated) as bot:
            keys = InlineKeyboardMarkup([[InlineKeyboardButton("转人工", callback_data="1")]])
            sent = await bot.send_message(chat(simulated), "*您好* 1\\.", parse_mode="MarkdownV2", reply_markup=keys)
            assert (sent.text, sent.entities[0].type, sent.entities[0].length) == ("您好 1.", "bold", 2)
            assert sent.reply_markup == keys
            await bot.send_message(
                chat(simulated),
                "选",
                reply_markup=ReplyKeyboardMarkup([[KeyboardButton("位置", request_location=True)]]),
            )
            await bot.send_chat_action(chat(simulated), "typing")
            await bot.send_photo(chat(simulated), sample("picture"), caption="图")
            document = await bot.send_document(chat(simulated), sample("file"), filename="a.pdf")
            assert document.document is not None
            again = await bot.send_document(chat(simulated), document.document.file_id)
            assert again.document is not None
            await bot.set_my_commands([("start", "开始")])

    asyncio.run(talk())
    assert simulated.platform.texts_to("小李") == ["您好 1.", "选", "图", "", ""]
    assert simulated.platform.commands == [{"command": "start", "description": "开始"}]


@pytest.mark.parametrize(
    ("text", "mode", "why"),
    [
        ("1. 一", "MarkdownV2", "reserved"),
        ("*粗", "MarkdownV2", "find end"),
        ("*粗_体*_", "MarkdownV2", "find end"),
        ("[链接]", "MarkdownV2", "reserved"),
        ("a-b", "MarkdownV2", "reserved"),
        ("<b>粗", "HTML", "end tag"),
        ("<x>粗</x>", "HTML", "Unsupported"),
        ("_斜", "Markdown", "find end"),
        ("字" * 4097, None, "too long"),
        ("😀" * 2049, None, "too long"),
        (" ", None, "empty"),
    ],
)
def test_texts_that_telegram_refuses_are_refused(
    simulated: RunningTelegram, text: str, mode: str | None, why: str
) -> None:
    async def talk() -> None:
        async with bot_of(simulated) as bot:
            await bot.send_message(chat(simulated), text, parse_mode=mode)

    with pytest.raises(BadRequest, match=rf"(?i){why}"):
        asyncio.run(talk())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("第1\\.1条 \\(一\\)", "第1.1条 (一)"),
        ("*粗 _斜_*", "粗 斜"),
        ("[劳动法](https://example\\.cn/a\\)b)", "劳动法"),
        ("`a.b*`", "a.b*"),
        (">引用\n>两行", "引用\n两行"),
        ("字" * 4096, "字" * 4096),
        ("😀" * 2048, "😀" * 2048),
    ],
)
def test_texts_that_telegram_takes_are_taken(simulated: RunningTelegram, text: str, shown: str) -> None:
    async def talk() -> telegram.Message:
        async with bot_of(simulated) as bot:
            return await bot.send_message(chat(simulated), text, parse_mode="MarkdownV2")

    assert asyncio.run(talk()).text == shown


def test_escaping_by_the_library_is_always_taken(simulated: RunningTelegram) -> None:
    from telegram.helpers import escape_markdown

    words = "".join(map(chr, range(32, 127))) + "第十九条。😀"

    async def talk() -> telegram.Message:
        async with bot_of(simulated) as bot:
            return await bot.send_message(chat(simulated), escape_markdown(words, version=2), parse_mode="MarkdownV2")

    assert asyncio.run(talk()).text == words.strip()


def test_strangers_and_people_who_blocked_the_bot_get_nothing(simulated: RunningTelegram) -> None:
    async def talk() -> None:
        async with bot_of(simulated) as bot:
            with pytest.raises(BadRequest, match=r"(?i)chat not found"):
                await bot.send_message(42, "您好")
            simulated.platform.person("小李").blocked = True
            with pytest.raises(Forbidden):
                await bot.send_message(chat(simulated), "您好")
            simulated.platform.person("小李").blocked = False
            keys = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="字" * 22)]])
            with pytest.raises(BadRequest, match=r"(?i)BUTTON_DATA_INVALID"):
                await bot.send_message(chat(simulated), "您好", reply_markup=keys)

    asyncio.run(talk())


def test_long_polling_brings_every_kind_and_keeps_it_until_it_is_confirmed(simulated: RunningTelegram) -> None:
    platform = simulated.platform
    picture = platform.keep_file(sample("picture"), "photos/file", "image/png")
    speech = platform.keep_file(b"OggS" + bytes(64), "voice/file", "audio/ogg")
    paper = platform.keep_file(sample("file"), "documents/file", "application/pdf")
    kinds = [
        updates.text("/start A012"),
        updates.photo(picture, "工资条"),
        updates.voice(speech),
        updates.document(paper, "合同.pdf"),
        updates.location(30.66, 104.06),
        updates.contact("13800000000", "小李", chat(simulated)),
    ]
    started = [simulated.start("小李", made) for made in kinds]

    async def talk() -> list[telegram.Update]:
        async with bot_of(simulated) as bot:
            found: list[telegram.Update] = []
            while len(found) < len(kinds):
                found = list(await bot.get_updates(timeout=2))
            assert [one.update_id for one in await bot.get_updates()] == [one.update_id for one in found]
            assert found[1].message is not None
            fetched = await (await bot.get_file(found[1].message.photo[-1].file_id)).download_as_bytearray()
            assert bytes(fetched) == sample("picture")
            assert await bot.get_updates(offset=found[-1].update_id + 1) == ()
            return found

    found = asyncio.run(talk())
    messages = [one.message for one in found]
    assert messages[0] is not None
    assert messages[0].entities[0].type == "bot_command"
    assert [bool(message and message.effective_attachment) for message in messages] == [False, *[True] * 5]
    assert all(future.result(5).arrived for future in started)


def test_a_waiting_poll_ends_when_something_comes(simulated: RunningTelegram) -> None:
    async def talk() -> tuple[telegram.Update, ...]:
        async with bot_of(simulated) as bot:
            waiting = asyncio.create_task(bot.get_updates(timeout=20, read_timeout=25))
            while simulated.simulator.api._polling == 0:
                await asyncio.sleep(0.01)
            simulated.start_saying("小李", "在吗", within_s=0.1)
            return await waiting

    (update,) = asyncio.run(talk())
    assert update.message is not None
    assert update.message.text == "在吗"


def test_a_second_poll_ends_the_first_and_a_webhook_forbids_both(simulated: RunningTelegram) -> None:
    async def talk() -> None:
        async with bot_of(simulated) as bot:
            first = asyncio.create_task(bot.get_updates(timeout=20, read_timeout=25))
            while simulated.simulator.api._polling == 0:
                await asyncio.sleep(0.01)
            assert await bot.get_updates(timeout=0) == ()
            with pytest.raises(Conflict):
                await first
            await bot.set_webhook("http://127.0.0.1:9/telegram")
            with pytest.raises(Conflict):
                await bot.get_updates()

    asyncio.run(talk())


@dataclass
class Hook:
    """A desk's webhook: what came, and the statuses that it answers with in turn (200 when they are used up)."""

    address: str = ""
    secrets: list[str] = field(default_factory=list)
    bodies: list[dict[str, object]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    answer: bytes = b""

    async def serve(self, request: Request) -> Response:
        self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token", ""))
        self.bodies.append(json.loads(request.body))
        return Response(self.answer, self.statuses.pop(0) if self.statuses else 200, "application/json")

    @property
    def texts(self) -> list[object]:
        return [body["message"]["text"] for body in self.bodies if "message" in body]  # type: ignore[index]


@contextmanager
def webhook() -> Iterator[Hook]:
    hook = Hook()
    running = Running(Application(missing=hook.serve))
    running.start()
    hook.address = running.address
    try:
        yield hook
    finally:
        running.stop()


def test_a_webhook_gets_updates_with_its_secret(simulated: RunningTelegram) -> None:
    async def talk(address: str) -> telegram.WebhookInfo:
        async with bot_of(simulated) as bot:
            await bot.set_webhook(f"{address}/telegram", secret_token=SECRET, allowed_updates=["message"])
            return await bot.get_webhook_info()

    with webhook() as hook:
        info = asyncio.run(talk(hook.address))
        assert info.url == f"{hook.address}/telegram"
        assert simulated.say("小李", "你好").arrived
        assert (hook.secrets, hook.texts) == ([SECRET], ["你好"])


def test_what_a_webhook_refuses_comes_again_in_order(simulated: RunningTelegram) -> None:
    with webhook() as hook:
        simulated.set_webhook(f"{hook.address}/telegram")
        hook.statuses = [500, 502]
        started = [simulated.start_saying("小李", str(number)) for number in range(3)]
        pushes = [future.result(10) for future in started]
        assert hook.texts == ["0", "0", "0", "1", "2"]
        assert len({body["update_id"] for body in hook.bodies}) == 3
        assert [one.outcome for one in pushes[0].deliveries] == [Outcome.REFUSED, Outcome.REFUSED, Outcome.ACKNOWLEDGED]


def test_the_answer_to_a_webhook_may_name_a_method(simulated: RunningTelegram) -> None:
    with webhook() as hook:
        hook.answer = json.dumps({"method": "sendMessage", "chat_id": chat(simulated), "text": "在的"}).encode()
        simulated.set_webhook(f"{hook.address}/telegram")
        simulated.say("小李", "在吗")
        assert simulated.platform.texts_to("小李") == ["在的"]


@pytest.mark.parametrize(
    "kind", [FaultKind.PUSH_ACK_LOST, FaultKind.PUSH_DUPLICATE, FaultKind.PUSH_LOST, FaultKind.PUSH_HANG_UP]
)
def test_faults_on_the_way_to_a_webhook_lose_nothing(simulated: RunningTelegram, kind: FaultKind) -> None:
    with webhook() as hook:
        simulated.set_webhook(f"{hook.address}/telegram", SECRET)
        simulated.faults.on(Fault(kind, times=1))
        push = simulated.say("小李", "你好")
        assert push.arrived
        assert set(hook.texts) == {"你好"}
        assert len(hook.texts) == (1 if kind is FaultKind.PUSH_LOST else 2) or kind is FaultKind.PUSH_HANG_UP


def test_buttons_edits_and_blocking_arrive(simulated: RunningTelegram) -> None:
    with webhook() as hook:
        simulated.set_webhook(f"{hook.address}/telegram", SECRET)

        async def offer() -> None:
            async with bot_of(simulated) as bot:
                keys = InlineKeyboardMarkup([[InlineKeyboardButton("转人工", callback_data="0:1")]])
                await bot.send_message(chat(simulated), "选一个", reply_markup=keys)

        asyncio.run(offer())
        assert simulated.press("小李", "转人工").arrived
        query = telegram.Update.de_json(hook.bodies[-1]).callback_query
        assert query is not None
        assert (query.data, query.message.text) == ("0:1", "选一个")  # type: ignore[union-attr]

        async def answer() -> None:
            async with bot_of(simulated) as bot:
                await bot.answer_callback_query(query.id)
                with pytest.raises(BadRequest, match=r"(?i)query is too old"):
                    await bot.answer_callback_query("1")
                await bot.edit_message_reply_markup(chat(simulated), query.message.message_id, reply_markup=None)
                with pytest.raises(BadRequest, match=r"(?i)not modified"):
                    await bot.edit_message_reply_markup(chat(simulated), query.message.message_id, reply_markup=None)
                await bot.edit_message_text("选好了", chat(simulated), query.message.message_id)
                await bot.delete_message(chat(simulated), query.message.message_id)
                with pytest.raises(BadRequest, match=r"(?i)not found"):
                    await bot.delete_message(chat(simulated), query.message.message_id)

        asyncio.run(answer())
        with pytest.raises(NoSuchButton):
            simulated.press("小李", "转人工")
        simulated.say("小李", "写错了")
        number = max(number for _, number in simulated.platform.messages)
        simulated.edit("小李", number, "改过了")
        assert telegram.Update.de_json(hook.bodies[-1]).edited_message.text == "改过了"  # type: ignore[union-attr]
        simulated.block("小李")
        member = telegram.Update.de_json(hook.bodies[-1]).my_chat_member
        assert member is not None
        assert member.new_chat_member.status == "kicked"


def test_the_bot_meets_what_the_real_one_meets(simulated: RunningTelegram) -> None:
    async def talk() -> None:
        async with bot_of(simulated) as bot:
            number = chat(simulated)
            simulated.faults.on(Fault(FaultKind.API_ERROR, where="sendMessage", code=429, seconds=3, times=1))
            with pytest.raises(RetryAfter) as waited:
                await bot.send_message(number, "a")
            assert waited.value._retry_after.total_seconds() == 3
            for kind, expected in (
                (FaultKind.API_5XX, NetworkError),
                (FaultKind.API_RESET_LOST, NetworkError),
                (FaultKind.API_RESET_TAKEN, NetworkError),
                (FaultKind.API_TIMEOUT_TAKEN, TimedOut),
                (FaultKind.API_TIMEOUT_LOST, TimedOut),
            ):
                simulated.faults.on(Fault(kind, where="sendMessage", times=1))
                with pytest.raises(expected):
                    await bot.send_message(number, kind.value)

    asyncio.run(talk())
    assert simulated.platform.texts_to("小李") == ["api_reset_taken", "api_timeout_taken"]
    assert simulated.record.excused == 2
