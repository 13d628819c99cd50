"""The state of one bot's platform: people and their chats, files, and the queue of updates."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from bot.simulate.clock import Clock
from bot.simulate.faults import Faults
from bot.simulate.records import Push, Record, Road, Shown
from bot.simulate.telegram.refusals import bad_request

LARGEST_DOWNLOAD: Final = 20 * 1_048_576
LONGEST_TEXT: Final = 4096
LONGEST_CAPTION: Final = 1024
# How long a pressed button waits for its answer.
QUERY_S: Final = 30 * 60

Json = dict[str, Any]


@dataclass(slots=True)
class Person:
    """Somebody who writes to the bot; `number` is both their user id and the chat's."""

    number: int
    name: str
    blocked: bool = False
    started: bool = True

    def as_user(self) -> Json:
        """The Bot API's User."""
        return {"id": self.number, "is_bot": False, "first_name": self.name, "language_code": "zh-hans"}

    def as_chat(self) -> Json:
        """The Bot API's Chat."""
        return {"id": self.number, "type": "private", "first_name": self.name}


@dataclass(slots=True)
class StoredFile:
    """A file that can be fetched by its path."""

    file_id: str
    path: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"

    def as_file(self) -> Json:
        """The Bot API's File."""
        unique = hashlib.sha256(self.file_id.encode()).hexdigest()[:16]
        return {
            "file_id": self.file_id,
            "file_unique_id": unique,
            "file_size": len(self.content),
            "file_path": self.path,
        }


@dataclass(slots=True)
class Webhook:
    """Where updates go, when they are pushed."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    allowed: tuple[str, ...] = ()
    last_error_at: int = 0
    last_error: str = ""


@dataclass(slots=True, eq=False)
class Update:
    """One update in the queue; `body` is the whole object, `person` whose chat it belongs to."""

    number: int
    person: int
    kind: str
    body: Json


@dataclass
class TelegramPlatform:
    """One bot. `token` as from BotFather: `<id>:<secret>`."""

    token: str
    clock: Clock
    record: Record = field(default_factory=Record)
    faults: Faults = field(default_factory=Faults)
    username: str = "niangjia_bot"

    def __post_init__(self) -> None:
        self.bot_id = int(self.token.partition(":")[0])
        self.people: dict[int, Person] = {}
        self.messages: dict[tuple[int, int], Json] = {}
        self.on_screen: dict[tuple[int, int], Shown] = {}
        self.queries: dict[str, float] = {}
        self.answered_queries: dict[str, str] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: list[Json] = []
        self.webhook = Webhook()
        self.queue: deque[Update] = deque()
        self.pushes: dict[int, Push] = {}
        self.waiting: dict[int, asyncio.Event] = {}
        self.arrived = asyncio.Event()
        self._last_message = 0
        self._last_update = int(self.clock()) * 1000 % 2**30

    def as_user(self) -> Json:
        """The bot itself, whole: libraries insist on every field."""
        return {
            "id": self.bot_id, "is_bot": True, "first_name": "Niangjia", "username": self.username,
            "can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False,
            "can_connect_to_business": False, "has_main_web_app": False,
        }  # fmt: skip

    def person(self, name: str | int) -> Person:
        """The person of that name, or of that number."""
        number = name if isinstance(name, int) else number_of(name)
        return self.people.setdefault(number, Person(number, str(name)))

    def texts_to(self, name: str) -> list[str]:
        """The words that stand on this person's screen from the bot."""
        return self.record.texts_to(str(self.person(name).number))

    def shown_to(self, name: str) -> list[Shown]:
        """All that the bot sent to this person."""
        return self.record.shown_to(str(self.person(name).number))

    def new_message(self, person: Person, fields: Json, *, from_bot: bool) -> Json:
        """A message in the person's chat, kept."""
        self._last_message += 1
        sender = self.as_user() if from_bot else person.as_user()
        message = {
            "message_id": self._last_message, "date": int(self.clock()), "chat": person.as_chat(), "from": sender,
        } | fields  # fmt: skip
        self.messages[person.number, self._last_message] = message
        return message

    def show(self, person: Person, message: Json, road: Road, kind: str, text: str, **extra: Any) -> Shown:
        """Put it on the person's screen."""
        number = message["message_id"]
        shown = Shown(self.clock(), str(person.number), road, kind, text, {"message_id": number, **extra})
        self.on_screen[person.number, number] = shown
        return self.record.show(shown)

    def keep_file(self, content: bytes, path: str, content_type: str) -> StoredFile:
        """A file that can be fetched."""
        file_id = "BQACAgQ" + secrets.token_urlsafe(24)
        stored = StoredFile(file_id, f"{path}_{len(self.files)}", content, content_type)
        self.files[file_id] = stored
        return stored

    def file(self, file_id: str) -> StoredFile:
        """Raises Refused."""
        stored = self.files.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        return stored

    def add_update(self, person: Person, kind: str, content: Json) -> Update:
        """Queue what a person did, unless the bot does not want to hear of it."""
        self._last_update += 1
        update = Update(self._last_update, person.number, kind, {"update_id": self._last_update, kind: content})
        if not self.webhook.allowed or kind in self.webhook.allowed:
            self.queue.append(update)
            self.arrived.set()
        return update

    def finished(self, number: int) -> None:
        """Whoever waits for this update waits no longer."""
        waiting = self.waiting.pop(number, None)
        if waiting is not None:
            waiting.set()

    def confirm_before(self, number: int) -> None:
        """Updates below this number are done."""
        while self.queue and self.queue[0].number < number:
            self.queue.popleft()


def number_of(name: str) -> int:
    """The same number for the same name, so that a rehearsal can be repeated."""
    digest = hashlib.sha256(name.encode()).digest()
    return 100_000_000 + int.from_bytes(digest[:6], "big") % 5_000_000_000
