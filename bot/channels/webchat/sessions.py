"""Who is at the other end: a random token in a cookie, of which the database holds only a keyed hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from bot.channels.webchat.consent import notice_digest
from bot.scenes import note_scan
from bot.visitors import begin_conversation
from handoff import installation
from handoff.kinds import Channel
from handoff.models import ChannelIdentity, Conversation, Organisation

COOKIE = "niangjia_chat"
TOKEN_BYTES = 32
IDLE_FOR = timedelta(hours=12)
# How often `seen_at` is written: a page that is being used need not cost a write for every request.
REFRESH_AFTER = timedelta(minutes=1)
_LONGEST_TOKEN = 100


class SessionOver(Exception):
    """There is no talk behind this cookie: never begun, idle for too long, or ended."""


class UnionMissing(Exception):
    """The installation has no union yet: its first run has not finished."""


@dataclass(frozen=True)
class Visitor:
    """A person with a live cookie, and their conversation (contact loaded)."""

    token: str
    identity: ChannelIdentity
    conversation: Conversation

    @property
    def talk(self) -> str:
        """A name of the conversation that says nothing about it; the page uses it to notice that it is another one."""
        return salted_hmac("webchat talk", str(self.conversation.pk), algorithm="sha256").hexdigest()[:16]


def keyed_hash(token: str) -> str:
    """64 hex digits: HMAC-SHA256 of the token under the installation's secret key."""
    return installation.keyed_hash("webchat session", token)


def token_of(request: HttpRequest) -> str:
    """The cookie's value, or an empty string."""
    token: str = request.COOKIES.get(COOKIE, "")
    return token if len(token) <= _LONGEST_TOKEN else ""


def find(token: str, *, now: datetime) -> Visitor:
    """The visitor behind a token. Raises SessionOver."""
    identity = _identity(token, now)
    conversation = (
        Conversation.objects.select_related("contact", "organisation", "holder")
        .filter(contact_id=identity.contact_id, channel=Channel.WEBCHAT)
        .order_by("-pk")
        .first()
    )
    if conversation is None:
        raise SessionOver
    return Visitor(token, identity, conversation)


def begin(token: str, *, now: datetime, scene: str = "") -> Visitor:
    """A new contact with a conversation, known by `token` (256 random bits); `scene` is the poster by which they came.

    Raises UnionMissing.
    """
    union = Organisation.objects.order_by("pk").first()
    if union is None:
        raise UnionMissing
    begin_conversation(union, Channel.WEBCHAT, external_hash=keyed_hash(token), now=now, accepted=notice_digest())
    visitor = find(token, now=now)
    if scene:
        note_scan(visitor.identity, scene, is_new=True, now=now)
    return visitor


def refresh(visitor: Visitor, *, now: datetime) -> bool:
    """Note that the page is in use; whether anything was written (then the cookie is to be sent again)."""
    if now - visitor.identity.seen_at < REFRESH_AFTER:
        return False
    ChannelIdentity.objects.filter(pk=visitor.identity.pk).update(seen_at=now)
    return True


def set_cookie(response: HttpResponseBase, token: str, *, secure: bool) -> None:
    """Give the browser the token; scripts cannot read it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(IDLE_FOR.total_seconds()),
        secure=secure or settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: HttpResponseBase) -> None:
    """Take the token back from the browser."""
    response.delete_cookie(COOKIE, samesite="Lax")


def _identity(token: str, now: datetime) -> ChannelIdentity:
    if not token:
        raise SessionOver
    identity = ChannelIdentity.objects.filter(
        channel=Channel.WEBCHAT, account="main", external_hash=keyed_hash(token), seen_at__gt=now - IDLE_FOR
    ).first()
    if identity is None:
        raise SessionOver
    return identity
