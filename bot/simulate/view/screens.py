"""What the pages show, worked out from the record as plain words for the templates."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from bot.simulate.records import Push, Record, Road, Shown
from bot.simulate.texts import KINDS
from bot.simulate.view.texts import EVENTS, OUTCOMES, ROADS

_CHINA: Final = timezone(timedelta(hours=8))
_ANCHOR: Final = re.compile(r"""<a\s+href=["']([^"']*)["'][^>]*>([^<]*)</a>""")
_DELIVERIES: Final = 40


def screen(record: Record, user: str) -> list[dict[str, Any]]:
    """One person's screen, oldest first."""
    return [_line(shown) for shown in record.screen(user) if not shown.extra.get("deleted")]


def _line(shown: Shown) -> dict[str, Any]:
    picture = shown.extra.get("media_id") or shown.extra.get("MediaId") if shown.kind == "image" else ""
    return {
        "own": shown.road is Road.OWN,
        "platform": shown.road is Road.PLATFORM,
        "road": ROADS[shown.road],
        "time": clock_words(shown.at),
        "kind": "" if shown.kind in ("text", "msgmenu") else KINDS.get(shown.kind, ""),
        "picture": picture or "",
        "parts": _parts(shown),
        "taps": _taps(shown),
        "unacknowledged": shown.unacknowledged,
    }


def _parts(shown: Shown) -> list[dict[str, str]]:
    """The text in pieces: bare words, links that are tapped, links to pages."""
    if shown.road is Road.OWN:
        return [{"words": shown.text}]
    if choices := shown.extra.get("choices"):
        text = shown.text
        for _, words in choices if isinstance(choices, list) else ():
            text = text.replace(f"{words}\n", "", 1).removesuffix(f"\n{words}")
        return [{"words": text}]
    parts, place = [], 0
    for anchor in _ANCHOR.finditer(shown.text):
        parts.append({"words": shown.text[place : anchor.start()]})
        place = anchor.end()
        kind = "tap" if anchor[1].startswith("weixin://bizmsgmenu") else "page"
        parts.append({kind: html.unescape(anchor[2]), "address": html.unescape(anchor[1])})
    return [*parts, {"words": shown.text[place:]}]


def _taps(shown: Shown) -> list[str]:
    """The buttons under a message."""
    choices = shown.extra.get("choices")
    if isinstance(choices, list):
        return [str(words) for _, words in choices]
    markup = shown.extra.get("markup")
    rows: Iterable[Any] = ()
    if isinstance(markup, Mapping):
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or ()
    return [str(button["text"]) if isinstance(button, Mapping) else str(button) for row in rows for button in row]


def keyboard_words(record: Record, user: str) -> set[str]:
    """Words of reply keyboards: a tap on one is a message of the person's own."""
    markups = (shown.extra.get("markup") for shown in record.screen(user))
    rows = (row for markup in markups if isinstance(markup, Mapping) for row in markup.get("keyboard") or ())
    return {str(button["text"]) if isinstance(button, Mapping) else str(button) for row in rows for button in row}


def deliveries(record: Record, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The newest pushes first, with each try."""
    return [_push(push, names) for push in reversed(record.pushes[-_DELIVERIES:])]


def _push(push: Push, names: Mapping[str, str]) -> dict[str, Any]:
    tries = [
        {
            "words": OUTCOMES[one.outcome],
            "good": one.outcome in ("answered", "acknowledged"),
            "took": _seconds(one.latency_s),
        }
        for one in push.deliveries
    ]
    return {
        "time": clock_words(push.at),
        "who": names.get(push.user, push.user[:8]),
        "kind": EVENTS.get(push.kind) or KINDS.get(push.kind, push.kind),
        "tries": tries,
        "waiting": not push.done,
    }


def calls(record: Record, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The newest calls of the API first."""
    return [
        {
            "time": clock_words(call.at),
            "name": call.name.removeprefix("/cgi-bin/"),
            "who": names.get(call.user, ""),
            "code": str(call.code),
            "good": call.code == 0 and call.answered,
            "answered": call.answered,
        }
        for call in reversed(record.calls[-_DELIVERIES:])
    ]


def clock_words(at: float) -> str:
    """Hours, minutes and seconds in China."""
    return datetime.fromtimestamp(at, _CHINA).strftime("%H:%M:%S")


def _seconds(latency_s: float | None) -> str:
    return "" if latency_s is None else f"{latency_s:.2f}"
