"""What the page asks for: begin, store a message, end and clear, open an article."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_GET, require_POST

from bot.channels.webchat import posters, sessions
from bot.channels.webchat.incoming import Posted, check_offered, read_posted
from bot.channels.webchat.network import network_extras
from bot.channels.webchat.news import platform_key
from bot.channels.webchat.refusals import Reason, Refused, answers_in_words
from bot.channels.webchat.sessions import SessionOver, UnionMissing, Visitor
from bot.composition import desk
from bot.limits import Allowance, network_of
from bot.parts import PartNotReady
from handoff.erasure import end_and_clear
from handoff.intake import Inbound, Received, receive
from knowledge.errors import ArticleNotFound

log = logging.getLogger("niangjia.webchat")

_NO_STORE = {"Cache-Control": "no-store"}
_LONGEST_LAW_NAME = 100
# A dormitory or a works canteen shares one address: enough for all who sit there, too few for a script.
_MOST_BEGINNINGS, _BEGINNINGS_WITHIN = 30, timedelta(minutes=10)


@require_POST
@answers_in_words
def begin(request: HttpRequest) -> HttpResponse:
    """The short notice was accepted: 201 with a new conversation, 200 with the one that this browser has already."""
    now = timezone.now()
    try:
        visitor, status = sessions.find(sessions.token_of(request), now=now), 200
    except SessionOver:
        _check_beginnings(request, now)
        visitor, status = _begin(now, scene=posters.scene_of(request)), 201
    response = JsonResponse({"talk": visitor.talk}, status=status, headers=_NO_STORE)
    sessions.set_cookie(response, visitor.token, secure=request.is_secure())
    return response


@require_POST
@answers_in_words
def messages(request: HttpRequest) -> HttpResponse:
    """Store a message: 201 the first time, 200 for a repeated client id, with the same body."""
    now = timezone.now()
    visitor = visitor_of(request, now)
    posted = read_posted(request)
    if posted.choice is not None:
        check_offered(posted.choice, posted.text, visitor.conversation)
    received = receive(
        visitor.conversation.pk,
        _inbound(visitor, posted, network_extras(request)),
        screen_rules=desk().rules.screen,
        now=now,
    )
    response = stored_answer(posted.client_id, received)
    if sessions.refresh(visitor, now=now):
        sessions.set_cookie(response, visitor.token, secure=request.is_secure())
    return response


@require_POST
@answers_in_words
def clear(request: HttpRequest) -> HttpResponse:
    """「结束并清除」: {"kept": whether an open matter means that the words must be kept}. Other open pages end too."""
    now = timezone.now()
    visitor = visitor_of(request, now)
    cleared = end_and_clear(visitor.conversation, now=now)
    response = JsonResponse({"kept": cleared.kept}, headers=_NO_STORE)
    sessions.drop_cookie(response)
    return response


@require_GET
@answers_in_words
def article(request: HttpRequest) -> HttpResponse:
    """The whole text of an article in force today, for a citation that came without it."""
    law, article_no = request.GET.get("law", ""), request.GET.get("article_no", "")
    if not law or not article_no or max(len(law), len(article_no)) > _LONGEST_LAW_NAME:
        raise Refused(Reason.NO_ARTICLE)
    try:
        knowledge, today = desk().parts.need_knowledge(), timezone.localdate()
        found = knowledge.article(law, article_no, as_of=today)
        day = knowledge.cite(law, article_no, on=today).version_date
    except PartNotReady as error:
        raise Refused(Reason.GETTING_READY) from error
    except ArticleNotFound as error:
        raise Refused(Reason.NO_ARTICLE) from error
    return JsonResponse(
        {
            "law": found.law,
            "article_no": found.article_no,
            "version_date": day.isoformat() if day else "",
            "text": found.text,
        }
    )


def stored_answer(client_id: UUID, received: Received, **more: str) -> HttpResponse:
    """What the page hears of a stored message: 201 the first time, 200 for a repeated one."""
    stored = received.message
    at = timezone.localtime(stored.created_at).isoformat(timespec="seconds")
    answer = {"id": str(client_id), "position": stored.position, "at": at, **more}
    return JsonResponse(answer, status=201 if received.fresh else 200, headers=_NO_STORE)


@lru_cache(maxsize=1)
def beginnings() -> Allowance:
    """How often each address has begun a talk lately, by keyed hashes of the addresses."""
    return Allowance(most=_MOST_BEGINNINGS, within=_BEGINNINGS_WITHIN)


def _check_beginnings(request: HttpRequest, now: datetime) -> None:
    """Only new talks are counted: storing and screening what somebody writes is never limited. Raises Refused."""
    network = network_of(request.META.get("REMOTE_ADDR", ""))
    if network is None:
        return
    key = salted_hmac("webchat address", network, algorithm="sha256").hexdigest()
    if not beginnings().take(key, now=now):
        raise Refused(Reason.MANY_TALKS)


def _begin(now: datetime, *, scene: str) -> Visitor:
    try:
        return sessions.begin(secrets.token_urlsafe(sessions.TOKEN_BYTES), now=now, scene=scene)
    except UnionMissing as error:
        log.error("no union in the database: has the first run finished?")
        raise Refused(Reason.GETTING_READY) from error


def _inbound(visitor: Visitor, posted: Posted, network: dict[str, Any]) -> Inbound:
    return Inbound(
        text=posted.text,
        platform_key=platform_key(visitor, posted.client_id),
        extras={**(posted.choice.as_extras() if posted.choice else {}), **network},
    )


def visitor_of(request: HttpRequest, now: datetime) -> Visitor:
    """Who asks. Raises Refused when there is no talk behind the cookie."""
    try:
        return sessions.find(sessions.token_of(request), now=now)
    except SessionOver as error:
        raise Refused(Reason.STALE) from error
