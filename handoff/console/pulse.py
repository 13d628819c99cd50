"""Queues and channels on the page for operators: counts and times in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Q

from handoff.console.delivery_texts import REASONS
from handoff.console.state_texts import FLOW, PULSE, REASON_COUNT
from handoff.console.states import meaning_of
from handoff.console.talk_texts import CHANNEL_ACCOUNT
from handoff.console.times import how_long
from handoff.kinds import Channel, Delivery, MessageKind
from handoff.models import Message
from handoff.pushes import Backlog, ChannelPulse, Flow, pulse_of

LATE_AFTER: Final = timedelta(minutes=1)
# A platform may be down for hours: that its pictures wait is no fault of the desk.
_MAY_WAIT: Final = ("media",)
_FAILED_WITHIN: Final = timedelta(hours=24)


@dataclass(frozen=True)
class FlowLine:
    """One step, how much waits there, and whether the oldest has waited too long."""

    label: str
    words: str
    late: bool = False


@dataclass(frozen=True)
class ChannelLine:
    """One account of a channel."""

    name: str
    heard: str
    sent: str
    token: str


def flow_lines(flow: Flow, *, now: datetime) -> list[FlowLine]:
    """In the order in which a message goes through the desk."""
    steps: dict[str, Backlog] = {name: getattr(flow, name) for name in ("untaken", "turns", "sends", "media")}
    lines = [_line(name, step, now=now) for name, step in steps.items()]
    return [*lines, FlowLine(FLOW["until_heard"], FLOW["count"].format(count=flow.until_heard))]


def is_late(step: Backlog, *, now: datetime) -> bool:
    """Whether the oldest has waited longer than anything should."""
    return step.oldest_at is not None and step.oldest_at < now - LATE_AFTER


def channel_lines(*, now: datetime) -> list[ChannelLine]:
    """Every account that the settings name, and the web page."""
    return [_channel_line(channel, account, now=now) for channel, account in channels_of_settings()]


def channels_of_settings() -> Iterator[tuple[Channel, Any]]:
    """Each channel with its WeChat account, None for the others."""
    for account in settings.NIANGJIA.wechat.accounts:
        yield Channel.WECHAT, account
    if settings.NIANGJIA.telegram.enabled:
        yield Channel.TELEGRAM, None
    yield Channel.WEBCHAT, None


def reasons_of_failures(*, now: datetime) -> list[str]:
    """Why replies did not go out in the last 24 hours, or are being tried again, in words with their counts."""
    failed = Q(delivery__in=[Delivery.FAILED, Delivery.UNCERTAIN], delivery_changed_at__gt=now - _FAILED_WITHIN)
    again = Q(delivery=Delivery.PENDING, attempts__gt=0)
    rows = Message.objects.exclude(kind=MessageKind.WORKER).filter(failed | again).exclude(delivery_reason="")
    counts: Counter[str] = Counter()
    for reason, count in rows.values_list("delivery_reason").annotate(count=Count("pk")).order_by():
        counts[REASONS[meaning_of(reason)]] += count
    return [REASON_COUNT.format(reason=reason, count=count) for reason, count in counts.most_common()]


def _line(name: str, step: Backlog, *, now: datetime) -> FlowLine:
    if step.oldest_at is None:
        return FlowLine(FLOW[name], FLOW["count"].format(count=step.count))
    words = FLOW["waited"].format(count=step.count, waited=how_long(step.oldest_at, now=now))
    return FlowLine(FLOW[name], words, late=name not in _MAY_WAIT and is_late(step, now=now))


def _channel_line(channel: Channel, account: Any, *, now: datetime) -> ChannelLine:
    pulse = pulse_of(channel, account.name if account is not None else "main", now=now)
    name = CHANNEL_ACCOUNT.format(channel=channel.label, account=account.name) if account else str(channel.label)
    return ChannelLine(
        name, _ago(pulse.heard_at, now=now), _ago(pulse.sent_at, now=now), _token(pulse, account, now=now)
    )


def _ago(at: datetime | None, *, now: datetime) -> str:
    return PULSE["never"] if at is None else PULSE["ago"].format(time=how_long(at, now=now))


def _token(pulse: ChannelPulse, account: Any, *, now: datetime) -> str:
    if account is None:
        return ""
    if not account.can_push:
        return PULSE["unverified"]
    if pulse.token_fetched_at is None:
        return PULSE["token_none"]
    over = pulse.token_expires_at is not None and pulse.token_expires_at <= now
    return PULSE["token_over" if over else "token"].format(time=how_long(pulse.token_fetched_at, now=now))
