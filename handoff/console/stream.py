"""One event stream per open page: says which part of the page is out of date, and that the cadre is there.

An event carries fingerprints only; the page then fetches the part. News of this process arrives at once, news of
another process when the database is looked at.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, close_old_connections
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from handoff.console.access import access_talk, reading_cadre, to_sign_in
from handoff.console.rows import alarms_fingerprint, queue_fingerprint
from handoff.console.stand import talk_fingerprint
from handoff.desk import ConversationNotFound
from handoff.duty import mark_present
from handoff.models import Cadre
from handoff.viewing import mark_viewing
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.console")


@dataclass(frozen=True)
class Pace:
    """Seconds between looks at the database, at most and at least; between signs of life; between signs of presence."""

    look_s: float = 1.0
    rest_s: float = 0.2
    alive_s: float = 15.0
    present_s: float = 20.0


@dataclass(frozen=True)
class OpenPage:
    """A page of the console that is open. `talk_id` is 0 on the queue's page."""

    cadre: Cadre
    session_key: str
    talk_id: int

    def look(self, *, now: datetime) -> dict[str, str]:
        """The fingerprint of every part of the page. Reads the database."""
        close_old_connections()
        organisation = self.cadre.organisation_id
        parts = {"queue": queue_fingerprint(organisation, now=now), "alarms": alarms_fingerprint(organisation)}
        return parts | {"talk": talk_fingerprint(self.talk_id, now=now)} if self.talk_id else parts

    def still_signed_in(self, *, now: datetime) -> bool:
        """Whether the session stands and the account may still read talks; then the cadre is marked present."""
        close_old_connections()
        request = HttpRequest()
        request.session = SessionStore(self.session_key)
        cadre = reading_cadre(get_user(request))
        if cadre is None or cadre.organisation_id != self.cadre.organisation_id:
            return False
        mark_present(cadre, now=now)
        self._mark_viewing(cadre, now=now)
        return True

    def _mark_viewing(self, cadre: Cadre, *, now: datetime) -> None:
        """Colleagues see who has the talk on the screen; not of a talk that has gone out of this cadre's sight."""
        try:
            if self.talk_id and access_talk(cadre, self.talk_id):
                mark_viewing(self.talk_id, cadre, now=now)
        except ConversationNotFound:
            return


@require_GET
async def stream(request: HttpRequest) -> HttpResponseBase:
    """The stream of one page; `talk` in the query names the talk that the page shows."""
    opened = await sync_to_async(_open)(request)
    if isinstance(opened, HttpResponse):
        return opened
    response = StreamingHttpResponse(
        events(opened, clock=timezone.now), content_type="text/event-stream; charset=utf-8"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx would hold the events back
    return response


def _open(request: HttpRequest) -> OpenPage | HttpResponse:
    if not request.user.is_authenticated:
        return to_sign_in(request)
    cadre = reading_cadre(request.user)
    talk = request.GET.get("talk", "0")
    if cadre is None or not talk.isdecimal() or len(talk) > 18:
        raise Http404
    try:
        talk_id = access_talk(cadre, int(talk)).pk if int(talk) else 0
    except ConversationNotFound as error:
        raise Http404 from error
    return OpenPage(cadre, request.session.session_key or "", talk_id)


async def events(page: OpenPage, *, clock: Callable[[], datetime], pace: Pace = Pace()) -> AsyncIterator[str]:
    """Event-stream text for as long as the page is open and the cadre signed in."""
    news, loop = asyncio.Event(), asyncio.get_running_loop()
    stops = _listen(page, lambda: _wake(loop, news))
    said: dict[str, str] | None = None
    spoke_at = present_at = float("-inf")
    try:
        yield "retry: 2000\n\n"
        while True:
            if loop.time() - present_at >= pace.present_s:
                present_at = loop.time()
                if not await _ask(page.still_signed_in, True, now=clock()):
                    yield "event: ended\ndata: {}\n\n"
                    return
            news.clear()
            seen = await _ask(page.look, said or {}, now=clock())
            if seen != said:
                said, spoke_at = seen, loop.time()
                yield f"event: state\ndata: {json.dumps(seen)}\n\n"
            elif loop.time() - spoke_at >= pace.alive_s:
                spoke_at = loop.time()
                yield "event: alive\ndata: {}\n\n"
            await asyncio.sleep(pace.rest_s)
            await _until(news, pace.look_s - pace.rest_s)
    finally:
        for stop in stops:
            stop()


def _listen(page: OpenPage, wake: Callable[[], None]) -> list[Callable[[], None]]:
    """News of the queue concerns every page, news of messages the page that shows their talk."""

    def of_talk(conversation_id: int) -> None:
        if conversation_id == page.talk_id:
            wake()

    return [
        bulletin.subscribe(Topic.QUEUE, lambda _: wake()),
        bulletin.subscribe(Topic.VISIBLE, of_talk),
        bulletin.subscribe(Topic.OUTBOUND, of_talk),
    ]


def _wake(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(news.set)


async def _until(news: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(news.wait(), seconds)
    except TimeoutError:
        return


async def _ask(question: Callable[..., Any], otherwise: Any, *, now: datetime) -> Any:
    """The answer from the database; `otherwise` while it does not answer, so that open pages outlive a hiccup."""
    try:
        return await sync_to_async(question, thread_sensitive=False)(now=now)
    except DatabaseError as error:
        log.warning("console stream: the database did not answer: %s", type(error).__name__)
        return otherwise
