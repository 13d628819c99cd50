"""What people do in the chat, as the content of an update: (kind, fields)."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from bot.simulate.telegram.markup import units
from bot.simulate.telegram.platform import Json, StoredFile

_COMMAND: Final = re.compile(r"^/[A-Za-z0-9_]{1,32}(?=\s|$)")


@dataclass(frozen=True)
class Made:
    """A message before it has a number; `own` is what the person sees of it."""

    kind: str
    fields: Json = field(default_factory=dict)
    own: str = ""


def text(words: str) -> Made:
    """Words; a command at their head is marked as one."""
    fields: Json = {"text": words}
    command = _COMMAND.match(words)
    if command:
        fields["entities"] = [{"type": "bot_command", "offset": 0, "length": units(command[0])}]
    return Made("text", fields, words)


def photo(stored: StoredFile, caption: str = "") -> Made:
    """A picture in two sizes."""
    about = _about(stored)
    sizes = [about | {"width": 90, "height": 90}, about | {"width": 800, "height": 800}]
    return Made("photo", {"photo": sizes} | _caption(caption), caption)


def voice(stored: StoredFile, seconds: int = 3) -> Made:
    """Speech."""
    return Made("voice", {"voice": _about(stored) | {"duration": seconds, "mime_type": stored.content_type}})


def document(stored: StoredFile, name: str, caption: str = "") -> Made:
    """A file."""
    about = _about(stored) | {"file_name": name, "mime_type": stored.content_type}
    return Made("document", {"document": about} | _caption(caption), caption or name)


def location(latitude: float, longitude: float) -> Made:
    """A place."""
    return Made("location", {"location": {"latitude": latitude, "longitude": longitude}})


def contact(number: str, name: str, user: int) -> Made:
    """A telephone number."""
    return Made("contact", {"contact": {"phone_number": number, "first_name": name, "user_id": user}}, number)


def callback(sender: Json, message: Json, data: str) -> Json:
    """A pressed button under `message`."""
    number = str(secrets.randbits(62))
    return {"id": number, "from": sender, "message": message, "chat_instance": "1", "data": data}


def membership(person: Json, chat: Json, bot: Json, *, blocked: bool, now: float) -> Json:
    """The person blocks the bot, or takes it back."""
    member, kicked = {"user": bot, "status": "member"}, {"user": bot, "status": "kicked", "until_date": 0}
    old, new = (member, kicked) if blocked else (kicked, member)
    return {"chat": chat, "from": person, "date": int(now), "old_chat_member": old, "new_chat_member": new}


def _about(stored: StoredFile) -> dict[str, Any]:
    return {name: value for name, value in stored.as_file().items() if name != "file_path"}


def _caption(caption: str) -> Json:
    return {"caption": caption} if caption else {}
