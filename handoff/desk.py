"""The live desk: ask for a person, claim, reply, release. Each is one transaction and one audit row."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from handoff.alarms import quiet_alarm
from handoff.audit import record
from handoff.cases import OPEN_STATES, CaseKind, open_case
from handoff.chain import CLAIMED_WITHIN
from handoff.desk_errors import AlreadyClaimed, ConversationNotFound, FollowUpMissing, NewWords, NoDanger, NotHolder
from handoff.desk_texts import DESK
from handoff.duty import is_away, mark_present
from handoff.kinds import AuditAction, CallBackState, CaseState, MessageKind, Part
from handoff.lanes import HOLDER_SPEAKS_WITHIN, speak_again
from handoff.models import Cadre, Case, Conversation, Message
from handoff.outbox import say, silence_engine
from handoff.readers import may_read
from handoff.screening.levels import Category, Level
from handoff.silence import mark_answered
from handoff.wakeups import Topic, bulletin

__all__ = [
    "AlreadyClaimed",
    "ConversationNotFound",
    "NewWords",
    "NotHolder",
    "access_conversation",
    "acknowledge",
    "check_seen",
    "claim_chat",
    "handover_cases",
    "let_go",
    "note_keystroke",
    "release",
    "reply",
    "request_handoff",
    "send_words",
]


def access_conversation(cadre: Cadre, conversation_id: int) -> Conversation:
    """A conversation that this cadre may read. Raises ConversationNotFound, alike for all others and a missing one."""
    found = (
        Conversation.objects.select_related("contact", "holder", "organisation", "department")
        .filter(pk=conversation_id, organisation_id=cadre.organisation_id)
        .first()
    )
    if found is None or not may_read(cadre, found):
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
        if conversation.contact.erased_at is not None or not may_read(cadre, conversation):
            raise ConversationNotFound(conversation_id)
        if conversation.holder is not None and not is_away(conversation.holder, now=now):
            raise AlreadyClaimed(conversation.holder.display_name)
        asked_at = conversation.waiting_since
        _take(conversation, cadre, now=now)
        silence_engine(conversation, now=now, reason="takeover")
        handover_cases(conversation).filter(state=CaseState.REGISTERED).update(state=CaseState.ACCEPTED, updated_at=now)
        say(conversation, MessageKind.FIXED, DESK["claimed"].format(name=cadre.display_name), now=now)
        subject = f"conversation:{conversation.pk}"
        record(AuditAction.CLAIM_CHAT, subject, cadre=cadre, now=now, detail=_waited(asked_at, now=now))
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation


def reply(conversation_id: int, cadre: Cadre, text: str, *, key: str, now: datetime) -> Message:
    """The cadre's words to the worker, once per `key` (the console makes one for each message).

    Raises NotHolder unless this cadre holds the talk or has joined it.
    """
    with transaction.atomic():
        conversation = _locked_for(conversation_id, cadre, joined_too=True)
        platform_key = f"console:{conversation.pk}:{cadre.pk}:{key}"
        stored = Message.objects.filter(platform_key=platform_key).first()
        if stored is not None:
            return stored
        mark_present(cadre, now=now)
        conversation.words_due_at = None
        mark_answered(conversation)
        conversation.save(update_fields=["words_due_at", "unanswered_since", "silence_told_at"])
        message = say(conversation, MessageKind.CADRE, text, now=now, cadre=cadre, platform_key=platform_key)
        record(AuditAction.CADRE_REPLY, f"message:{message.pk}", cadre=cadre, now=now)
    return message


def send_words(conversation_id: int, cadre: Cadre, *, now: datetime) -> None:
    """The one key of the cadre in a held talk: the fixed words for its danger, at once. Raises NotHolder, NoDanger."""
    with transaction.atomic():
        conversation = _locked_for(conversation_id, cadre, joined_too=True)
        if Level(conversation.level) not in (Level.CRISIS, Level.DISTRESS):
            raise NoDanger(conversation_id)
        conversation.words_due_at = None
        conversation.save(update_fields=["words_due_at"])
        speak_again(conversation, now=now)
        record(AuditAction.CADRE_REPLY, f"conversation:{conversation.pk}", cadre=cadre, now=now, detail="words")


def note_keystroke(conversation_id: int, cadre: Cadre, *, now: datetime) -> None:
    """The cadre is typing: the desk waits a further minute before it says the words. Nothing for anybody else."""
    Conversation.objects.filter(pk=conversation_id, holder=cadre, words_due_at__isnull=False).update(
        words_due_at=now + HOLDER_SPEAKS_WITHIN
    )


def release(
    conversation_id: int, cadre: Cadre, *, now: datetime, brief: str = "", seen: int | None = None
) -> Conversation:
    """Give the talk back to the desk: the boundary is marked, and the desk answers again.

    `seen` is the last message that the cadre's page shows: a worker's word after it would be read by nobody. `brief`
    is what the cadre leaves for the worker to be told («周五前回电话»); where the desk differs, it counts.
    A crisis case stays open for follow-up; a plain request for a person is closed. A crisis that nobody has seen yet
    is not given back: it goes to the head of the queue, and the worker reads the crisis words. Nor is one in which the
    worker was not asked how and when to call: it is closed. Raises NotHolder, NewWords, FollowUpMissing.
    """
    with transaction.atomic():
        conversation = _locked_for(conversation_id, cadre)
        check_seen(conversation, seen)
        _check_agreed(conversation)
        given_back = let_go(conversation, now=now)
        if given_back:
            conversation.seal_brief(brief.strip())
            conversation.save(update_fields=["brief_sealed"])
            words = DESK["released_with_brief" if brief.strip() else "released"]
            said = words.format(name=cadre.display_name, brief=_as_sentence(brief))
            say(conversation, MessageKind.FIXED, said, now=now)
        handover_cases(conversation).filter(kind=CaseKind.HANDOFF, state__in=OPEN_STATES).exclude(
            with_open_calls()
        ).update(state=CaseState.CLOSED, updated_at=now)
        subject, detail = f"conversation:{conversation.pk}", "" if given_back else "kept"
        record(AuditAction.RELEASE, subject, cadre=cadre, now=now, detail=detail)
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation


def acknowledge(conversation_id: int, cadre: Cadre, *, now: datetime) -> Conversation:
    """Say that a person has seen the alarm: sound and colour stop for all. Raises ConversationNotFound."""
    access_conversation(cadre, conversation_id)
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        if conversation.alarm_rings:
            _acknowledge(conversation, cadre, now=now)
            conversation.save()
            record(AuditAction.ACKNOWLEDGE, f"conversation:{conversation.pk}", cadre=cadre, now=now)
            bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation


def let_go(conversation: Conversation, *, now: datetime) -> bool:
    """Nobody holds the talk any more; whether the desk answers again. The caller holds the lock.

    Not while an alarm rings that nobody has acknowledged: then it waits at the head of the queue, and the worker
    reads the words once more.
    """
    conversation.holder = conversation.held_since = conversation.words_due_at = None
    conversation.assigned_to = conversation.assigned_at = None
    conversation.failed_turns = 0
    mark_answered(conversation)
    conversation.participants.filter(ended_at__isnull=True).update(ended_at=now)
    if conversation.alarm_rings:
        conversation.waiting_since, conversation.silent = now, True
        conversation.save()
        speak_again(conversation, now=now)
        return False
    conversation.waiting_since = conversation.alarmed_at = conversation.unread_since = None
    conversation.acknowledged_at = conversation.acknowledged_by = None
    conversation.past_categories = sorted(
        {*conversation.past_categories, *conversation.categories, *_danger_of(conversation)}
    )
    conversation.level, conversation.categories, conversation.silent = Level.ORDINARY.value, [], False
    conversation.words_name, conversation.urgent, conversation.headcount = "", False, None
    conversation.weak_signs, conversation.released_at = [], now
    conversation.save()
    return True


def check_seen(conversation: Conversation, seen: int | None) -> None:
    """Raise NewWords when the worker has written after message `seen`. The caller holds the lock."""
    written = Message.objects.filter(conversation=conversation, kind=MessageKind.WORKER)
    if seen is not None and written.filter(pk__gt=seen).exists():
        raise NewWords(conversation.pk)


def _danger_of(conversation: Conversation) -> tuple[str, ...]:
    """So that a talk in danger stays with its readers also when its categories alone do not tell of danger."""
    return (Category.DESPAIR.value,) if Level(conversation.level) in (Level.CRISIS, Level.DISTRESS) else ()


def _check_agreed(conversation: Conversation) -> None:
    """Raise FollowUpMissing for a crisis in which no call is agreed. (While its alarm rings it is not given back.)"""
    if Level(conversation.level) != Level.CRISIS or conversation.alarm_rings:
        return
    if not conversation.call_backs.filter(state=CallBackState.OPEN).exists():
        raise FollowUpMissing(conversation.pk)


def with_open_calls() -> Q:
    """Cases that a call is still due for: they stay open until it is made."""
    return Q(call_backs__state=CallBackState.OPEN)


def handover_cases(conversation: Conversation) -> QuerySet[Case]:
    """The cases through which this talk came to a person."""
    return Case.objects.filter(
        conversation=conversation, kind__in=[CaseKind.CRISIS, CaseKind.SENSITIVE, CaseKind.HANDOFF]
    )


def _locked_for(conversation_id: int, cadre: Cadre, *, joined_too: bool = False) -> Conversation:
    """The row, locked, if this cadre holds it (or, where that suffices, has joined). Raises NotHolder."""
    conversation = Conversation.locked(conversation_id)
    joined = joined_too and conversation.holder_id is not None and _has_joined(conversation, cadre)
    if conversation.holder_id != cadre.pk and not joined:
        raise NotHolder(conversation_id)
    return conversation


def _has_joined(conversation: Conversation, cadre: Cadre) -> bool:
    return conversation.participants.filter(cadre=cadre, part=Part.JOINED, ended_at__isnull=True).exists()


def _take(conversation: Conversation, cadre: Cadre, *, now: datetime) -> None:
    """The silence clock starts at once: whoever has waited must not wait for a greeting as well."""
    conversation.holder, conversation.held_since, conversation.waiting_since = cadre, now, None
    conversation.assigned_to = conversation.assigned_at = conversation.silence_told_at = None
    conversation.unanswered_since = now
    conversation.takeovers += 1
    conversation.participants.filter(cadre=cadre, ended_at__isnull=True).update(ended_at=now)
    mark_present(cadre, now=now)
    _acknowledge(conversation, cadre, now=now)
    conversation.save()


def _waited(asked_at: datetime | None, *, now: datetime) -> str:
    """For the measured waiting time; nothing when nobody was waited for, as when a colleague's talk is taken over."""
    return f"waited:{int((now - asked_at).total_seconds() // 60)}" if asked_at is not None else ""


def _acknowledge(conversation: Conversation, cadre: Cadre, *, now: datetime) -> None:
    if conversation.alarm_rings:
        conversation.acknowledged_at, conversation.acknowledged_by = now, cadre
        quiet_alarm(conversation, now=now)
        if conversation.holder_id is None and Level(conversation.level) == Level.CRISIS:
            conversation.alarm_due_at = now + CLAIMED_WITHIN
        if conversation.words_due_at is not None:  # they have seen it: a minute more to find their own words
            conversation.words_due_at = now + HOLDER_SPEAKS_WITHIN


def _as_sentence(brief: str) -> str:
    brief = brief.strip()
    return brief if brief.endswith(tuple(DESK["sentence_ends"])) else f"{brief}{DESK['sentence_ends'][0]}"
