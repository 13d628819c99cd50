"""A desk with Telegram switched on: the real edge, inbox, turns and sender; the platform is whatever a test starts."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from django.utils import timezone

from bot.alerts.queues import AlertQueues
from bot.channel_settings import TelegramSettings
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.edge import TelegramEdge
from bot.channels.telegram.polling import Poller
from bot.delivery import Deliverer
from bot.inbox.queues import InboxQueues, Stored
from bot.inbox.taking import Inbox
from bot.inbox.writer import InboxWriter
from bot.media import MediaFetching
from bot.runtime import Runtime
from bot.simulate.running import Running
from bot.turn_work import TurnWork
from handoff.kinds import Channel, MessageKind
from handoff.models import Conversation, Message, Push
from handoff.screening.levels import Level
from tests.desk import TestDesk, visible

TOKEN = "987654321:AAtest-token_of_a_bot_that_is_none"
SECRET = "a-secret-of-the-webhook"
CHAT = 700_100_200
_numbers = itertools.count(5_000)


def telegram_settings(api_base: str = "http://127.0.0.1:9", **other: Any) -> TelegramSettings:
    """Switched on."""
    named: dict[str, Any] = {"enabled": True, "token": TOKEN, "secret": SECRET, "api_base": api_base}
    return TelegramSettings(**(named | other))


def update_of(kind: str, content: dict[str, Any], *, number: int | None = None) -> dict[str, Any]:
    """An update with a number of its own."""
    return {"update_id": next(_numbers) if number is None else number, kind: content}


def message_of(chat: int = CHAT, *, message_id: int | None = None, **content: Any) -> dict[str, Any]:
    """A message of a person in a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "小李", "username": "xiaoli"}
    about = {"message_id": next(_numbers) if message_id is None else message_id, "date": 1_700_000_000, "from": person}
    return about | {"chat": {"id": chat, "type": "private", "first_name": "小李"}} | content


def said(text: str, chat: int = CHAT, **other: Any) -> dict[str, Any]:
    """An update with a text."""
    return update_of("message", message_of(chat, text=text, **other))


class NoErrands:
    """Keeps what would be done on the side."""

    def __init__(self) -> None:
        self.taps: list[str] = []
        self.left: list[int] = []

    def answer_tap(self, query_id: str) -> None:
        """See Errands."""
        self.taps.append(query_id)

    def leave_group(self, chat_id: int) -> None:
        """See Errands."""
        self.left.append(chat_id)


@dataclass
class House:
    """Everything of Telegram over one test desk."""

    desk: TestDesk
    settings: TelegramSettings
    real_time: bool = False
    stored: Stored = field(default_factory=Stored)

    def __post_init__(self) -> None:
        clock = timezone.now if self.real_time else self.desk.clock
        rules = self.desk.desk.rules
        self.channel = TelegramChannel(self.settings, screen=rules.screen, clock=clock)
        self.writer = InboxWriter(when_stored=self.stored.tell)
        self.inbox = Inbox({Channel.TELEGRAM: self.channel.taker}, clock=clock)
        self.media = MediaFetching({Channel.TELEGRAM: self.channel.fetcher}, clock=clock)
        self.deliverer = Deliverer({Channel.TELEGRAM: self.channel.sender}, clock=clock)
        self.edge: TelegramEdge = self.channel.edge(self.writer, presses=self.presses)
        self.clock = clock

    def presses(self, words: str) -> bool:
        """As the program composes it."""
        return self.desk.desk.rules.last_known().screen(words).level is Level.CRISIS

    def poller(self, **how: Any) -> Poller:
        """Fetches from whatever platform the settings name."""
        pushing = self.channel._pushing(self.writer, self.presses)
        return Poller(self.settings, pushing, clock=self.clock, **how)

    def posts(self, update: Any, *, secret: str | None = SECRET, method: str = "POST", raw: bytes | None = None) -> int:
        """What the edge answers."""
        return self.posts_all([update], secret=secret, method=method, raw=raw)[0]

    def posts_all(
        self, updates: list[Any], *, secret: str | None = SECRET, method: str = "POST", raw: bytes | None = None
    ) -> list[int]:
        """What the edge answers to updates that come all at once."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret.encode()} if secret is not None else {}

        async def post() -> list[int]:
            transport = httpx.ASGITransport(app=self.edge)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
                bodies = [raw if raw is not None else json.dumps(update).encode() for update in updates]
                requests = [client.request(method, "/telegram", content=body, headers=headers) for body in bodies]
                return [response.status_code for response in await asyncio.gather(*requests)]

        return asyncio.run(post())

    def takes(self) -> None:
        """What was stored is taken in."""
        for sender in dict.fromkeys(Push.objects.filter(taken_at=None).values_list("sender_hash", flat=True)):
            self.inbox.run(sender)

    def hears(self, *updates: Any) -> Conversation:
        """Updates come, are taken in and answered (not sent); the conversation."""
        for update in updates:
            assert self.posts(update) == 200
        self.takes()
        conversation = Conversation.objects.get(channel=Channel.TELEGRAM)
        self.desk.desk.turns.run(conversation.pk)
        return Conversation.objects.select_related("contact", "organisation").get(pk=conversation.pk)

    def close(self) -> None:
        """End its threads."""
        self.writer.stop()
        self.channel.close()


@contextmanager
def running(house: House) -> Iterator[Running]:
    """The background of a desk, and its edge on a port."""
    desk = house.desk.desk
    queues = InboxQueues(
        house.inbox, house.media, stored=house.stored, taken_in=lambda push_id: None, clock=house.clock
    )
    runtime = Runtime(
        desk.parts,
        TurnWork(desk.turns, threads=2),
        house.deliverer,
        alerts=AlertQueues(()),
        inbox=queues,
        held=lambda conversation_id: False,
        watch=desk.knowledge_watch(),
        clock=house.clock,
    )
    runtime.start({}, when_loaded=lambda ready: None)
    served = Running(house.edge)  # type: ignore[arg-type]
    served.start()
    try:
        yield served
    finally:
        served.stop()
        runtime.stop()


def worker_lines(conversation: Conversation) -> list[str]:
    """What the worker wrote, as it is kept."""
    rows = Message.objects.filter(conversation=conversation, kind=MessageKind.WORKER).order_by("pk")
    return [_opened(row, conversation).body for row in rows]


def desk_lines(conversation: Conversation) -> list[str]:
    """What the desk has to say, sent or not."""
    rows = Message.objects.filter(conversation=conversation).exclude(kind=MessageKind.WORKER).order_by("pk")
    return [_opened(row, conversation).body for row in rows]


def last_line(conversation: Conversation) -> Message:
    """The worker's last message."""
    rows = Message.objects.filter(conversation=conversation, kind=MessageKind.WORKER).order_by("pk")
    found = rows.last()
    assert found is not None
    return _opened(found, conversation)


def _opened(row: Message, conversation: Conversation) -> Message:
    row.conversation = conversation
    return row


def with_telegram(settings: Any, telegram: TelegramSettings) -> None:
    """The installation's settings with this table."""
    settings.NIANGJIA = replace(settings.NIANGJIA, telegram=telegram)


__all__ = ["CHAT", "SECRET", "TOKEN", "House", "visible"]
