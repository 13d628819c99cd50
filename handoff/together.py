"""Cadres working on one talk together: private notes, asking a colleague's advice, joining, leaving."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handoff.audit import record
from handoff.desk import access_conversation
from handoff.desk_errors import NotAColleague, NotHolder
from handoff.desk_texts import DESK
from handoff.kinds import AuditAction, MessageKind, Part
from handoff.models import Cadre, Conversation, Note, Participant
from handoff.outbox import say
from handoff.wakeups import Topic, bulletin


def write_note(conversation_id: int, cadre: Cadre, body: str, *, now: datetime) -> Note:
    """A private note for whoever may read the talk. Raises ConversationNotFound."""
    access_conversation(cadre, conversation_id)
    with transaction.atomic():
        return _note(Conversation.locked(conversation_id), cadre, body, to=None, now=now)


def consult(conversation_id: int, cadre: Cadre, colleague: Cadre, body: str, *, now: datetime) -> Note:
    """Ask a colleague in private: they may read the talk from now on, and the worker sees nothing of it.

    Raises ConversationNotFound, NotAColleague.
    """
    access_conversation(cadre, conversation_id)
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        _check_colleague(conversation, cadre, colleague)
        _take_part(conversation, colleague, Part.CONSULTED, now=now)
        subject = f"conversation:{conversation.pk}"
        record(AuditAction.CONSULT, subject, cadre=cadre, now=now, detail=f"to:{colleague.pk}")
        return _note(conversation, cadre, body, to=colleague, now=now)


def join(conversation_id: int, cadre: Cadre, *, now: datetime) -> Conversation:
    """Serve the worker beside the holder: the worker is told, and both may write.

    Raises ConversationNotFound; NotHolder when nobody holds the talk, or the cadre holds it already.
    """
    access_conversation(cadre, conversation_id)
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        if conversation.holder is None or conversation.holder_id == cadre.pk:
            raise NotHolder(conversation_id)
        if _take_part(conversation, cadre, Part.JOINED, now=now):
            words = DESK["joined"].format(name=cadre.display_name, holder=conversation.holder.display_name)
            say(conversation, MessageKind.FIXED, words, now=now)
            record(AuditAction.JOIN, f"conversation:{conversation.pk}", cadre=cadre, now=now)
            bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation


def leave(conversation_id: int, cadre: Cadre, *, now: datetime) -> None:
    """Take no further part; nothing when the cadre took none."""
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        ended = Participant.objects.filter(conversation=conversation, cadre=cadre, ended_at__isnull=True)
        if ended.update(ended_at=now):
            record(AuditAction.LEAVE, f"conversation:{conversation.pk}", cadre=cadre, now=now)
            bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)


def _check_colleague(conversation: Conversation, cadre: Cadre, colleague: Cadre) -> None:
    elsewhere = colleague.organisation_id != conversation.organisation_id or not colleague.reads_chats
    accused = conversation.kept_from.filter(pk=colleague.pk).exists()
    if elsewhere or accused or colleague.pk == cadre.pk or not colleague.user.is_active:
        raise NotAColleague(colleague.pk)


def _take_part(conversation: Conversation, cadre: Cadre, part: Part, *, now: datetime) -> bool:
    """Whether the cadre's part has changed by this."""
    current = Participant.objects.filter(conversation=conversation, cadre=cadre, ended_at__isnull=True).first()
    if current is not None and (current.part == part or part == Part.CONSULTED):
        return False
    if current is not None:
        Participant.objects.filter(pk=current.pk).update(ended_at=now)
    Participant.objects.create(conversation=conversation, cadre=cadre, part=part, since=now)
    return True


def _note(conversation: Conversation, cadre: Cadre, body: str, *, to: Cadre | None, now: datetime) -> Note:
    note = Note(conversation=conversation, cadre=cadre, to=to, created_at=now)
    note.seal(body)
    note.save(force_insert=True)
    record(AuditAction.NOTE, f"conversation:{conversation.pk}", cadre=cadre, now=now)
    bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return note
