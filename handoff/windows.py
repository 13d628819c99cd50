"""Whether a cadre can reach a worker now: the platform's window since the worker last wrote or tapped, and its quota.

WeChat lets an official account send 5 customer-service messages within 48 hours after a message, and 3 within a minute
after a tap on a menu or a link, a follow or a scan. The count here is ours and shown, never in the way: the platform
has the last word (45015, 45047).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, F, Max, Q, Sum

from handoff.kinds import Channel, WindowKind
from handoff.models import ChannelIdentity, Conversation
from handoff.windows_texts import BY_NOTICE, BY_TELEPHONE, REACH, SHORT, TIME_LEFT

QUOTA: Final = {WindowKind.MESSAGE: 5, WindowKind.TAP: 3}
OPEN_FOR: Final = {WindowKind.MESSAGE: timedelta(hours=48), WindowKind.TAP: timedelta(minutes=1)}
# A web page's cookie lives this long after its last use (bot.channels.webchat.sessions).
PAGE_LIVES_FOR: Final = timedelta(hours=12)


class Reach(StrEnum):
    """How a worker can be reached by writing. Values are names of words."""

    FREE = "free"
    LEFT = "left"
    USED_UP = "used_up"
    OVER = "over"
    TAP_OVER = "tap_over"
    UNVERIFIED = "unverified"
    UNFOLLOWED = "unfollowed"
    BLOCKED = "blocked"
    CLOSED = "closed"

    @property
    def arrives(self) -> bool:
        """Whether what is written now is likely to arrive now."""
        return self in (Reach.FREE, Reach.LEFT)


@dataclass(frozen=True)
class Standing:
    """How it stands now; `left` messages until `until`, where the platform counts.

    `notice`: where it does not arrive now, the account has a notice that tells the worker to come and look.
    """

    reach: Reach
    left: int | None = None
    until: datetime | None = None
    notice: bool = False

    @property
    def short(self) -> str:
        """For a row of the list; empty while what is written arrives."""
        return SHORT[self.reach.value]

    def words(self, *, now: datetime) -> str:
        """One short line for the cadre; where what is written does not arrive, with what to do."""
        time = time_left(self.until, now=now) if self.until is not None else ""
        said = REACH[self.reach.value].format(left=self.left, time=time)
        return said if self.reach.arrives else said + (BY_NOTICE if self.notice else BY_TELEPHONE)


def open_window(conversation: Conversation, kind: WindowKind, *, now: datetime) -> None:
    """The worker wrote or tapped. A tap does not shorten what a message opened. The caller holds the lock."""
    conversation.unreachable = ""
    standing = _of_message(conversation, now=now)
    if kind is WindowKind.TAP and standing is not None and standing.left:
        conversation.save(update_fields=["unreachable"])
        return
    conversation.window_opened_at, conversation.window_kind, conversation.window_used = now, kind, 0
    conversation.save(update_fields=["unreachable", "window_opened_at", "window_kind", "window_used"])


def note_sent(conversation_id: int, count: int) -> None:
    """So many platform messages went out."""
    if count:
        Conversation.objects.filter(pk=conversation_id).update(window_used=F("window_used") + count)


def note_used_up(conversation_id: int) -> None:
    """The platform says that its quota is used: its count is right, whatever ours was."""
    Conversation.objects.filter(pk=conversation_id).update(window_used=QUOTA[WindowKind.MESSAGE])


def note_over(conversation_id: int) -> None:
    """The platform says that its window is closed."""
    Conversation.objects.filter(pk=conversation_id).update(window_opened_at=None, window_kind="")


def note_unreachable(conversation_id: int, why: Reach) -> None:
    """The worker unfollowed the account or blocked the bot."""
    Conversation.objects.filter(pk=conversation_id).update(unreachable=why.value)


def standing_of(conversation: Conversation, *, now: datetime) -> Standing:
    """How a worker can be reached by writing now."""
    return standings_of([conversation], now=now)[conversation.pk]


def standings_of(conversations: Iterable[Conversation], *, now: datetime) -> dict[int, Standing]:
    """The same for many, by conversation id, with one look at the database at most."""
    found = {conversation.pk: _by_row(conversation, now=now) for conversation in conversations}
    silent = [pk for pk, standing in found.items() if standing is None]
    alive = _pages_alive(silent, now=now) if silent else frozenset[int]()
    return {pk: standing or Standing(Reach.FREE if pk in alive else Reach.CLOSED) for pk, standing in found.items()}


def reach_figures(*, now: datetime) -> dict[str, Any]:
    """For the fingerprint of a list of talks: changes when one's reach may have, also by the passing of time."""
    opened = {kind: Q(window_kind=kind, window_opened_at__gt=now - length) for kind, length in OPEN_FOR.items()}
    return {
        "reach_used": Sum("window_used"),
        "reach_opened": Max("window_opened_at"),
        "reach_lost": Count("pk", filter=~Q(unreachable="")),
        "reach_heard": Count("pk", filter=Q(heard_at__gt=now - PAGE_LIVES_FOR)),
        **{f"reach_in_{kind.value}": Count("pk", filter=found) for kind, found in opened.items()},
    }


