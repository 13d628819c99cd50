"""News for a page without a living stream: no EventSource, or something on the way that holds streams back."""

from __future__ import annotations

import logging

from django.db import Error as DatabaseFault
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bot.channels.webchat import sessions
from bot.channels.webchat.news import News, news_for
from bot.channels.webchat.refusals import Reason, in_words
from bot.channels.webchat.sessions import SessionOver, Visitor
from bot.channels.webchat.stream import admitted, place_of
from bot.channels.webchat.watch import watch
from bot.composition import desk
from handoff.encryption import ContactErased

log = logging.getLogger("niangjia.webchat")


@require_GET
async def news(request: HttpRequest) -> HttpResponse:
    """What the stream would say now, as one answer: {"talk", "messages", "more", "standing"}; 401 without a talk."""
    token = sessions.token_of(request)
    try:
        visitor, renewed = await admitted(token)
        found = await _read(visitor, place_of(request).in_talk_of(visitor))
    except (SessionOver, ContactErased):
        return in_words(Reason.STALE)
    except DatabaseFault as error:
        log.error("reading news: %s", type(error).__name__)
        return in_words(Reason.BUSY)
    response = JsonResponse(
        {
            "talk": visitor.talk,
            "messages": found.messages,
            "more": found.more,
            "standing": found.standing.as_json(),
        },
        headers={"Cache-Control": "no-store"},
    )
    if renewed:
        sessions.set_cookie(response, token, secure=request.is_secure())
    return response


async def _read(visitor: Visitor, after: int) -> News:
    """The same question as a stream's, so that both share one reading."""

    def fresh() -> News:
        return news_for(visitor.token, after=after, ready=desk().parts.ready, now=timezone.now())

    found: News = await watch().shared.ask(sessions.keyed_hash(visitor.token), after, fresh)
    return found
