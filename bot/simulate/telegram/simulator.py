"""One simulated bot, running: its API, its people, its updates, and what tests and scenarios do with them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress

from bot.simulate.clock import Clock, MovableClock
from bot.simulate.faults import Faults
from bot.simulate.records import Push, Record, Road
from bot.simulate.running import Running
from bot.simulate.telegram import updates
from bot.simulate.telegram.api import TelegramApi, read_reply
from bot.simulate.telegram.inbox import queued
from bot.simulate.telegram.platform import Json, Person, TelegramPlatform, Webhook
from bot.simulate.telegram.updates import Made
from bot.simulate.telegram.webhook import PATIENCE_S, WebhookDelivery
from bot.simulate.web import Application


class NoSuchButton(Exception):
    """The last message with buttons has none with these words."""


def new_token() -> str:
    """A bot token as BotFather gives them."""
    return f"{100_000_000 + secrets.randbelow(10**9)}:{secrets.token_urlsafe(26)[:35]}"


class TelegramSimulator:
    """Everything of one bot. The coroutines run in the simulator's loop."""

    def __init__(
        self, token: str, *, patience_s: float = PATIENCE_S, pause_s: float = 1.0, clock: Clock | None = None
    ) -> None:
        self.platform = TelegramPlatform(token, clock or MovableClock())
        self.api = TelegramApi(self.platform)
        self.application = Application()
        self.api.add_to(self.application)
        self._delivery = WebhookDelivery(self.platform, patience_s=patience_s, pause_s=pause_s, reply=self._reply)

    @property
    def record(self) -> Record:
        """What came."""
        return self.platform.record

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.platform.faults

    async def deliver(self) -> None:
        """Bring updates to the webhook until cancelled."""
        await self._delivery.run()

    async def act(self, who: str, made: Made, *, within_s: float = 60.0) -> Push:
        """A message of a person; returns when the desk has acknowledged it, or time is up."""
        person = self.platform.person(who)
        person.started = True
        message = self.platform.new_message(person, made.fields, from_bot=False)
        self.platform.show(person, message, Road.OWN, made.kind, made.own)
        return await self._queue(person, "message", message, within_s)

    async def edit(self, who: str, message_id: int, words: str, *, within_s: float = 60.0) -> Push:
        """A person changes what they wrote."""
        person = self.platform.person(who)
        message = self.platform.messages[person.number, message_id]
        message |= {"text": words, "edit_date": int(self.platform.clock())}
        self.platform.on_screen[person.number, message_id].text = words
        return await self._queue(person, "edited_message", message, within_s)

    async def press(self, who: str, words: str, *, within_s: float = 60.0) -> Push:
        """A person presses the button with these words under the newest message that has it."""
        person = self.platform.person(who)
        for shown in reversed(self.record.shown_to(str(person.number))):
            if (data := _data_of(shown.extra.get("markup"), words)) is not None:
                message = self.platform.messages[person.number, int(str(shown.extra["message_id"]))]
                query = updates.callback(person.as_user(), message, data)
                self.platform.queries[query["id"]] = self.platform.clock()
                return await self._queue(person, "callback_query", query, within_s)
        raise NoSuchButton(words)

    async def block(self, who: str, *, blocked: bool = True, within_s: float = 60.0) -> Push:
        """A person blocks the bot, or takes it back."""
        person = self.platform.person(who)
        person.blocked = blocked
        content = updates.membership(
            person.as_user(), person.as_chat(), self.platform.as_user(), blocked=blocked, now=self.platform.clock()
        )
        return await self._queue(person, "my_chat_member", content, within_s)

    async def _queue(self, person: Person, kind: str, content: Json, within_s: float) -> Push:
        update, push = queued(self.platform, person, kind, content)
        waiting = self.platform.waiting.setdefault(update.number, asyncio.Event())
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await waiting.wait()
        return push

    def _reply(self, body: bytes) -> None:
        named = read_reply(body)
        if named is not None:
            self.api.run(*named)


def _data_of(markup: object, words: str) -> str | None:
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return next((one.get("callback_data") for row in rows for one in row if one.get("text") == words), None)


class RunningTelegram:
    """A simulator that serves; its methods may be called from any thread and wait, `start_…` do not."""

    def __init__(self, simulator: TelegramSimulator, running: Running) -> None:
        self.simulator, self.running = simulator, running
        self.platform, self.record, self.faults = simulator.platform, simulator.record, simulator.faults
        self.token = simulator.platform.token
        self.api_base = running.address
        self.base_url, self.base_file_url = f"{running.address}/bot", f"{running.address}/file/bot"

    def set_webhook(self, url: str, secret: str = "") -> None:
        """As a desk would do by setWebhook."""

        async def put() -> None:
            self.platform.webhook = Webhook(url, secret)
            self.platform.arrived.set()

        self.running.call(put())

    def act(self, who: str, made: Made, *, within_s: float = 60.0) -> Push:
        """What a person sends; waits until the desk has acknowledged it."""
        return self.running.call(self.simulator.act(who, made, within_s=within_s), within_s=within_s + 5)

    def start(self, who: str, made: Made, *, within_s: float = 60.0) -> Future[Push]:
        """The same without waiting."""
        return self.running.submit(self.simulator.act(who, made, within_s=within_s))

    def say(self, who: str, words: str, *, within_s: float = 60.0) -> Push:
        """A text message."""
        return self.act(who, updates.text(words), within_s=within_s)

    def start_saying(self, who: str, words: str, *, within_s: float = 60.0) -> Future[Push]:
        """The same without waiting."""
        return self.start(who, updates.text(words), within_s=within_s)

    def edit(self, who: str, message_id: int, words: str) -> Push:
        """See TelegramSimulator."""
        return self.running.call(self.simulator.edit(who, message_id, words))

    def press(self, who: str, words: str) -> Push:
        """See TelegramSimulator. Raises NoSuchButton."""
        return self.running.call(self.simulator.press(who, words))

    def block(self, who: str, *, blocked: bool = True) -> Push:
        """See TelegramSimulator."""
        return self.running.call(self.simulator.block(who, blocked=blocked))


@contextmanager
def running_telegram(
    token: str | None = None,
    *,
    patience_s: float = PATIENCE_S,
    pause_s: float = 1.0,
    clock: Clock | None = None,
    port: int = 0,
) -> Iterator[RunningTelegram]:
    """A simulator in this process, on a free port."""
    simulator = TelegramSimulator(token or new_token(), patience_s=patience_s, pause_s=pause_s, clock=clock)
    running = Running(simulator.application, port=port)
    running.start()
    delivering = running.submit(simulator.deliver())
    try:
        yield RunningTelegram(simulator, running)
    finally:
        delivering.cancel()
        running.stop()


def settings_table(token: str, api_base: str) -> str:
    """Ready to paste into `niangjia.toml`."""
    return (
        f'[telegram]\nenabled = true\ntoken = "{token}"\nmode = "webhook"\n'
        f'secret = "{secrets.token_urlsafe(24)}"\napi_base = "{api_base}"\n'
    )
