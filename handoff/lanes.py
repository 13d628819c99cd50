"""What follows when screening has noticed something: fixed words, a case, a place in the queue, an alarm."""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff.cases import CaseKind, open_case
from handoff.duty import anyone_on_duty, next_seen_at
from handoff.kinds import MessageKind
from handoff.models import Conversation, Message
from handoff.outbox import say, silence_engine
from handoff.screening.levels import Finding, Level
from handoff.wakeups import Topic, bulletin
from handoff.words import HotlineView, fixed_words, waiting_words

# While somebody in danger waits they read that they are heard, but not the same line after every message.
_REPEAT_AFTER = timedelta(minutes=5)
_LINES_AT_ONCE = 2
_CASE_OF_LEVEL = {
    Level.CRISIS: CaseKind.CRISIS,
    Level.DISTRESS: CaseKind.SENSITIVE,
    Level.SENSITIVE: CaseKind.SENSITIVE,
}


def attend(conversation: Conversation, message: Message, finding: Finding, *, now: datetime) -> None:
    """Act on a finding above ordinary. The caller's transaction holds the conversation's lock.

    In a held chat the cadre is alarmed and the desk stays silent; otherwise the worker reads the fixed words.
    """
    _raise_level(conversation, finding)
    message.level = finding.level.value
    if finding.level == Level.CRISIS:
        conversation.alarmed_at, conversation.acknowledged_at, conversation.acknowledged_by = now, None, None
    open_case(conversation, _CASE_OF_LEVEL[finding.level], now=now, begun_by=message)
    if conversation.holder_id is None:
        conversation.waiting_since = conversation.waiting_since or now
        silence_engine(conversation, now=now, reason=finding.level.value)
        _speak(conversation, message, finding, now=now)
    message.answered_at = now
    message.save(update_fields=["level", "answered_at"])
    conversation.save(
        update_fields=["level", "categories", "alarmed_at", "acknowledged_at", "acknowledged_by", "waiting_since"]
    )
    bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)


def reassure(conversation: Conversation, message: Message, *, now: datetime) -> None:
    """A further message of somebody for whom the desk is silent and no cadre has come yet."""
    if not _spoken_lately(conversation, now=now):
        words = waiting_words(
            on_duty=anyone_on_duty(conversation.organisation, now=now),
            hotlines=hotlines_of(conversation),
            seen_at=next_seen_at(),
        )
        say(conversation, MessageKind.FIXED, words.text, now=now, in_reply_to=message)


def hotlines_of(conversation: Conversation) -> list[HotlineView]:
    """The numbers of this talk's union, in their order."""
    return [
        HotlineView(number=line.number, name=line.name, hours=line.hours, purpose=line.purpose, dial=line.dial)
        for line in conversation.organisation.hotlines.all()
    ]


def _raise_level(conversation: Conversation, finding: Finding) -> None:
    if finding.level.seriousness > Level(conversation.level).seriousness:
        conversation.level = finding.level.value
    new = [category.value for category in finding.categories if category.value not in conversation.categories]
    conversation.categories = [*conversation.categories, *new]


def _speak(conversation: Conversation, message: Message, finding: Finding, *, now: datetime) -> None:
    if finding.level != Level.CRISIS and _spoken_lately(conversation, now=now):
        return
    words = fixed_words(
        finding,
        on_duty=anyone_on_duty(conversation.organisation, now=now),
        hotlines=hotlines_of(conversation),
        seen_at=next_seen_at(),
    )
    extras = {"words_version": words.version}
    say(conversation, MessageKind.FIXED, words.text, now=now, in_reply_to=message, extras=extras)


def _spoken_lately(conversation: Conversation, *, now: datetime) -> bool:
    lately = Message.objects.filter(
        conversation=conversation, kind=MessageKind.FIXED, created_at__gt=now - _REPEAT_AFTER
    )
    return lately.count() >= _LINES_AT_ONCE
