"""The bot's methods: each takes the call's parameters and gives the result, or raises Refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.simulate.forms import Part
from bot.simulate.records import Road
from bot.simulate.telegram.markup import Entity, parsed, units
from bot.simulate.telegram.platform import (
    LARGEST_DOWNLOAD,
    LONGEST_CAPTION,
    LONGEST_TEXT,
    QUERY_S,
    Json,
    Person,
    TelegramPlatform,
    Webhook,
)
from bot.simulate.telegram.refusals import Refused, bad_request

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
_BUTTON_BYTES: Final = 64


@dataclass(frozen=True)
class Parameters:
    """What a call brought: words (structures as JSON in them) and files."""

    words: dict[str, str]
    files: dict[str, Part] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A word."""
        return self.words.get(name, default)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number. Raises Refused."""
        try:
            return int(self.words.get(name, default))
        except ValueError as error:
            raise bad_request(f"parameter {name} is no number") from error

    def flag(self, name: str) -> bool:
        """True or false."""
        return self.words.get(name, "").lower() in ("true", "1")

    def structure(self, name: str) -> Any:
        """A list or an object; None where there is none. Raises Refused."""
        if not self.words.get(name):
            return None
        try:
            return json.loads(self.words[name])
        except ValueError as error:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error


class Methods:
    """All methods of one bot but getUpdates, which waits."""

    def __init__(self, platform: TelegramPlatform) -> None:
        self._platform = platform
        named: dict[str, Callable[[Parameters], Any]] = {
            "getMe": lambda _: platform.as_user(),
            "logOut": lambda _: True,
            "close": lambda _: True,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": lambda _: self.webhook_info(),
            "sendMessage": self.send_message,
            "sendPhoto": lambda call: self.send_file(call, "photo"),
            "sendDocument": lambda call: self.send_file(call, "document"),
            "sendVoice": lambda call: self.send_file(call, "voice"),
            "sendChatAction": self.send_chat_action,
            "answerCallbackQuery": self.answer_query,
            "editMessageText": self.edit_text,
            "editMessageReplyMarkup": self.edit_markup,
            "deleteMessage": self.delete_message,
            "getFile": self.get_file,
            "setMyCommands": self.set_commands,
            "getMyCommands": lambda _: platform.commands,
            "deleteMyCommands": self.delete_commands,
            "getChat": lambda call: self._person(call).as_chat() | {"accent_color_id": 0, "max_reaction_count": 11},
        }
        self._named = {name.lower(): (name, method) for name, method in named.items()}

    def find(self, name: str) -> tuple[str, Callable[[Parameters], Any]]:
        """The method and its proper name. Raises Refused."""
        found = self._named.get(name.lower())
        if found is None:
            raise Refused(404, "Not Found: method not found")
        return found

    def set_webhook(self, call: Parameters) -> bool:
        """An empty address takes it away."""
        secret = call.text("secret_token")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        url = call.text("url")
        if url and not re.match(r"https?://[^/\s]+", url):
            raise bad_request("bad webhook: invalid url specified")
        if call.flag("drop_pending_updates"):
            self._platform.queue.clear()
        allowed = call.structure("allowed_updates")
        self._platform.webhook = Webhook(
            url,
            secret,
            call.number("max_connections", 40),
            tuple(allowed) if isinstance(allowed, list) else self._platform.webhook.allowed,
        )
        self._platform.arrived.set()
        return True

    def delete_webhook(self, call: Parameters) -> bool:
        """Updates can be fetched again."""
        if call.flag("drop_pending_updates"):
            self._platform.queue.clear()
        self._platform.webhook = Webhook(allowed=self._platform.webhook.allowed)
        return True

    def webhook_info(self) -> Json:
        """The Bot API's WebhookInfo."""
        webhook = self._platform.webhook
        info: Json = {
            "url": webhook.url, "has_custom_certificate": False, "pending_update_count": len(self._platform.queue),
            "max_connections": webhook.max_connections,
        }  # fmt: skip
        if webhook.allowed:
            info["allowed_updates"] = list(webhook.allowed)
        if webhook.last_error:
            info |= {"last_error_date": webhook.last_error_at, "last_error_message": webhook.last_error}
        return info

    def send_message(self, call: Parameters) -> Json:
        """A text."""
        person = self._receiver(call)
        text, entities = _formatted(call, "text", LONGEST_TEXT)
        if not text.strip():
            raise bad_request("message text is empty")
        return self._sent(person, call, "text", {"text": text} | _entities("entities", entities), text)

    def send_file(self, call: Parameters, kind: str) -> Json:
        """A picture, a document or speech: uploaded, or one that is known by its id."""
        person = self._receiver(call)
        caption, entities = _formatted(call, "caption", LONGEST_CAPTION)
        part = self._part(call, kind)
        if part is not None:
            stored = self._platform.keep_file(part.content, f"{kind}s/file", part.content_type)
        else:
            stored = self._platform.file(call.text(kind))
        about = {name: value for name, value in stored.as_file().items() if name != "file_path"}
        content: Any = about
        if kind == "photo":
            content = [about | {"width": 90, "height": 90}]
        elif kind == "voice":
            content = about | {"duration": 1}
        elif part is not None:
            content = about | {"file_name": part.file_name}
        fields = {kind: content} | ({"caption": caption} if caption else {}) | _entities("caption_entities", entities)
        return self._sent(person, call, kind, fields, caption, file_id=stored.file_id)

    def send_chat_action(self, call: Parameters) -> bool:
        """«is typing»."""
        self._receiver(call)
        if not re.fullmatch(r"[a-z_]{3,30}", call.text("action")):
            raise bad_request("wrong parameter action in request")
        return True

    def answer_query(self, call: Parameters) -> bool:
        """A pressed button is answered, in time."""
        number = call.text("callback_query_id")
        pressed_at = self._platform.queries.get(number)
        if pressed_at is None or self._platform.clock() - pressed_at > QUERY_S:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self._platform.answered_queries[number] = call.text("text")
        return True

    def edit_text(self, call: Parameters) -> Json:
        """Another text in the place of the old one."""
        person, message = self._own_message(call, "edit")
        text, entities = _formatted(call, "text", LONGEST_TEXT)
        markup = _markup(call)
        if message.get("text") == text and message.get("reply_markup") == markup:
            raise bad_request("message is not modified")
        message |= {"text": text, "edit_date": int(self._platform.clock())} | _entities("entities", entities)
        _put(message, markup)
        shown = self._platform.on_screen[person.number, message["message_id"]]
        shown.extra.setdefault("was", shown.text)
        shown.text, shown.extra["markup"] = text, markup
        return message

    def edit_markup(self, call: Parameters) -> Json:
        """Other buttons under a message, or none."""
        person, message = self._own_message(call, "edit")
        markup = _markup(call)
        if message.get("reply_markup") == markup:
            raise bad_request("message is not modified")
        _put(message, markup)
        self._platform.on_screen[person.number, message["message_id"]].extra["markup"] = markup
        return message

    def delete_message(self, call: Parameters) -> bool:
        """It goes from the screen."""
        person, message = self._own_message(call, "delete")
        del self._platform.messages[person.number, message["message_id"]]
        self._platform.on_screen[person.number, message["message_id"]].extra["deleted"] = True
        return True

    def get_file(self, call: Parameters) -> Json:
        """Where a file can be fetched."""
        stored = self._platform.file(call.text("file_id"))
        if len(stored.content) > LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return stored.as_file()

    def delete_commands(self, _: Parameters) -> bool:
        """The chat offers none."""
        self._platform.commands = []
        return True

    def set_commands(self, call: Parameters) -> bool:
        """The commands that the chat offers."""
        commands = call.structure("commands") or []
        for command in commands:
            if not _COMMAND.fullmatch(str(command.get("command"))) or not command.get("description"):
                raise bad_request("BOT_COMMAND_INVALID")
        self._platform.commands = commands
        return True

    # -- within --

    def _person(self, call: Parameters) -> Person:
        person = self._platform.people.get(call.number("chat_id"))
        if person is None or not person.started:
            raise bad_request("chat not found")
        return person

    def _receiver(self, call: Parameters) -> Person:
        person = self._person(call)
        if person.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return person

    def _own_message(self, call: Parameters, act: str) -> tuple[Person, Json]:
        person = self._receiver(call)
        message = self._platform.messages.get((person.number, call.number("message_id")))
        if message is None or message["from"]["id"] != self._platform.bot_id:
            raise bad_request(f"message to {act} not found")
        return person, message

    def _part(self, call: Parameters, kind: str) -> Part | None:
        word = call.text(kind)
        return call.files.get(word.removeprefix("attach://") if word.startswith("attach://") else kind)

    def _sent(self, person: Person, call: Parameters, kind: str, fields: Json, text: str, **extra: Any) -> Json:
        markup = _markup(call)
        message = self._platform.new_message(person, fields, from_bot=True)
        if markup and "inline_keyboard" in markup:
            message["reply_markup"] = markup
        self._platform.show(person, message, Road.SERVICE, kind, text, markup=markup, **extra)
        return message


def _formatted(call: Parameters, name: str, most: int) -> tuple[str, list[Entity]]:
    text, entities = parsed(call.text(name), call.text("parse_mode"))
    if units(text) > most:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    text = text.rstrip() if entities else text.strip()
    return text, entities or call.structure(f"{name}_entities" if name == "caption" else "entities") or []


def _entities(name: str, entities: list[Entity]) -> Json:
    return {name: entities} if entities else {}


def _put(message: Json, markup: Json | None) -> None:
    message.pop("reply_markup", None)
    if markup:
        message["reply_markup"] = markup


def _markup(call: Parameters) -> Json | None:
    """The keyboard of a call. Raises Refused."""
    markup = call.structure("reply_markup")
    if not markup:
        return None
    rows = markup.get("inline_keyboard", [])
    for button in (one for row in rows for one in row):
        if not button.get("text"):
            raise bad_request("can't parse inline keyboard button: text is empty")
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= _BUTTON_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    return markup if rows or "inline_keyboard" not in markup else None
