"""Joining a second channel to the first by a one-time code, confirmed on the first; and taking them apart again.

Contacts that one person has joined share `Contact.person`. In each function the caller's transaction holds the lock of
the conversation that it is given; the other conversation is locked here. (Two talks that join each other at the same
moment may deadlock on PostgreSQL: it ends one of the two, and that turn is run again.)
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from handoff.audit import record
from handoff.cases import OPEN_STATES
from handoff.kinds import AuditAction, CaseKind
from handoff.link_codes import hash_of, new_code
from handoff.models import Case, Contact, Conversation, LinkCode, LinkTry
from handoff.screening.levels import Level

GOOD_FOR: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
TRIES_WITHIN: Final = timedelta(minutes=10)
# New web talks cost nothing, so wrong codes are also counted over all talks of a channel's account.
MOST_TRIES_TOGETHER: Final = 500
# So long after its end the first channel still learns that the code has expired.
_REMEMBERED_FOR: Final = timedelta(days=1)
_KEPT_APART: Final = (CaseKind.CRISIS, CaseKind.SENSITIVE)


class Protected(Exception):
    """Danger or a sensitive matter stands here, or a cadre speaks: nothing is joined from this talk or to it."""


class CodeUnusable(Exception):
    """Wrong, expired, used, refused, void, another union's, or too many tries: nobody is told which."""


class OwnCode(Exception):
    """The code was made in this very talk."""


class TooLate(Exception):
    """The code had expired before it was confirmed."""


class NotJoined(Exception):
    """The second channel is gone, or a matter stands there that must be kept apart."""


def give_code(conversation: Conversation, *, now: datetime) -> str:
    """A new code for this talk («K7MH-2Q9X»), stored as a hash; an older one that is not used yet is void.

    Raises Protected.
    """
    if not _may_join(conversation):
        raise Protected(conversation.pk)
    LinkCode.objects.filter(expires_at__lte=now - _REMEMBERED_FOR, draft_waits=False).delete()
    _void(conversation)
    while LinkCode.objects.filter(code_hash=hash_of(code := new_code())).exists():
        continue
    link = LinkCode.objects.create(
        conversation=conversation, code_hash=hash_of(code), created_at=now, expires_at=now + GOOD_FOR
    )
    _note(link, "made", now=now)
    return code


def enter_code(conversation: Conversation, code: str, *, now: datetime) -> LinkCode:
    """The code that was typed in this talk, now waiting to be confirmed in `conversation` of the result (locked).

    Raises Protected, OwnCode, CodeUnusable.
    """
    if not _may_join(conversation):
        raise Protected(conversation.pk)
    found = _living(code, now=now)
    if found is not None and found.conversation.contact_id == conversation.contact_id:
        raise OwnCode(conversation.pk)
    if _must_wait(conversation, now=now):
        raise CodeUnusable
    if found is None or not _take(found, conversation, now=now):
        LinkTry.objects.filter(tried_at__lte=now - TRIES_WITHIN).delete()
        LinkTry.objects.create(conversation=conversation, tried_at=now)
        raise CodeUnusable
    _note(found, "entered", now=now)
    return found


def to_confirm(conversation: Conversation, *, now: datetime) -> LinkCode | None:
    """The code of this talk that somebody has entered elsewhere and nobody has decided on; it may just have expired."""
    entered = LinkCode.objects.filter(conversation=conversation, entered_in__isnull=False, decided_at__isnull=True)
    return entered.filter(expires_at__gt=now - _REMEMBERED_FOR).order_by("-pk").first()


def confirm(link: LinkCode, conversation: Conversation, *, now: datetime) -> Conversation:
    """Both contacts are one person from now on; the second conversation, locked.

    Raises Protected, TooLate, NotJoined; the code is dead in any case.
    """
    link.decided_at = now
    link.save(update_fields=["decided_at"])
    if not _may_join(conversation):
        raise Protected(conversation.pk)
    if not link.created_at <= now < link.expires_at:
        raise TooLate(link.pk)
    second = Conversation.locked(link.entered_in_id)
    if not _may_join(second):
        raise NotJoined(link.pk)
    _become_one(conversation.contact, second.contact)
    link.confirmed = True
    link.save(update_fields=["confirmed"])
    _note(link, "confirmed", now=now)
    return second


