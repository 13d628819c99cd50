"""The live desk: ask for a person, claim, reply, release. Each is one transaction and one audit row."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handoff.audit import record
from handoff.cases import OPEN_STATES, CaseKind, open_case
from handoff.desk_texts import DESK
from handoff.duty import is_away, mark_present
from handoff.kinds import AuditAction, CaseState, MessageKind
from handoff.lanes import HOLDER_SPEAKS_WITHIN, speak_again
from handoff.models import Cadre, Case, Conversation, Message
from handoff.outbox import say, silence_engine
from handoff.screening.levels import Level
from handoff.wakeups import Topic, bulletin


class ConversationNotFound(Exception):
    """There is no such conversation for this cadre: missing, or another union's."""


class AlreadyClaimed(Exception):
    """Another cadre has the conversation; `holder` is their display name."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class NotHolder(Exception):
    """Only the cadre who holds the conversation may do this."""


def access_conversation(cadre: Cadre, conversation_id: int) -> Conversation:
    """A conversation of the cadre's union. Raises ConversationNotFound, alike for a stranger's and a missing one."""
    found = (
        Conversation.objects.select_related("contact", "holder", "organisation")
        .filter(pk=conversation_id, organisation_id=cadre.organisation_id)
        .first()
    )
    if found is None or not cadre.reads_chats:
        raise ConversationNotFound(conversation_id)
    return found


def request_handoff(conversation: Conversation, *, now: datetime, begun_by: Message | None = None) -> Case:
    """Put the talk into the queue. The caller's transaction holds the conversation's lock."""
    case = open_case(conversation, CaseKind.HANDOFF, now=now, begun_by=begun_by)
    if conversation.holder_id is None and conversation.waiting_since is None:
        conversation.waiting_since = now
        conversation.save(update_fields=["waiting_since"])
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return case


def claim_chat(conversation_id: int, cadre: Cadre, *, now: datetime) -> Conversation:
    """Take over the talk: from the commit on, nothing of the dialogue begins to be sent.

    Raises AlreadyClaimed when another cadre was first, ConversationNotFound for another union's.
    """
    access_conversation(cadre, conversation_id)
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        if conversation.holder_id == cadre.pk:
            return conversation
        if conversation.contact.erased_at is not None:
            raise ConversationNotFound(conversation_id)
        if conversation.holder is not None and not is_away(conversation.holder, now=now):
            raise AlreadyClaimed(conversation.holder.display_name)
        conversation.holder, conversation.held_since, conversation.waiting_since = cadre, now, None
        conversation.takeovers += 1
        mark_present(cadre, now=now)
        _acknowledge(conversation, cadre, now=now)
        conversation.save()
        silence_engine(conversation, now=now, reason="takeover")
        _handover_cases(conversation).filter(state=CaseState.REGISTERED).update(
            state=CaseState.ACCEPTED, updated_at=now
        )
        say(conversation, MessageKind.FIXED, DESK["claimed"].format(name=cadre.display_name), now=now)
        record(AuditAction.CLAIM_CHAT, f"conversation:{conversation.pk}", cadre=cadre, now=now)
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation


def reply(conversation_id: int, cadre: Cadre, text: str, *, key: str, now: datetime) -> Message:
    """The cadre's words to the worker, once per `key` (the console makes one for each message).

    Raises NotHolder unless this cadre holds the talk.
    """
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        if conversation.holder_id != cadre.pk:
            raise NotHolder(conversation_id)
        platform_key = f"console:{conversation.pk}:{cadre.pk}:{key}"
        stored = Message.objects.filter(platform_key=platform_key).first()
        if stored is not None:
            return stored
        mark_present(cadre, now=now)
        if conversation.words_due_at is not None:
            conversation.words_due_at = None
            conversation.save(update_fields=["words_due_at"])
        message = say(conversation, MessageKind.CADRE, text, now=now, cadre=cadre, platform_key=platform_key)
        record(AuditAction.CADRE_REPLY, f"message:{message.pk}", cadre=cadre, now=now)
    return message


def release(conversation_id: int, cadre: Cadre, *, now: datetime) -> Conversation:
    """Give the talk back to the desk: the boundary is marked, and the desk answers again.

    A crisis case stays open for follow-up; a plain request for a person is closed. A crisis that nobody has seen yet
    is not given back: it goes to the head of the queue, and the worker reads the crisis words. Raises NotHolder.
    """
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        if conversation.holder_id != cadre.pk:
            raise NotHolder(conversation_id)
        _let_go(conversation, cadre, now=now)
        _handover_cases(conversation).filter(kind=CaseKind.HANDOFF, state__in=OPEN_STATES).update(
            state=CaseState.CLOSED, updated_at=now
        )
        record(AuditAction.RELEASE, f"conversation:{conversation.pk}", cadre=cadre, now=now)
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation


def acknowledge(conversation_id: int, cadre: Cadre, *, now: datetime) -> Conversation:
    """Say that a person has seen the alarm: sound and colour stop for all. Raises ConversationNotFound."""
    access_conversation(cadre, conversation_id)
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        if conversation.alarm_rings:
            _acknowledge(conversation, cadre, now=now)
            conversation.save(update_fields=["acknowledged_at", "acknowledged_by", "words_due_at"])
            record(AuditAction.ACKNOWLEDGE, f"conversation:{conversation.pk}", cadre=cadre, now=now)
            bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation


def _let_go(conversation: Conversation, cadre: Cadre, *, now: datetime) -> None:
    conversation.holder = conversation.held_since = conversation.words_due_at = None
    conversation.failed_turns = 0
    if conversation.alarm_rings:
        conversation.waiting_since, conversation.silent = now, True
        conversation.save()
        speak_again(conversation, now=now)
        return
    conversation.waiting_since = conversation.alarmed_at = None
    conversation.acknowledged_at = conversation.acknowledged_by = None
    conversation.level, conversation.categories, conversation.silent = Level.ORDINARY.value, [], False
    conversation.save()
    say(conversation, MessageKind.FIXED, DESK["released"].format(name=cadre.display_name), now=now)


def _acknowledge(conversation: Conversation, cadre: Cadre, *, now: datetime) -> None:
    if conversation.alarm_rings:
        conversation.acknowledged_at, conversation.acknowledged_by = now, cadre
        if conversation.words_due_at is not None:  # they have seen it: a minute more to find their own words
            conversation.words_due_at = now + HOLDER_SPEAKS_WITHIN


def _handover_cases(conversation: Conversation):  # type: ignore[no-untyped-def]
    return Case.objects.filter(
        conversation=conversation, kind__in=[CaseKind.CRISIS, CaseKind.SENSITIVE, CaseKind.HANDOFF]
    )
