"""Nonsense for Telegram's address, mostly from somebody who knows the secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.fault.nonsense import MARK, WORDS, Nonsense, Request

_MESSAGE_PARTS = [
    "text",
    "caption",
    "photo",
    "voice",
    "audio",
    "video",
    "video_note",
    "animation",
    "document",
    "location",
    "venue",
    "contact",
    "sticker",
    "pinned_message",
    "forum_topic_created",
    "via_bot",
]


class TelegramNonsense(Nonsense):
    """For one bot."""

    def request(self, secret: str) -> Request:
        """One request."""
        rng = self.rng
        body = self.mangled(
            json.dumps(self._update(), ensure_ascii=rng.random() < 0.7).encode("utf-8", "surrogatepass")
        )
        given = secret if rng.random() < 0.97 else rng.choice(["", secret[:-1], secret + "x", "\xff"])
        headers = [(b"x-telegram-bot-api-secret-token", given.encode("latin-1"))]
        if rng.random() < 0.05:
            headers.append((b"content-length", rng.choice([b"-1", b"9" * 30, b"x", b"2000000", "²".encode()])))
        method = "POST" if rng.random() < 0.98 else rng.choice(["GET", "PUT", "HEAD", "BREW"])
        return Request(method, rng.choice(["/telegram"] * 9 + ["/telegram/x"]), b"", body, tuple(headers))

    def _update(self) -> Any:
        rng = self.rng
        number = self.next_number()
        person = {
            "id": rng.choice([7_000 + rng.randrange(50), *self._odd_numbers()]),
            "first_name": MARK,
            "is_bot": False,
        }
        chat = {"id": person["id"], "type": rng.choice(["private"] * 8 + ["group", "", None])}
        message: dict[str, Any] = {"message_id": number % 10**9, "date": 1, "chat": chat, "from": person}
        for _ in range(rng.randint(0, 3)):
            message[rng.choice(_MESSAGE_PARTS)] = self._part()
        update: dict[str, Any] = {"update_id": number % 2**40}
        kind = rng.choice(["message"] * 6 + ["edited_message", "callback_query", "my_chat_member", "poll", "x"])
        if kind == "callback_query":
            update[kind] = {"id": self._part(), "from": person, "message": message, "data": self._part()}
        elif kind == "my_chat_member":
            update[kind] = {"chat": chat, "from": person, "new_chat_member": {"status": self._part()}}
        else:
            update[kind] = message
        for _ in range(rng.choice([0, 0, 0, 1, 2])):
            self._break_somewhere(update)
        return update if rng.random() < 0.98 else rng.choice([[], None, 1, "x", [update], {"update_id": update}])

    def _part(self) -> Any:
        rng = self.rng
        makers: tuple[Callable[[], Any], ...] = (
            lambda: f"{MARK} {rng.choice(WORDS)}",
            lambda: rng.choice(WORDS),
            lambda: rng.choice(self._odd_numbers()),
            lambda: {"file_id": self._part_of_a_file(), "file_unique_id": "u", "file_name": rng.choice(WORDS)},
            lambda: [{"file_id": "f", "width": rng.choice(self._odd_numbers()), "height": 2}] * rng.randint(0, 3),
            lambda: {"latitude": rng.choice([1.5, 1e308, "x", None]), "longitude": rng.choice([1, -1e308, True])},
            lambda: {"title": MARK, "address": None, "phone_number": "1", "emoji": "\ud83d"},
            lambda: self._deep(rng.choice([3, 80, 900])),
        )
        return rng.choice(makers)()

    def _part_of_a_file(self) -> Any:
        return self.rng.choice(["f", "", 0, None, MARK * 500])

    def _odd_numbers(self) -> list[Any]:
        return [0, -1, 2**63, -(2**63), 2**64, 10**300, 1.5, True, "7", None, [], float("1e308")]

    def _deep(self, depth: int) -> Any:
        value: Any = self.rng.choice([[], {}, 1])
        for _ in range(depth):
            value = [value] if self.rng.random() < 0.5 else {"a": value}
        return value

    def _break_somewhere(self, update: dict[str, Any]) -> None:
        held: Any = update
        while isinstance(held, dict) and held:
            name = self.rng.choice(list(held))
            if self.rng.random() < 0.4 or not isinstance(held[name], dict):
                held[name] = self.rng.choice([None, [], {}, "", 0, *self._odd_numbers()])
                return
            held = held[name]