def refuse(link: LinkCode, *, now: datetime) -> None:
    """It was somebody else: the code is dead."""
    link.decided_at = now
    link.save(update_fields=["decided_at"])
    _note(link, "refused", now=now)


def part(conversation: Conversation, *, now: datetime) -> bool:
    """This contact stands alone again, and what it had under way with codes is void; whether it was joined."""
    contact = conversation.contact
    theirs = Q(conversation__contact=contact) | Q(entered_in__contact=contact)
    LinkCode.objects.filter(theirs, decided_at__isnull=True).delete()
    was_joined = is_joined(contact)
    if contact.person is not None:
        contact.person = None
        contact.save(update_fields=["person"])
        record(AuditAction.LINK, f"conversation:{conversation.pk}", cadre=None, now=now, detail="parted")
    return was_joined


def is_joined(contact: Contact) -> bool:
    """Whether another contact is the same person's."""
    if contact.person is None:
        return False
    others = Contact.objects.filter(person=contact.person, erased_at__isnull=True)
    return others.exclude(pk=contact.pk).exists()


def _may_join(conversation: Conversation) -> bool:
    """Not in danger, nor with a sensitive matter open, nor while a cadre speaks; the talk has not been cleared."""
    contact = conversation.contact
    if contact.erased_at is not None or conversation.closed_at is not None or conversation.desk_is_silent:
        return False
    if conversation.level != Level.ORDINARY:
        return False
    return not Case.objects.filter(contact=contact, kind__in=_KEPT_APART, state__in=OPEN_STATES).exists()


def _living(code: str, *, now: datetime) -> LinkCode | None:
    """The code if it can still be entered. Not at a time before it was made: then the clock was set back."""
    living = LinkCode.objects.filter(
        created_at__lte=now, expires_at__gt=now, entered_in__isnull=True, decided_at__isnull=True
    )
    return living.filter(code_hash=hash_of(code)).select_related("conversation").first()


def _must_wait(conversation: Conversation, *, now: datetime) -> bool:
    tries = LinkTry.objects.filter(tried_at__gt=now - TRIES_WITHIN)
    if tries.filter(conversation=conversation).count() >= MOST_TRIES:
        return True
    beside = tries.filter(conversation__channel=conversation.channel, conversation__account=conversation.account)
    return beside.count() >= MOST_TRIES_TOGETHER


def _take(found: LinkCode, conversation: Conversation, *, now: datetime) -> bool:
    """Whether this talk is the first to enter the code, and the talk that made it may still be joined."""
    first = Conversation.locked(found.conversation_id)
    if first.organisation_id != conversation.organisation_id or not _may_join(first):
        return False
    still = LinkCode.objects.filter(pk=found.pk, entered_in__isnull=True, decided_at__isnull=True)
    if not still.update(entered_in=conversation, entered_at=now):
        return False
    found.conversation, found.entered_in, found.entered_at = first, conversation, now
    return True


def _become_one(first: Contact, second: Contact) -> None:
    """Whoever was joined with either of them is the same person as well."""
    one = first.person or second.person or uuid.uuid4()
    if second.person not in (None, one):
        Contact.objects.filter(person=second.person).update(person=one)
    for contact in (first, second):
        contact.person = one
        contact.save(update_fields=["person"])


def _void(conversation: Conversation) -> None:
    LinkCode.objects.filter(conversation=conversation, decided_at__isnull=True).delete()


def _note(link: LinkCode, what: str, *, now: datetime) -> None:
    detail = f"{what} conversation:{link.entered_in_id}" if link.entered_in_id else what
    record(AuditAction.LINK, f"conversation:{link.conversation_id}", cadre=None, now=now, detail=detail)
