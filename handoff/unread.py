"""Voice, pictures, videos and files: no dialogue can read them, so the worker is told so and a person is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from handoff.desk import request_handoff
from handoff.evidence import Kept
from handoff.following import asks_something
from handoff.kinds import Medium
from handoff.lanes import SAME_WORDS_AFTER, said_since, say_words
from handoff.lights import Light, status_light
from handoff.models import Attachment, Conversation, Message, PendingMedia
from handoff.one_by_one import one_by_one
from handoff.screening.levels import Level
from handoff.wakeups import Topic, bulletin
from handoff.words import unread_words
from handoff.words_here import words_here

WARN_AFTER = timedelta(minutes=5)
# Ten minutes: house rule.
OPENED_WITHIN = timedelta(minutes=10)
_AT_ONCE = 100


def unread_light(conversation: Conversation, *, now: datetime) -> Light | None:
    """Green at first, amber after five minutes, red after ten; none when everything has been opened. Pure."""
    if conversation.unread_since is None:
        return None
    return status_light(conversation.unread_since + OPENED_WITHIN, now=now, warn_before=OPENED_WITHIN - WARN_AFTER)


def screened_text(text: str, file_name: str) -> str:
    """What screening reads of a message with a file: the caption and the file's name."""
    return "\n".join(part for part in (text, file_name) if part.strip())


def words_of(message: Message) -> str:
    """All words of a stored message that screening reads. Raises ContactErased."""
    return screened_text(message.body, message.extras.get("file_name", ""))


def needs_no_turn(message: Message) -> bool:
    """Whether there is nothing for the dialogue to answer: no text message, and no question beside the file."""
    return message.medium != Medium.TEXT and not asks_something(message.body)


def attach(conversation: Conversation, message: Message, kept: Kept, *, now: datetime) -> None:
    """The file's row, a place in the queue, the light, and an honest line. The caller holds the conversation's lock."""
    add_file(message, kept, now=now)
    note_unread(conversation, message, now=now)


def add_file(message: Message, kept: Kept, *, now: datetime) -> None:
    """The file's row alone. The message's conversation is loaded."""
    attachment = Attachment(
        message=message,
        reference=kept.reference,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        received_at=now,
    )
    attachment.seal_name(kept.name)
    attachment.save(force_insert=True)


def note_unread(conversation: Conversation, message: Message, *, now: datetime) -> None:
    """A place in the queue, the light, and an honest line for what no dialogue can read. The caller holds the lock.

    In a held talk nothing is said: its cadre sees what came. Nor after the fixed words for something more serious.
    """
    conversation.unread_since = conversation.unread_since or now
    conversation.save(update_fields=["unread_since"])
    if message.level == Level.ORDINARY and conversation.holder_id is None:
        request_handoff(conversation, now=now, begun_by=message)
        _say_unread(conversation, message, now=now)


def light_out(conversation: Conversation) -> None:
    """No light when nothing is left to be opened, and nothing more comes. The caller holds the lock."""
    unopened = Attachment.objects.filter(message__conversation=conversation, opened_at__isnull=True)
    coming = PendingMedia.objects.filter(message__conversation=conversation, next_at__isnull=False)
    if conversation.unread_since is not None and not unopened.exists() and not coming.exists():
        conversation.unread_since = None
        conversation.save(update_fields=["unread_since"])


def press_unread(*, now: datetime) -> int:
    """Talks whose files nobody has opened for ten minutes climb, each once; in how many talks that was done."""
    open_talks = Conversation.objects.filter(Q(waiting_since__isnull=False) | Q(holder__isnull=False))
    due = open_talks.filter(unread_since__lte=now - OPENED_WITHIN, urgent=False)
    return one_by_one(list(due.values_list("pk", flat=True)[:_AT_ONCE]), lambda pk: _press(pk, now=now))


def _press(pk: int, *, now: datetime) -> bool:
    with transaction.atomic():
        conversation = Conversation.locked(pk)
        if unread_light(conversation, now=now) is not Light.RED or conversation.urgent:
            return False
        conversation.urgent = True
        conversation.save(update_fields=["urgent"])
        bulletin.publish_on_commit(pk, Topic.QUEUE)
    return True


def _say_unread(conversation: Conversation, message: Message, *, now: datetime) -> None:
    words = unread_words(**words_here(conversation, now=now))
    if not said_since(conversation, words, now - SAME_WORDS_AFTER):
        say_words(conversation, words, now=now, message=message)