def time_left(until: datetime, *, now: datetime) -> str:
    """In hours, under an hour in minutes, under a minute in seconds; rounded down."""
    seconds = max(0, int((until - now).total_seconds()))
    if seconds >= 3600:
        return TIME_LEFT["hours"].format(count=seconds // 3600)
    if seconds >= 60:
        return TIME_LEFT["minutes"].format(count=seconds // 60)
    return TIME_LEFT["seconds"].format(count=seconds)


def _by_row(conversation: Conversation, *, now: datetime) -> Standing | None:
    """From the row alone; None for a web page of which nothing was heard for long: its cookie may be fresh still."""
    if conversation.unreachable:
        return Standing(Reach(conversation.unreachable))
    if conversation.channel == Channel.WECHAT:
        return _on_wechat(conversation, now=now)
    if conversation.channel == Channel.WEBCHAT and not _heard_within(conversation, PAGE_LIVES_FOR, now=now):
        return None
    return Standing(Reach.FREE)


def _on_wechat(conversation: Conversation, *, now: datetime) -> Standing:
    account = settings.NIANGJIA.wechat.account(conversation.account)
    if account is not None and not account.can_push:
        return Standing(Reach.UNVERIFIED)
    notice = account is not None and account.can_notice
    until = closes_at(conversation)
    if until is None or now >= until:
        of_tap = conversation.window_kind == WindowKind.TAP
        return Standing(Reach.TAP_OVER if of_tap else Reach.OVER, notice=notice)
    left = max(0, QUOTA[WindowKind(conversation.window_kind)] - conversation.window_used)
    return Standing(Reach.LEFT if left else Reach.USED_UP, left, until, notice=notice and not left)


def _of_message(conversation: Conversation, *, now: datetime) -> Standing | None:
    """What a message has opened and still holds."""
    until = closes_at(conversation)
    if conversation.window_kind != WindowKind.MESSAGE or until is None or now >= until:
        return None
    return Standing(Reach.LEFT, max(0, QUOTA[WindowKind.MESSAGE] - conversation.window_used), until)


def closes_at(conversation: Conversation) -> datetime | None:
    """When the platform's window closes or closed; None where none is known."""
    if conversation.window_opened_at is None or not conversation.window_kind:
        return None
    return conversation.window_opened_at + OPEN_FOR[WindowKind(conversation.window_kind)]


def _heard_within(conversation: Conversation, length: timedelta, *, now: datetime) -> bool:
    return (conversation.heard_at or conversation.created_at) > now - length


def _pages_alive(conversation_ids: Iterable[int], *, now: datetime) -> frozenset[int]:
    """Of web conversations those whose page was open lately: its cookie is renewed while it is."""
    contacts = ChannelIdentity.objects.filter(channel=Channel.WEBCHAT, seen_at__gt=now - PAGE_LIVES_FOR)
    alive = Conversation.objects.filter(pk__in=conversation_ids, contact__in=contacts.values("contact"))
    return frozenset(alive.values_list("pk", flat=True))
