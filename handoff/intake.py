"""Taking in what a worker wrote: screened and stored in one transaction, before anything is acknowledged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from handoff.alarms import raise_alarm
from handoff.evidence import Kept, Original, discard, keep
from handoff.flags import flags_in, raise_flags
from handoff.kinds import Delivery, Medium, MessageKind
from handoff.lanes import attend
from handoff.models import Conversation, Message
from handoff.readers import is_complaint
from handoff.recusal import recuse_by_words
from handoff.screening.levels import Finding, Level
from handoff.silence import mark_unanswered
from handoff.unread import attach, screened_text
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.intake")
Screen = Callable[[str], Finding]
# What a message changes in its conversation's row, where nobody is complained of.
_CHANGED = ["heard_at", "closed_at", "flags", "unanswered_since", "next_position"]


@dataclass(frozen=True)
class Inbound:
    """What came in. `platform_key` is unique over all channels: "webchat:<conversation>:<id the page made>".

    With a voice, a picture, a video or a file `text` is the caption; `attachment` lies sealed on the disk already.
    """

    text: str
    platform_key: str
    extras: dict[str, Any] = field(default_factory=dict)
    medium: Medium = Medium.TEXT
    file_name: str = ""
    attachment: Kept | None = None

    @property
    def stored_extras(self) -> dict[str, Any]:
        """The extras with the file's name."""
        return self.extras | ({"file_name": self.file_name} if self.file_name else {})


@dataclass(frozen=True)
class Received:
    """The stored message, and whether this delivery was the first."""

    message: Message
    fresh: bool


def receive(conversation_id: int, inbound: Inbound, *, screen_rules: Screen, now: datetime) -> Received:
    """Store a worker's message once; a repeated delivery gives the stored one.

    A danger that the rules see is acted on in the same transaction: with the message committed, so are the fixed words.
    """
    finding = screen_rules(screened_text(inbound.text, inbound.file_name))
    with transaction.atomic():
        return receive_locked(Conversation.locked(conversation_id), inbound, finding, now=now)


def receive_locked(conversation: Conversation, inbound: Inbound, finding: Finding, *, now: datetime) -> Received:
    """Like `receive`, of what the rules have read already. The caller's transaction holds the conversation's lock."""
    known = Message.objects.filter(platform_key=inbound.platform_key)
    if known.exists():
        stored = known.get()
        stored.conversation = conversation
        return Received(stored, fresh=False)
    message = _store(conversation, inbound, now=now)
    if finding.level != Level.ORDINARY:
        attend(conversation, message, finding, now=now)
    if inbound.attachment is not None:
        attach(conversation, message, inbound.attachment, now=now)
    bulletin.publish_on_commit(conversation.pk, Topic.VISIBLE, Topic.INBOUND, Topic.QUEUE)
    return Received(message, fresh=True)


def receive_file(
    conversation: Conversation, inbound: Inbound, original: Original, *, screen_rules: Screen, now: datetime
) -> Received:
    """Like `receive`, for a message with a file. The file is written before the queue for the database is joined.

    Raises OSError when the disk does not take it: then nothing is stored.
    """
    if Message.objects.filter(platform_key=inbound.platform_key).exists():
        return receive(conversation.pk, inbound, screen_rules=screen_rules, now=now)
    kept = keep(conversation.contact, original)
    with_file = replace(inbound, medium=original.medium, file_name=original.name, attachment=kept)
    received = receive(conversation.pk, with_file, screen_rules=screen_rules, now=now)
    if not received.fresh:
        discard([kept.reference])
    return received


def receive_danger_without_file(
    conversation_id: int, inbound: Inbound, *, screen_rules: Screen, now: datetime
) -> Received | None:
    """A file that cannot be kept: when the rules see something in its name or caption, these are stored all the same.

    None, and nothing stored, when they see nothing: then the sender is told and may send it otherwise.
    """
    if screen_rules(screened_text(inbound.text, inbound.file_name)).level == Level.ORDINARY:
        return None
    return receive(conversation_id, replace(inbound, medium=Medium.FILE), screen_rules=screen_rules, now=now)


def _recuse(conversation: Conversation, inbound: Inbound, *, now: datetime) -> None:
    """In a complaint each message may name whom it is about. Whatever goes wrong there, the message is stored."""
    try:
        with transaction.atomic():
            lost = recuse_by_words(conversation, screened_text(inbound.text, inbound.file_name), now=now)
    except Exception as error:
        log.error("recusal failed: conversation %s %s", conversation.pk, type(error).__name__)
        return
    if lost and conversation.level == Level.CRISIS.value:
        raise_alarm(conversation, now=now, graver=True)


def _store(conversation: Conversation, inbound: Inbound, *, now: datetime) -> Message:
    message = Message(
        conversation=conversation,
        kind=MessageKind.WORKER,
        platform_key=inbound.platform_key,
        medium=inbound.medium,
        created_at=now,
        position=conversation.take_position(),
        delivery=Delivery.RECEIVED,
    )
    message.seal(inbound.text, inbound.stored_extras)
    message.save(force_insert=True)
    conversation.heard_at = now
    conversation.closed_at = None
    raise_flags(conversation, flags_in(inbound.text))
    mark_unanswered(conversation, now=now)
    if is_complaint(conversation):
        _recuse(conversation, inbound, now=now)
        conversation.save()
    else:
        conversation.save(update_fields=_CHANGED)
    return message
