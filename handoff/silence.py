"""A cadre who holds a talk and does not answer: after 5 minutes the worker is told, after 15 a colleague is called."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from handoff.alarms import raise_alarm
from handoff.audit import record
from handoff.desk_texts import DESK
from handoff.kinds import AuditAction, MessageKind
from handoff.models import Conversation, Message
from handoff.one_by_one import one_by_one
from handoff.outbox import say
from handoff.screening.levels import Level
from handoff.wakeups import Topic, bulletin

TOLD_AFTER = timedelta(minutes=5)
TAKEN_BACK_AFTER = timedelta(minutes=15)
_AT_ONCE = 100


def mark_unanswered(conversation: Conversation, *, now: datetime) -> None:
    """A worker wrote; in a held talk the clock starts. The caller holds the lock and saves `unanswered_since`."""
    if conversation.holder_id is not None and conversation.unanswered_since is None:
        conversation.unanswered_since = now


def mark_answered(conversation: Conversation) -> None:
    """The cadre wrote, or the talk changed hands. The caller holds the lock and saves both fields."""
    conversation.unanswered_since = conversation.silence_told_at = None


def tend_silence(*, now: datetime) -> int:
    """Tell workers of a cadre's silence and put talks back into the queue; in how many talks something was done."""
    held = Conversation.objects.filter(unanswered_since__isnull=False, holder__isnull=False)
    held.filter(unanswered_since__gt=now).update(unanswered_since=now)  # the clock was set back: count from now on
    late = held.filter(unanswered_since__lte=now - TOLD_AFTER)
    untold = list(late.filter(silence_told_at__isnull=True).values_list("pk", flat=True)[:_AT_ONCE])
    lost = list(late.filter(unanswered_since__lte=now - TAKEN_BACK_AFTER).values_list("pk", flat=True)[:_AT_ONCE])
    return one_by_one(dict.fromkeys([*untold, *lost]), lambda pk: _tend(pk, now=now))


def _tend(pk: int, *, now: datetime) -> bool:
    with transaction.atomic():
        conversation = Conversation.locked(pk)
        since = conversation.unanswered_since
        if since is None or conversation.holder is None or conversation.contact.erased_at is not None:
            return False
        if now - since >= TAKEN_BACK_AFTER:
            _take_back(conversation, now=now)
        elif now - since >= TOLD_AFTER and conversation.silence_told_at is None:
            conversation.silence_told_at = now
            _say(conversation, "silent_holder", conversation.holder.display_name, now=now)
        else:
            return False
        conversation.save()
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return True


def _take_back(conversation: Conversation, *, now: datetime) -> None:
    """Back into the queue at the place that the worker's wait gives; what was said stays, the desk stays silent.

    The desk would speak over what the cadre had begun: only a person goes on from here, or the worker's 「接着问」.
    """
    holder = conversation.holder
    if holder is None:
        return
    conversation.waiting_since = conversation.unanswered_since
    conversation.holder = conversation.held_since = conversation.words_due_at = None
    conversation.assigned_to = conversation.assigned_at = None
    conversation.silent = True
    mark_answered(conversation)
    if Level(conversation.level) == Level.CRISIS:
        raise_alarm(conversation, now=now, graver=True)
    _say(conversation, "taken_back", holder.display_name, now=now)
    record(AuditAction.REQUEUE, f"conversation:{conversation.pk}", cadre=holder, now=now, detail="silent")


def _say(conversation: Conversation, key: str, name: str, *, now: datetime) -> Message:
    return say(conversation, MessageKind.FIXED, DESK[key].format(name=name), now=now, words_name=key)
