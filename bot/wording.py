"""How a message is put on channels that show plain text: what may be tapped, and texts too long for one message.

A tap carries a token that names the message and a place in what it offered: nothing of the desk's inside leaves it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import regex

from bot.wording_texts import WORDING
from handoff.models import Message

MOST_ARTICLES: Final = 3
_TOKEN: Final = re.compile(r"n([0-9a-f]{1,15})([ba])([0-9]{1,2})")
# What neither XML 1.0 nor a chat window can carry (https://www.w3.org/TR/xml/#charsets), and halves of surrogate pairs.
_UNSENDABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;]+[”’」』）)]*|\n+|$)")
_CLAUSE: Final = re.compile(r"[^，,、：: ]*(?:[，,、：: ]+|$)")


class Offer(StrEnum):
    """What a tap asks for: a button of the dialogue, or the text of a cited article."""

    BUTTON = "b"
    ARTICLE = "a"


@dataclass(frozen=True)
class Tap:
    """Something to tap. `token` is at most 20 ASCII characters; `label` is what a cited article is called."""

    title: str
    token: str
    offer: Offer
    label: str = ""


@dataclass(frozen=True)
class Tapped:
    """A token as it came back."""

    message_id: int
    offer: Offer
    index: int


def taps_of(message: Message) -> tuple[Tap, ...]:
    """The cited articles first, then the buttons. Raises ContactErased."""
    extras = message.extras
    articles = [
        Tap(WORDING["show_article"], _token(message, Offer.ARTICLE, index), Offer.ARTICLE, article_name(citation))
        for index, citation in enumerate(extras.get("citations", [])[:MOST_ARTICLES])
    ]
    buttons = [
        Tap(button["title"], _token(message, Offer.BUTTON, index), Offer.BUTTON)
        for index, button in enumerate(extras.get("buttons", []))
    ]
    return (*articles, *buttons)


def article_name(citation: dict[str, Any]) -> str:
    """「《劳动合同法》第四十七条」; of a text of another time with a mark behind it."""
    law = str(citation["law"]).removeprefix(WORDING["country"])
    name = WORDING["article"].format(law=law, article_no=citation["article_no"])
    return name + WORDING["then"] if citation.get("then") else name


def read_token(token: str) -> Tapped | None:
    """What a token names; None when it is none of ours."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    return Tapped(int(found[1], 16), Offer(found[2]), int(found[3]))


def choice_of(tapped: Tapped, conversation_id: int) -> dict[str, Any] | None:
    """What is stored with the worker's message: {"choice": …} or {"article": …}; None when the message that is named
    is not of this conversation or has no such place."""
    offered = Message.objects.filter(pk=tapped.message_id, conversation_id=conversation_id).first()
    if offered is None:
        return None
    name, key = ("buttons", "choice") if tapped.offer is Offer.BUTTON else ("citations", "article")
    if tapped.index >= len(offered.extras.get(name, [])):
        return None
    return {key: {"message": str(offered.reference), "index": tapped.index}}


def sendable(text: str) -> str:
    """The text without what a platform would choke on; emoji and all scripts stay."""
    return _UNSENDABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def utf8_size(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode())


def utf16_size(text: str) -> int:
    """Code units in UTF-16, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def split_text(text: str, *, limit: int, size: Callable[[str], int]) -> list[str]:
    """Parts of at most `limit` by `size`: between sentences, else between clauses, never inside a character as people
    see one (a family emoji is one)."""
    return pack(_pieces(text, limit=limit, size=size), limit=limit, size=size)


def pack(pieces: Iterable[str], *, limit: int, size: Callable[[str], int]) -> list[str]:
    """Join pieces to parts as long as they fit; a piece is never cut. Parts are stripped, none is empty."""
    parts: list[str] = []
    part = ""
    for piece in pieces:
        if part and size((part + piece).strip()) > limit:
            parts.append(part)
            part = ""
        part += piece
    return [stripped for kept in (*parts, part) if (stripped := kept.strip())]


def _pieces(text: str, *, limit: int, size: Callable[[str], int]) -> Iterator[str]:
    for sentence in _nonempty(_SENTENCE, text):
        if size(sentence) <= limit:
            yield sentence
            continue
        for clause in _nonempty(_CLAUSE, sentence):
            yield from [clause] if size(clause) <= limit else _characters(clause, limit=limit, size=size)


def _characters(clause: str, *, limit: int, size: Callable[[str], int]) -> Iterator[str]:
    """As people see them. One that is too long by itself (hundreds of combining marks) is cut after all."""
    for character in regex.findall(r"\X", clause):
        yield from [character] if size(character) <= limit else character


def _nonempty(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (found for found in pattern.findall(text) if found)


def _token(message: Message, offer: Offer, index: int) -> str:
    return f"n{message.pk:x}{offer.value}{index}"


def lines(parts: Sequence[str]) -> str:
    """Paragraphs with an empty line between them."""
    return "\n\n".join(part for part in parts if part)
