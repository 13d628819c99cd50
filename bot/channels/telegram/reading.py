"""Updates as they come, from anybody who knows the secret: read defensively, and cut down to what the desk needs.

python-telegram-bot's own `de_json` checks no types and keeps everything, user names included; here what is wrong has
one exception, and what the desk does not need is not even stored sealed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from bot.channels.telegram import texts
from handoff.kinds import Medium

ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")
_LARGEST_ID: Final = 2**63
_MOST_FILE_NAME: Final = 255
_FILES: Final[Mapping[str, Medium]] = {
    "voice": Medium.VOICE,
    "audio": Medium.VOICE,
    "video": Medium.VIDEO,
    "video_note": Medium.VIDEO,
    "animation": Medium.VIDEO,
    "document": Medium.FILE,
}
# What the platform notes in a talk and nobody wrote.
_SERVICE: Final = frozenset({"pinned_message", "message_auto_delete_timer_changed", "chat_background_set"})


class NotAnUpdate(Exception):
    """The body is no update of Telegram's."""


class Kind(StrEnum):
    """What an update is. GROUP and OTHER are acknowledged and not kept."""

    MESSAGE = "message"
    EDIT = "edit"
    TAP = "tap"
    MEMBER = "member"
    GROUP = "group"
    OTHER = "other"

    @property
    def is_kept(self) -> bool:
        """Whether the desk has anything to do with it."""
        return self not in (Kind.GROUP, Kind.OTHER)


class Remark(StrEnum):
    """What a message is when the dialogue cannot read it. Values are names of words."""

    NONE = ""
    POSITION = "position"
    CONTACT = "contact"
    OTHER = "other"


@dataclass(frozen=True)
class FileSource:
    """A file that Telegram holds. `file_id` is good for this bot only; `unique_id` names the content."""

    file_id: str = field(repr=False)
    unique_id: str = field(repr=False)
    name: str = field(default="", repr=False)
    size: int = 0
    content_type: str = ""


@dataclass(frozen=True)
class Incoming:
    """One update, cut down. `chat_id` is the person's own id where `private`; `token`, `query_id` are a tap's."""

    update_id: int
    kind: Kind
    chat_id: int = field(default=0, repr=False)
    private: bool = True
    message_id: int = 0
    text: str = field(default="", repr=False)
    medium: Medium = Medium.TEXT
    file: FileSource | None = None
    remark: Remark = Remark.NONE
    query_id: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    status: str = ""

    @property
    def words(self) -> str:
        """What screening reads while the update is being stored."""
        return "\n".join(part for part in (self.text, self.file.name if self.file else "") if part)

    def payload(self) -> dict[str, Any]:
        """As it is stored until it is taken in."""
        kept = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "file"}
        return kept | {"file": vars(self.file) if self.file else None}

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Incoming:
        """What `payload` has kept; what another version of the program kept besides is passed over."""
        kept = {name: payload[name] for name in cls.__dataclass_fields__ if name in payload}
        file = payload.get("file")
        kinds = {
            "kind": Kind(payload["kind"]),
            "medium": Medium(payload.get("medium", Medium.TEXT)),
            "remark": Remark(payload.get("remark", "")),
            "file": FileSource(**file) if file else None,
        }
        return cls(**(kept | kinds))


def read_body(body: bytes) -> Incoming:
    """The update that a webhook brings. Raises NotAnUpdate."""
    try:
        value = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotAnUpdate("no JSON") from error
    return read_update(value)


def read_update(value: Any) -> Incoming:
    """The update that `getUpdates` or a webhook brings. Raises NotAnUpdate."""
    update = _object(value)
    update_id = _number(update.get("update_id"))
    if update_id is None or update_id < 0:
        raise NotAnUpdate("no update_id")
    for name, read in _READERS.items():
        inner = update.get(name)
        if isinstance(inner, dict):
            return read(update_id, inner)
    return Incoming(update_id, Kind.OTHER)


def _message(update_id: int, message: Mapping[str, Any], kind: Kind = Kind.MESSAGE) -> Incoming:
    chat_id, private = _chat(message)
    if not private:
        return Incoming(update_id, Kind.GROUP if chat_id else Kind.OTHER)
    if _SERVICE & message.keys():
        return Incoming(update_id, Kind.OTHER)
    message_id = _number(message.get("message_id")) or 0
    return Incoming(update_id, kind, chat_id, message_id=message_id, **_said(message))


