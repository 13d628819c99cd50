"""What waits on its way through the desk, over all processes: counts and times, never a word or a name of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Max, Min, Q, QuerySet

from handoff.kinds import Channel, Delivery, MessageKind
from handoff.models import Message, PendingMedia, PlatformToken, Push

# What cannot be taken in after so many tries stays, sealed, and is looked at by a person (`niangjia check` tells).
MOST_ATTEMPTS: Final = 5
# What came before is not looked for: on a channel where nothing has come for so long, nothing comes.
_LOOKED_BACK: Final = timedelta(days=7)
# The newest messages only: the table grows for ever.
_NEWEST: Final = 5_000


@dataclass(frozen=True)
class Backlog:
    """What waits to be taken in, and since when the oldest does. `stuck`: given up, a person is to look."""

    count: int
    oldest_at: datetime | None
    stuck: int = 0


@dataclass(frozen=True)
class Flow:
    """What waits at each step: pushes to be taken in, messages for their turn, replies to be sent, media to be fetched.

    `until_heard`: replies that wait for their worker's next message; nothing is wrong with them.
    """

    untaken: Backlog
    turns: Backlog
    sends: Backlog
    media: Backlog
    until_heard: int


@dataclass(frozen=True)
class ChannelPulse:
    """Signs of life of one account of a channel; None where there was none lately, `token_*` where it needs none."""

    channel: Channel
    account: str
    heard_at: datetime | None
    sent_at: datetime | None
    token_fetched_at: datetime | None = None
    token_expires_at: datetime | None = None


def backlog() -> Backlog:
    """Pushes that are stored and not taken in."""
    found = Push.objects.filter(taken_at__isnull=True).aggregate(
        count=Count("pk", filter=Q(attempts__lt=MOST_ATTEMPTS)),
        oldest=Min("received_at", filter=Q(attempts__lt=MOST_ATTEMPTS)),
        stuck=Count("pk", filter=Q(attempts__gte=MOST_ATTEMPTS)),
    )
    return Backlog(found["count"], found["oldest"], found["stuck"])


def flow() -> Flow:
    """All steps at this moment."""
    ours = Message.objects.exclude(kind=MessageKind.WORKER)
    unanswered = Message.objects.filter(kind=MessageKind.WORKER, answered_at__isnull=True)
    due = PendingMedia.objects.filter(next_at__isnull=False)
    return Flow(
        untaken=backlog(),
        turns=_waiting(unanswered, "created_at"),
        sends=_waiting(ours.filter(delivery__in=[Delivery.PENDING, Delivery.SENDING]), "created_at"),
        media=_waiting(due, "message__created_at"),
        until_heard=ours.filter(delivery=Delivery.WAITING).count(),
    )


def pulse_of(channel: Channel, account: str, *, now: datetime) -> ChannelPulse:
    """When something last came from there, when something last went out, how old its token is."""
    token = PlatformToken.objects.filter(channel=channel, account=account).first()
    return ChannelPulse(
        channel=channel,
        account=account,
        heard_at=_heard_at(channel, account, now=now),
        sent_at=_sent_at(channel, account),
        token_fetched_at=token.fetched_at if token is not None else None,
        token_expires_at=token.expires_at if token is not None else None,
    )


def _waiting(rows: QuerySet[Message] | QuerySet[PendingMedia], since: str) -> Backlog:
    found = rows.aggregate(count=Count("pk"), oldest=Min(since))
    return Backlog(found["count"], found["oldest"])


def _heard_at(channel: Channel, account: str, *, now: datetime) -> datetime | None:
    """The last push; where nothing is pushed, the last message."""
    if channel in (Channel.WECHAT, Channel.TELEGRAM):
        pushes = Push.objects.filter(channel=channel, account=account, received_at__gt=now - _LOOKED_BACK)
        return pushes.order_by("-received_at").values_list("received_at", flat=True).first()
    last: datetime | None = (
        _newest(channel, account).filter(kind=MessageKind.WORKER).aggregate(at=Max("created_at"))["at"]
    )
    return last


def _sent_at(channel: Channel, account: str) -> datetime | None:
    sent = _newest(channel, account).exclude(kind=MessageKind.WORKER).filter(delivery=Delivery.SENT)
    last: datetime | None = sent.aggregate(at=Max("delivery_changed_at"))["at"]
    return last


def _newest(channel: Channel, account: str) -> QuerySet[Message]:
    newest = Message.objects.aggregate(last=Max("pk"))["last"] or 0
    return Message.objects.filter(pk__gt=newest - _NEWEST, conversation__channel=channel, conversation__account=account)
