"""What follows when screening has noticed something: fixed words, a case, a place in the queue, an alarm."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from handoff.alarms import raise_alarm
from handoff.cases import CaseKind, open_case
from handoff.desk_texts import DESK
from handoff.following import Following, following
from handoff.kinds import MessageKind
from handoff.models import Conversation, Message
from handoff.one_by_one import one_by_one
from handoff.outbox import say, silence_engine
from handoff.routing import Routed, route
from handoff.screening.adding_up import Sign, add_up, as_distress
from handoff.screening.levels import Finding, Layer, Level
from handoff.texts import TEXTS
from handoff.wakeups import Topic, bulletin
from handoff.words import FixedWords, fixed_words, waiting_words, words_named
from handoff.words_here import words_here

log = logging.getLogger("niangjia.lanes")

# Whoever writes again and again reads the same line once in a while, not after every message.
SAME_WORDS_AFTER = timedelta(minutes=2)
WAITING_WORDS_AFTER = timedelta(minutes=1)
# In a held talk the cadre speaks first; if they do not, the desk says the crisis words.
HOLDER_SPEAKS_WITHIN = timedelta(seconds=60)
_ALARMING = (Level.CRISIS, Level.DISTRESS)
_CASE_OF_LEVEL = {
    Level.CRISIS: CaseKind.CRISIS,
    Level.DISTRESS: CaseKind.SENSITIVE,
    Level.SENSITIVE: CaseKind.SENSITIVE,
}


def attend(conversation: Conversation, message: Message, finding: Finding, *, now: datetime) -> None:
    """Act on a finding above ordinary. The caller's transaction holds the conversation's lock.

    In a held chat the cadre is alarmed and the desk stays silent for a minute; otherwise the worker reads the fixed
    words. After crisis nothing else follows; after other words the dialogue may have something to say (`following`).
    """
    text = f"{message.body}\n{message.extras.get('file_name', '')}"
    graver = finding.level == Level.CRISIS != Level(conversation.level)
    conversation.silent = _falls_silent(conversation, finding, message.body)
    _raise_level(conversation, finding)
    routed = _routed(conversation, text, finding, now=now)
    open_case(conversation, _CASE_OF_LEVEL[finding.level], now=now, begun_by=message)
    if conversation.holder_id is None:
        conversation.waiting_since = conversation.waiting_since or now
    if routed.lost_its_holder and Level(conversation.level) == Level.CRISIS:
        raise_alarm(conversation, now=now, graver=True)
    elif finding.level == Level.CRISIS or (routed.rings and finding.layer != Layer.CLASSIFIER):
        raise_alarm(conversation, now=now, graver=graver)
    _answer_with_words(conversation, message, finding, now=now)
    message.level = finding.level.value
    message.add_extras(triggers=list(finding.triggers))
    message.save(update_fields=["level", "answered_at", "extras_sealed"])
    conversation.save()
    bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)


def _answer_with_words(conversation: Conversation, message: Message, finding: Finding, *, now: datetime) -> None:
    """The fixed words now, or in a held talk a minute later if its cadre has not spoken by then."""
    many = (conversation.headcount or 0) >= settings.NIANGJIA.collective_urgent_from
    words = fixed_words(finding, many=many, **words_here(conversation, now=now))
    if Level(finding.level) is Level(conversation.level):
        conversation.words_name = words.name
    if conversation.holder_id is None:
        silence_engine(conversation, now=now, reason=finding.level.value)
        if said_since(conversation, words, now - SAME_WORDS_AFTER):
            reassure(conversation, message, now=now)
        else:
            say_words(conversation, words, now=now, message=message)
    elif finding.level == Level.CRISIS:
        conversation.words_due_at = now + HOLDER_SPEAKS_WITHIN
    nothing_follows = conversation.silent or following(finding.level, finding, message.body) is Following.NOTHING
    alarming = finding.level in _ALARMING and nothing_follows
    if alarming or conversation.holder_id is not None:
        message.answered_at = now


def _routed(conversation: Conversation, message: str, finding: Finding, *, now: datetime) -> Routed:
    """Where it goes. Whatever goes wrong there, the message is stored and the words are said."""
    try:
        with transaction.atomic():
            return route(conversation, message, finding.categories, now=now)
    except Exception as error:
        log.error("routing failed: conversation %s %s", conversation.pk, type(error).__name__)
        return Routed()


def add_weak_sign(conversation: Conversation, finding: Finding, *, now: datetime) -> Finding:
    """The finding, or distress where the weak signs of a day add up to it with this one. The caller holds the lock."""
    earlier = [Sign(datetime.fromisoformat(at), weight) for at, weight in conversation.weak_signs]
    added = add_up(earlier, finding, now=now)
    signs = [[sign.at.isoformat(), round(sign.weight, 4)] for sign in added.signs]
    if signs != conversation.weak_signs:
        conversation.weak_signs = signs
        conversation.save(update_fields=["weak_signs"])
    return as_distress(finding) if added.amounts_to_distress else finding


def reassure(conversation: Conversation, message: Message, *, now: datetime) -> None:
    """A further message of somebody for whom the desk is silent and no cadre has come yet."""
    here = words_here(conversation, now=now)
    in_danger = Level(conversation.level) in _ALARMING
    words = waiting_words(**here) if in_danger else words_named("waiting_calmly", **here)
    if not said_since(conversation, words, now - WAITING_WORDS_AFTER):
        say_words(conversation, words, now=now, message=message)


def go_on(conversation: Conversation, message: Message, *, now: datetime) -> None:
    """The worker says that they only have a question: the desk answers again; the place in the queue stays."""
    conversation.silent = False
    conversation.save(update_fields=["silent"])
    say(conversation, MessageKind.FIXED, DESK["go_on"], now=now, in_reply_to=message)


def asks_to_go_on(text: str) -> bool:
    """Whether the worker wrote the word that the waiting words offer."""
    return text.strip(DESK["marks"]) in DESK["go_on_asked"].split("|")


def speak_again(conversation: Conversation, *, now: datetime) -> None:
    """Say the words for what stands in the row: a crisis nobody has answered yet. The caller holds the lock."""
    say_words(conversation, words_again(conversation, now=now), now=now, message=None)


def words_again(conversation: Conversation, *, now: datetime) -> FixedWords:
    """The fixed words for what stands in the row, as they would be said now."""
    name = conversation.words_name if conversation.words_name in TEXTS else "self"  # or a name of an older version
    return words_named(name, **words_here(conversation, now=now))


def say_due_words(*, now: datetime) -> int:
    """In held talks in crisis whose cadre has not spoken for a minute: the crisis words; in how many talks."""
    set_back = Q(words_due_at__gt=now + 2 * HOLDER_SPEAKS_WITHIN)  # no words lie further ahead: the clock was set back
    due = Conversation.objects.filter(Q(words_due_at__lte=now) | set_back).values_list("pk", flat=True)[:100]
    return one_by_one(list(due), lambda pk: _say_due(pk, now=now))


def _say_due(pk: int, *, now: datetime) -> bool:
    with transaction.atomic():
        conversation = Conversation.locked(pk)
        due_at = conversation.words_due_at
        if due_at is None or now < due_at <= now + 2 * HOLDER_SPEAKS_WITHIN:
            return False
        conversation.words_due_at = None
        conversation.save(update_fields=["words_due_at"])
        if conversation.contact.erased_at is not None:
            return False
        speak_again(conversation, now=now)
    return True


def _falls_silent(conversation: Conversation, finding: Finding, text: str) -> bool:
    """The classifier errs more than the rules: alone it gives words and an alarm, and silences on its second sign.

    So does what something may follow, for it is to be answered.
    """
    if finding.level not in _ALARMING:
        return conversation.silent
    twice = Level(conversation.level) in _ALARMING
    nothing_follows = following(finding.level, finding, text) is Following.NOTHING
    return conversation.silent or twice or (nothing_follows and finding.layer != Layer.CLASSIFIER)


def _raise_level(conversation: Conversation, finding: Finding) -> None:
    if finding.level.seriousness > Level(conversation.level).seriousness:
        conversation.level = finding.level.value
    new = [category.value for category in finding.categories if category.value not in conversation.categories]
    conversation.categories = [*conversation.categories, *new]


def say_words(conversation: Conversation, words: FixedWords, *, now: datetime, message: Message | None) -> None:
    """Fixed words, with which text in which version they are. The caller holds the lock."""
    say(
        conversation,
        MessageKind.FIXED,
        words.text,
        now=now,
        in_reply_to=message,
        words_name=words.name,
        extras={"words_version": words.version},
    )


def said_since(conversation: Conversation, words: FixedWords, since: datetime) -> bool:
    """Whether the worker has been told this lately."""
    return Message.objects.filter(conversation=conversation, words_name=words.name, created_at__gt=since).exists()
