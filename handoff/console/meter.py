"""Beside the reply box: how many replies still reach the worker, for how long, and what to do when none does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handoff.kinds import Channel
from handoff.models import Conversation
from handoff.windows import Reach, Standing, time_left

# From here on a cadre's lines that come one after the other go out as one (bot.channels.wechat.sender).
_FEW: Final = 3


@dataclass(frozen=True)
class Meter:
    """`before`, `time`, `after` make up the sentence; the page counts `time` down until `until`.

    `few`: only a few replies are left. `call`: what is written does not arrive, and a call is offered. `long_texts`:
    the channel takes a long text in several messages, which count.
    """

    before: str = ""
    time: str = ""
    after: str = ""
    until: datetime | None = None
    few: bool = False
    call: bool = False
    long_texts: bool = False

    @property
    def shown(self) -> bool:
        """Nothing to say where everything arrives and nobody counts."""
        return bool(self.before)


def meter_of(conversation: Conversation, standing: Standing, *, now: datetime) -> Meter:
    """Empty where everything arrives and nobody counts, and for a worker who has ended the talk or was erased."""
    ended = conversation.closed_at is not None or conversation.contact.erased_at is not None
    if standing.reach is Reach.FREE or ended:
        return Meter()
    words = standing.words(now=now)
    counts = standing.reach is Reach.LEFT and standing.until is not None
    time = time_left(standing.until, now=now) if counts and standing.until else ""
    before, _, after = words.partition(time) if time else (words, "", "")
    return Meter(
        before=before,
        time=time,
        after=after,
        until=standing.until if counts else None,
        few=counts and (standing.left or 0) <= _FEW,
        call=not standing.reach.arrives,
        long_texts=counts and conversation.channel == Channel.WECHAT,
    )
