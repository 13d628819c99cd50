"""How a message reads on WeChat: plain text with lines to tap, in parts of at most 2,048 bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from bot.wording import Offer, Tap, pack, sendable, split_text, taps_of, utf8_size
from bot.wording_texts import WORDING
from handoff.kinds import MessageKind
from handoff.models import Message

# Passive replies and customer-service messages alike (platform rule).
MOST_BYTES: Final = 2_048
# What the desk itself understands of a tap.
MORE: Final = "more"


def parts_of(message: Message, *, joined: Sequence[Message] = ()) -> list[str]:
    """The texts to send, in order; at least one. Raises ContactErased."""
    text = sendable("\n".join(row.body for row in (message, *joined)))
    if message.kind == MessageKind.CADRE and message.cadre is not None:
        text = WORDING["from_cadre"].format(name=message.cadre.display_name, text=text)
    limit = _longest_part()
    texts = [text] if utf8_size(text) <= limit else split_text(text, limit=limit, size=utf8_size)
    return pack([*texts, *_lines(taps_of(message))], limit=limit, size=utf8_size) or ["…"]


@cache
def _longest_part() -> int:
    """There is always room for the line that asks for more; parts stay the same whatever the account may do."""
    return MOST_BYTES - utf8_size("\n\n" + more_link())


def tap_link(title: str, token: str) -> str:
    """A line that the worker taps; it comes back as their message, with the token as `bizmsgmenuid`."""
    shown = _harmless(title)
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={shown}&msgmenuid={token}">{shown}</a>'


def more_link() -> str:
    """For the rest of a long answer, where the account may not send by itself."""
    return tap_link(WORDING["more"], MORE)


def waiting_link() -> str:
    """For an answer that is not ready yet, where the account may not send by itself."""
    return tap_link(WORDING["waiting"], MORE)


def _lines(taps: Iterable[Tap]) -> Iterator[str]:
    taps = tuple(taps)
    articles = [tap for tap in taps if tap.offer is Offer.ARTICLE]
    buttons = [tap for tap in taps if tap.offer is Offer.BUTTON]
    for place, tap in enumerate(articles):
        link = tap_link(f"{tap.label} {tap.title}", tap.token)
        yield f"{_gap(place)}{link}"
    for place, tap in enumerate(buttons):
        yield f"{_gap(place)}▶ {tap_link(tap.title, tap.token)}"


def _gap(place: int) -> str:
    return "\n" if place else "\n\n"


def _harmless(title: str) -> str:
    """A title inside an address and between tags: what would end either is written with a wide character."""
    return sendable(title).translate(_WIDE).replace("\n", " ")


_WIDE: Final = str.maketrans({"<": "＜", ">": "＞", "&": "＆", '"': "＂", "'": "＇", "#": "＃", "%": "％"})  # noqa: RUF001
