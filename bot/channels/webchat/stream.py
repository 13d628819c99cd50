"""The event stream of a page: missed messages first, then each as it becomes visible.

Events: `talk` (which conversation this is), `message` (its id is the position), `standing` (who answers now), `beat`
(a sign of life, so that a sleeping phone notices a dead line), `gone` (the session is over). A stream that makes room
for a younger one of the same talk just ends, after telling the browser to wait before it connects again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from django.db import Error as DatabaseFault
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from bot.channels.webchat import sessions
from bot.channels.webchat.news import Answers, News, Standing, news_for
from bot.channels.webchat.refusals import Reason, in_words
from bot.channels.webchat.sessions import SessionOver, Visitor
from bot.channels.webchat.watch import Bell, watch
from bot.composition import desk
from handoff.encryption import ContactErased

log = logging.getLogger("niangjia.webchat")

BEAT_EVERY_S = 15.0
# Then the page connects again, which also renews its cookie and lets proxies forget a long connection.
LASTS_S = 20 * 60.0
RETRY_MS = 1_500
# An ousted page comes back much later, or as soon as somebody looks at it: six open tabs must not chase each other.
RETRY_WHEN_OUSTED_MS = 60_000
READ_AGAIN_AFTER_S = 1.0
_LARGEST_POSITION = 2**31


@dataclass(frozen=True)
class Place:
    """Up to where the page has read, and in which conversation."""

    after: int
    talk: str | None

    def in_talk_of(self, visitor: Visitor) -> int:
        """The position to read on from: the beginning when the page has read in another conversation."""
        return self.after if self.talk in (None, visitor.talk) else 0


@require_GET
async def stream(request: HttpRequest) -> HttpResponseBase:
    """The events of this visitor's conversation; 401 when there is none, 503 when too many streams are open."""
    token = sessions.token_of(request)
    if watch().is_full:
        log.warning("as many streams are open as this process carries")
        return in_words(Reason.FULL)
    try:
        visitor, renewed = await admitted(token)
    except (SessionOver, ContactErased):
        return in_words(Reason.STALE)
    except DatabaseFault as error:
        log.error("opening a stream: %s", type(error).__name__)
        return in_words(Reason.BUSY)
    response = StreamingHttpResponse(
        events(visitor, place_of(request)),
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"},
    )
    if renewed:
        sessions.set_cookie(response, token, secure=request.is_secure())
    return response


async def events(visitor: Visitor, place: Place) -> AsyncIterator[str]:
    """The events as they are written to the wire, until the session or the stream's time is over."""
    clock = asyncio.get_running_loop().time
    ends_at = clock() + LASTS_S
    after = place.in_talk_of(visitor)
    shown = None
    with watch().bell(visitor.conversation.pk) as bell:
        yield f"retry: {RETRY_MS}\n" + _event("talk", {"talk": visitor.talk})
        while clock() < ends_at and not bell.ousted:
            bell.clear()
            news = await _news(visitor, after)
            if news is None:
                yield _event("gone", {})
                return
            for message in news.messages:
                yield _event("message", message, place=message["position"])
                after = message["position"]
            if news.more:
                continue
            if shown != news.standing:
                yield _event("standing", news.standing.as_json())
            shown = news.standing
            while clock() < ends_at and not await _rung(bell):
                yield _event("beat", {})
                if _may_have_changed_unheard(shown):
                    break
    if bell.ousted:
        yield f"retry: {RETRY_WHEN_OUSTED_MS}\n\n"


async def _news(visitor: Visitor, after: int) -> News | None:
    """What is new; None when the session is over."""

    def fresh() -> News:
        return news_for(visitor.token, after=after, ready=desk().parts.ready, now=timezone.now())

    while True:
        try:
            news: News = await watch().shared.ask(sessions.keyed_hash(visitor.token), after, fresh)
            return news
        except (SessionOver, ContactErased):
            return None
        except DatabaseFault as error:
            log.error("reading for a page: %s; tried again in %s s", type(error).__name__, READ_AGAIN_AFTER_S)
            await asyncio.sleep(READ_AGAIN_AFTER_S)


async def admitted(token: str) -> tuple[Visitor, bool]:
    """The visitor, and whether their cookie is to be sent again. Raises SessionOver, ContactErased, DatabaseFault."""

    def admit() -> tuple[Visitor, bool]:
        now = timezone.now()
        visitor = sessions.find(token, now=now)
        return visitor, sessions.refresh(visitor, now=now)

    found: tuple[Visitor, bool] = await watch().shared.ask(sessions.keyed_hash(token), "admit", admit)
    return found


def place_of(request: HttpRequest) -> Place:
    """`Last-Event-ID` (a reconnect by the browser) counts before `after` (a new connection by the page)."""
    for value in (request.headers.get("Last-Event-ID"), request.GET.get("after")):
        if value and value.isascii() and value.isdigit() and int(value[:12]) < _LARGEST_POSITION:
            return Place(int(value[:12]), request.GET.get("talk"))
    return Place(0, None)


async def _rung(bell: Bell) -> bool:
    try:
        await asyncio.wait_for(bell.wait(), BEAT_EVERY_S)
    except TimeoutError:
        return False
    return True


def _may_have_changed_unheard(standing: Standing) -> bool:
    """Somebody on duty goes away without a word when their browser closes; who waits is told so."""
    return standing.answers == Answers.WAITING


def _event(name: str, data: dict[str, Any], *, place: int | None = None) -> str:
    lines = [f"event: {name}", f"data: {json.dumps(data, ensure_ascii=False)}"]
    if place is not None:
        lines.append(f"id: {place}")
    return "\n".join(lines) + "\n\n"