def _edit(update_id: int, message: Mapping[str, Any]) -> Incoming:
    return _message(update_id, message, Kind.EDIT)


def _tap(update_id: int, query: Mapping[str, Any]) -> Incoming:
    """The message under which the button stood may be too old to be shown to us; who tapped is always there."""
    chat_id, private = _chat(_object(query.get("message")))
    tapped_by = _number(_object(query.get("from")).get("id")) or 0
    if (chat_id and not private) or not tapped_by:
        return Incoming(update_id, Kind.GROUP if chat_id else Kind.OTHER)
    query_id, token = _text(query.get("id")), _text(query.get("data"))
    return Incoming(update_id, Kind.TAP, tapped_by, query_id=query_id, token=token)


def _member(update_id: int, change: Mapping[str, Any]) -> Incoming:
    chat_id, private = _chat(change)
    status = _text(_object(change.get("new_chat_member")).get("status"))
    if not chat_id or not status:
        return Incoming(update_id, Kind.OTHER)
    return Incoming(update_id, Kind.MEMBER, chat_id, private, status=status)


_READERS: Final = {"message": _message, "edited_message": _edit, "callback_query": _tap, "my_chat_member": _member}


def _said(message: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a message's content. Nothing that a person sent gives nothing."""
    text = _text(message.get("text")) or _text(message.get("caption"))
    found = _file(message)
    if found is not None:
        medium, file = found
        return {"text": text, "medium": medium, "file": file}
    if text:
        return {"text": text}
    remark, words = _in_words(message)
    return {"text": words, "remark": remark}


def _file(message: Mapping[str, Any]) -> tuple[Medium, FileSource] | None:
    sizes = [size for size in _list(message.get("photo")) if isinstance(size, dict) and _text(size.get("file_id"))]
    if sizes:
        return Medium.PICTURE, _source(max(sizes, key=_area))
    for name, medium in _FILES.items():
        held = _object(message.get(name))
        if _text(held.get("file_id")):
            return medium, _source(held)
    return None


def _source(held: Mapping[str, Any]) -> FileSource:
    return FileSource(
        file_id=_text(held.get("file_id")),
        unique_id=_text(held.get("file_unique_id")),
        name=_file_name(_text(held.get("file_name"))),
        size=_number(held.get("file_size")) or 0,
        content_type=_text(held.get("mime_type")),
    )


def _file_name(name: str) -> str:
    """All of the name that can be printed, as no way into a folder."""
    flat = name.replace("/", "_").replace("\\", "_")
    return "".join(character for character in flat if character.isprintable()).strip()[:_MOST_FILE_NAME]


def _in_words(message: Mapping[str, Any]) -> tuple[Remark, str]:
    """A place, a card, a sticker … as a line that a person can read."""
    venue, position = _object(message.get("venue")), _object(message.get("location"))
    if _text(venue.get("title")):
        title, address = _text(venue.get("title")), _text(venue.get("address"))
        return Remark.POSITION, texts.VENUE.format(title=title, address=address).strip()
    if position:
        return Remark.POSITION, _position(position)
    card = _object(message.get("contact"))
    if card:
        name = " ".join(part for part in (_text(card.get("last_name")), _text(card.get("first_name"))) if part)
        return Remark.CONTACT, texts.CONTACT.format(name=name, phone=_text(card.get("phone_number")))
    if "sticker" in message:
        return Remark.OTHER, texts.STICKER.format(emoji=_text(_object(message.get("sticker")).get("emoji")))
    return Remark.OTHER, texts.OTHER


def _position(position: Mapping[str, Any]) -> str:
    latitude, longitude = position.get("latitude"), position.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return texts.OTHER
    return texts.POSITION.format(latitude=f"{latitude:.5f}", longitude=f"{longitude:.5f}")


def _chat(message: Mapping[str, Any]) -> tuple[int, bool]:
    chat = _object(message.get("chat"))
    return _number(chat.get("id")) or 0, chat.get("type") == "private"


def _area(size: Mapping[str, Any]) -> int:
    return (_number(size.get("width")) or 0) * (_number(size.get("height")) or 0)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool) and -_LARGEST_ID <= value < _LARGEST_ID
    return value if is_number else None


def _text(value: Any) -> str:
    """The text without NUL and halves of surrogate pairs, which no database and no network carries."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
