"""A talk goes on to others: another department, the next higher union, or away from whoever is complained of."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handoff.alarms import raise_alarm
from handoff.audit import record
from handoff.desk import access_conversation
from handoff.desk_errors import CannotGoThere, ConversationNotFound, NotHolder
from handoff.desk_texts import DESK
from handoff.kinds import AuditAction, CadreRole, DepartmentKind, MessageKind
from handoff.models import Cadre, Conversation, Department
from handoff.outbox import say
from handoff.readers import is_lead, readers_of
from handoff.recusal import leaves_danger_to_one, lift
from handoff.screening.levels import Category, Level
from handoff.silence import mark_answered
from handoff.wakeups import Topic, bulletin


def refer(conversation_id: int, cadre: Cadre, department: Department, *, now: datetime) -> Conversation:
    """To another department of the same union, back into the queue there; the worker is told.

    Raises ConversationNotFound; NotHolder unless this cadre holds the talk, or leads and nobody holds it;
    CannotGoThere for a complaint about a cadre or money, or another union's department.
    """
    with transaction.atomic():
        conversation = _passable(conversation_id, cadre)
        if department.organisation_id != conversation.organisation_id or not _may_go_to(conversation, department):
            raise CannotGoThere(department.pk)
        conversation.department = department
        _queue_again(conversation, now=now)
        words = DESK["referred"].format(department=department.name)
        say(conversation, MessageKind.FIXED, words, now=now, words_name="referred")
        _record(conversation, cadre, f"department:{department.pk}", now=now)
    return conversation


def refer_up(conversation_id: int, cadre: Cadre, *, now: datetime) -> Conversation:
    """To the next higher union, with its cases; nobody below reads it any more.

    Raises as `refer` does, CannotGoThere where there is no higher union here.
    """
    with transaction.atomic():
        conversation = _passable(conversation_id, cadre)
        if conversation.organisation.parent is None:
            raise CannotGoThere("up")
        lift(conversation, now=now)
        _queue_again(conversation, now=now)
        say(conversation, MessageKind.FIXED, DESK["referred_up"], now=now, words_name="referred")
        _record(conversation, cadre, f"organisation:{conversation.organisation_id}", now=now)
    return conversation


def keep_from(conversation_id: int, cadre: Cadre, accused: Cadre, *, now: datetime) -> Conversation:
    """A cadre who is complained of, or concerned themselves, does not read the talk from now on.

    If nobody of the union could read it then, it goes up. Raises ConversationNotFound; CannotGoThere when in a talk in
    danger nobody but the one who asks for it would be left: an alarm must find somebody else.
    """
    access_conversation(cadre, conversation_id)
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        if accused.organisation_id != conversation.organisation_id:
            raise ConversationNotFound(conversation_id)
        if leaves_danger_to_one(conversation, accused, cadre):
            raise CannotGoThere(accused.pk)
        conversation.kept_from.add(accused)
        conversation.participants.filter(cadre=accused, ended_at__isnull=True).update(ended_at=now)
        held_by_them = conversation.holder_id == accused.pk
        if not readers_of(conversation) and conversation.organisation.parent is not None:
            lift(conversation, now=now)
            held_by_them = True
        if held_by_them:
            _queue_again(conversation, now=now)
        elif conversation.assigned_to_id == accused.pk:
            conversation.assigned_to = conversation.assigned_at = None
            conversation.save()
        record(
            AuditAction.KEEP_FROM, f"conversation:{conversation.pk}", cadre=cadre, now=now, detail=f"from:{accused.pk}"
        )
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation


def readmit(conversation_id: int, cadre: Cadre, accused: Cadre, *, now: datetime) -> Conversation:
    """A recusal was a mistake: a supervisor who reads the talk undoes it. Raises ConversationNotFound, NotHolder."""
    access_conversation(cadre, conversation_id)
    if cadre.role != CadreRole.SUPERVISOR or accused.pk == cadre.pk:
        raise NotHolder(conversation_id)
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        conversation.kept_from.remove(accused)
        detail = f"back:{accused.pk}"
        record(AuditAction.KEEP_FROM, f"conversation:{conversation.pk}", cadre=cadre, now=now, detail=detail)
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation


def _passable(conversation_id: int, cadre: Cadre) -> Conversation:
    access_conversation(cadre, conversation_id)
    conversation = Conversation.locked(conversation_id)
    waits = conversation.holder_id is None and conversation.waiting_since is not None
    if conversation.holder_id != cadre.pk and not (waits and is_lead(cadre)):
        raise NotHolder(conversation_id)
    return conversation


def _may_go_to(conversation: Conversation, department: Department) -> bool:
    complaint = Category.CADRE_OR_FUNDS.value in conversation.categories
    return not complaint or department.kind == DepartmentKind.DISCIPLINE


def _queue_again(conversation: Conversation, *, now: datetime) -> None:
    """The wait goes on from where it began, so that a referral costs nobody their place; a crisis rings anew."""
    conversation.waiting_since = conversation.waiting_since or conversation.unanswered_since or now
    conversation.holder = conversation.held_since = conversation.words_due_at = None
    conversation.assigned_to = conversation.assigned_at = None
    conversation.silent = True
    mark_answered(conversation)
    conversation.participants.filter(ended_at__isnull=True).update(ended_at=now)
    if Level(conversation.level) == Level.CRISIS:
        raise_alarm(conversation, now=now, graver=True)
    conversation.save()


def _record(conversation: Conversation, cadre: Cadre, detail: str, *, now: datetime) -> None:
    record(AuditAction.REFER, f"conversation:{conversation.pk}", cadre=cadre, now=now, detail=detail)
    bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
