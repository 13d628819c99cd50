"""Somebody who writes faster than anybody reads: all of it is stored and screened at once, answers come a little later.

Nothing is refused and nothing is forgotten: a message that is to wait keeps `retry_at`, the time of its turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from bot.texts import TURNS
from handoff.kinds import MessageKind
from handoff.models import Conversation, Message
from handoff.outbox import say

# Said once, then not again for so long.
TOLD_AGAIN_AFTER: Final = timedelta(minutes=10)
WORDS_NAME: Final = "slower"


@dataclass(frozen=True)
class Pace:
    """At most `most` answers of the dialogue in one talk `within` a time: more than a person writes."""

    most: int = 20
    within: timedelta = timedelta(seconds=60)

    def answer_at(self, answered: Sequence[datetime], waiting: Sequence[datetime], *, now: datetime) -> datetime:
        """When the next message is due; `now` when it may be answered at once.

        `answered`: when earlier messages were; `waiting`: when those that wait are due. Nobody overtakes them, and each
        place in the line is given once. Times after `now` among the answered (the clock was set back) count as now.
        """
        times = sorted([*(min(at, now) for at in answered), *waiting])
        earliest = max([now, *waiting])
        return earliest if len(times) < self.most else max(earliest, times[-self.most] + self.within)


PACE: Final = Pace()


def is_due(now: datetime, pace: Pace = PACE) -> Q:
    """The workers' messages whose turn it is; after a clock was set back, those that could not have to wait so long."""
    longest = now + TOLD_AGAIN_AFTER + pace.within
    return Q(retry_at__isnull=True) | Q(retry_at__lte=now) | Q(retry_at__gt=longest)


def slow_down(conversation: Conversation, message: Message, *, now: datetime, pace: Pace = PACE) -> bool:
    """Whether the dialogue answers this screened message later; its turn is noted then, and the worker told once.

    The caller's transaction holds the conversation's lock, and lets the message go unanswered.
    """
    due = pace.answer_at(*_times(conversation, message, pace, now), now=now)
    if due <= now:
        return False
    if message.retry_at is None:
        _tell(conversation, message, now)
    message.retry_at, message.attempts = due, max(0, message.attempts - 1)  # to wait is no failed attempt
    Message.objects.filter(pk=message.pk).update(retry_at=due, attempts=message.attempts)
    return True


def _times(
    conversation: Conversation, message: Message, pace: Pace, now: datetime
) -> tuple[list[datetime], list[datetime]]:
    """When messages were answered lately, and when those before this one are due."""
    lately = Q(answered_at__gt=now - pace.within)
    before = Q(answered_at__isnull=True, retry_at__gt=now, pk__lt=message.pk)
    theirs = Message.objects.filter(lately | before, conversation=conversation, kind=MessageKind.WORKER)
    times = theirs.values_list("answered_at", "retry_at")
    return [at for at, _ in times if at], [due for at, due in times if due and not at]


def _tell(conversation: Conversation, message: Message, now: datetime) -> None:
    told = Message.objects.filter(
        conversation=conversation, words_name=WORDS_NAME, created_at__gt=now - TOLD_AGAIN_AFTER
    )
    if not told.exists():
        say(conversation, MessageKind.FIXED, TURNS["slower"], now=now, in_reply_to=message, words_name=WORDS_NAME)
