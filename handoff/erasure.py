"""「结束并清除」: a worker ends the talk and what can be erased is erased by destroying the contact's key."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from handoff import evidence
from handoff.audit import record
from handoff.cases import OPEN_STATES
from handoff.kinds import AuditAction, CallBackState, MessageKind
from handoff.models import CallBack, Case, Contact, Conversation, Message
from handoff.outbox import silence_engine
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.erasure")


@dataclass(frozen=True)
class Cleared:
    """`kept`: an open request or a matter of life keeps the words; otherwise nothing can be read any more."""

    kept: bool


def end_and_clear(conversation: Conversation, *, now: datetime) -> Cleared:
    """End the talk on this device. Words are kept only while a case or a call is open or a person is dealing with it.

    (An open petition, incident or case is not erased on request: Archives Law art. 14; PIPL art. 47(2).)
    """
    with transaction.atomic():
        conversation = Conversation.locked(conversation.pk)
        contact = conversation.contact
        needed = conversation.holder_id is not None or conversation.waiting_since is not None or _is_expected(contact)
        contact.identities.filter(channel=conversation.channel).delete()
        conversation.closed_at = now
        conversation.save(update_fields=["closed_at"])
        if not needed:
            silence_engine(conversation, now=now, reason="cleared")
            # No turn may begin for words that nobody can read any more.
            Message.objects.filter(
                conversation__contact=contact, kind=MessageKind.WORKER, answered_at__isnull=True
            ).update(answered_at=now)
            contact.erase(now=now)
            evidence.forget(contact)
            record(AuditAction.ERASE_CONTACT, f"contact:{contact.pk}", cadre=None, now=now)
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    if not needed:
        _forget_in_the_journal()
    return Cleared(kept=needed)


def _is_expected(contact: Contact) -> bool:
    """A case is open, or a call was agreed: without the key nobody could ring."""
    return (
        Case.objects.filter(contact=contact, state__in=OPEN_STATES).exists()
        or CallBack.objects.filter(conversation__contact=contact, state=CallBackState.OPEN).exists()
    )


def _forget_in_the_journal() -> None:
    """SQLite's write-ahead log would keep the wrapped key until it is written over: empty it where that can be."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except DatabaseError as error:
        log.warning("the write-ahead log was not emptied: %s", type(error).__name__)
