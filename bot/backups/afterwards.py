"""What a restored database must not do: bring back who was erased, send again, ring for what was settled long ago.

What stood half-done when the backup was made was very probably done after it. The web page and the terminal read from
the database, so showing is no second sending; what goes out through a platform is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet

from handoff import evidence
from handoff.chain import Step, time_of
from handoff.encryption import Unreadable
from handoff.kinds import CallBackState, Channel, Delivery, MessageKind
from handoff.models import Alert, CallBack, Contact, Conversation, Message
from handoff.screening.levels import Level

REASON = "restored"
# An alarm of yesterday was dealt with by somebody, or nobody can be called for it today.
RINGS_ON_WITHIN = timedelta(days=1)
_UNDER_WAY = (Delivery.PENDING, Delivery.SENDING)
_PULLED = (Channel.WEBCHAT, Channel.TERMINAL)


@dataclass(frozen=True)
class Aftermath:
    """What was changed. Talks by their numbers, as cadres read them; `alarms_go_on`: their chain begins anew."""

    erased: int
    unsure: int
    unsure_talks: tuple[str, ...]
    unanswered: int
    unanswered_talks: tuple[str, ...]
    alarms: tuple[str, ...]
    alarms_go_on: bool
    calls: int
    alerts: int


def opens_the_words() -> bool:
    """Whether the master key of these settings opens the contacts' keys; true where there is none yet."""
    # Before the migrations: only columns that every version has.
    known = Contact.objects.filter(erased_at__isnull=True).only("id", "wrapped_key")
    contact = known.order_by("-created_at").first()
    if contact is None:
        return True
    try:
        contact.seal_bytes(b"", place="trial")
    except Unreadable:
        return False
    return True


def settle(erased: Iterable[uuid.UUID], *, backup_at: datetime, now: datetime) -> Aftermath:
    """Put the restored database right, all of it or nothing."""
    with transaction.atomic():
        gone = _erase_again(erased, now=now)
        unsure = _mark_unsure(now=now)
        unanswered = _mark_answered(now=now)
        go_on = abs(now - backup_at) <= RINGS_ON_WITHIN
        alerts = Alert.objects.filter(delivery__in=_UNDER_WAY)
        cancelled = alerts.update(delivery=Delivery.CANCELLED, changed_at=now, reason=REASON)
        alarms = _set_alarms(go_on=go_on, now=now)
        _set_clocks(go_on=go_on, now=now)
        Session.objects.all().delete()  # who signed out since must not be signed in again
    return Aftermath(
        erased=gone,
        unsure=len(unsure),
        unsure_talks=_numbers(unsure),
        unanswered=len(unanswered),
        unanswered_talks=_numbers(unanswered),
        alarms=alarms,
        alarms_go_on=go_on,
        calls=CallBack.objects.filter(state=CallBackState.OPEN, conversation__contact__erased_at__isnull=True).count(),
        alerts=cancelled,
    )


def _erase_again(erased: Iterable[uuid.UUID], *, now: datetime) -> int:
    """See `handoff.erasure`: the key goes, the files go, and no turn begins for words that nobody can read."""
    count = 0
    for pk in erased:
        contact = Contact.objects.filter(pk=pk, erased_at__isnull=True).first()
        if contact is None:
            continue
        contact.erase(now=now)
        evidence.forget(contact)
        Message.objects.filter(conversation__contact=contact, kind=MessageKind.WORKER, answered_at__isnull=True).update(
            answered_at=now
        )
        Message.objects.filter(conversation__contact=contact, delivery__in=_UNDER_WAY).update(
            delivery=Delivery.CANCELLED, delivery_changed_at=now, delivery_reason="cleared"
        )
        CallBack.objects.filter(conversation__contact=contact, state=CallBackState.OPEN).update(
            state=CallBackState.CANCELLED, settled_at=now
        )
        count += 1
    return count


def _mark_unsure(*, now: datetime) -> list[int]:
    """Uncertain, not sent: all but the words in a crisis, of which a second copy does no harm; the talks concerned."""
    in_crisis = Q(in_reply_to__level=Level.CRISIS.value) | Q(in_reply_to=None, conversation__level=Level.CRISIS.value)
    crisis_words = Q(kind=MessageKind.FIXED) & ~Q(words_name="") & in_crisis
    rows = Message.objects.filter(delivery__in=_UNDER_WAY).exclude(conversation__channel__in=_PULLED)
    found = _rows(rows.exclude(pk__in=rows.filter(crisis_words).values("pk")))
    Message.objects.filter(pk__in=[pk for pk, _ in found]).update(
        delivery=Delivery.UNCERTAIN, delivery_changed_at=now, delivery_reason=REASON
    )
    return [talk for _, talk in found]


def _mark_answered(*, now: datetime) -> list[int]:
    """A turn now would answer a second time, days later: no turn; a person looks. The talks concerned."""
    rows = Message.objects.filter(kind=MessageKind.WORKER, answered_at__isnull=True)
    found = _rows(rows.exclude(conversation__channel__in=_PULLED))
    Message.objects.filter(pk__in=[pk for pk, _ in found]).update(answered_at=now)
    return [talk for _, talk in found]


def _set_alarms(*, go_on: bool, now: datetime) -> tuple[str, ...]:
    """Those that ring: their chain begins anew, or stands still and only the page shows them."""
    ringing = Conversation.objects.filter(alarmed_at__isnull=False, acknowledged_at__isnull=True)
    ringing = ringing.filter(contact__erased_at__isnull=True)
    pks = list(ringing.order_by("pk").values_list("pk", flat=True))
    Conversation.objects.filter(alarm_due_at__isnull=False).exclude(pk__in=pks).update(alarm_due_at=None)
    if go_on:
        due_at = now + time_of(Step.NEXT)
        ringing.update(alarmed_at=now, alarm_step=Step.FIRST, alarm_due_at=due_at)
    else:
        ringing.update(alarm_due_at=None)
    return _numbers(pks)


def _set_clocks(*, go_on: bool, now: datetime) -> None:
    """A cadre's silence is counted from now on or not at all; no words fall due for a minute long past."""
    Conversation.objects.filter(words_due_at__isnull=False).update(words_due_at=None)
    silent = Conversation.objects.filter(unanswered_since__isnull=False)
    silent.update(unanswered_since=now if go_on else None, silence_told_at=None)


def _rows(messages: QuerySet[Message]) -> list[tuple[int, int]]:
    return list(messages.values_list("pk", "conversation_id"))


def _numbers(talks: Iterable[int]) -> tuple[str, ...]:
    return tuple(Conversation(pk=pk).number for pk in sorted(set(talks)))
