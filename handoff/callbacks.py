"""Call-backs: a telephone call that was agreed with a worker, from the booking to its end.

A row says when and in which talk; number, name and wishes are sealed. Notices to the worker are neutral: they never say
what a call is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from handoff.audit import record
from handoff.call_texts import CALLS, PART_WORDS, UNION_CALLS
from handoff.call_times import DayPart, Slot, follow_up_slot
from handoff.cases import HANDOVER_KINDS, OPEN_STATES, open_case
from handoff.desk_errors import ConversationNotFound
from handoff.flags import raise_flags
from handoff.kinds import AuditAction, CallBackReason, CallBackState, CaseKind, Flag, MessageKind
from handoff.lights import Light, status_light
from handoff.models import AuditRow, Cadre, CallBack, Case, Conversation
from handoff.outbox import say
from handoff.phones import masked
from handoff.readers import cadres_of, is_lead, may_read, readable_and_hidden
from handoff.roster import local_zone
from handoff.wakeups import Topic, bulletin

MOST_TRIES: Final = 3
FOLLOW_UPS: Final = {
    CallBackReason.NEXT_DAY: timedelta(hours=24),
    CallBackReason.NEXT_WEEK: timedelta(days=7),
}
_AT_ONCE = 100
_MOST_PAGES = 10
_LATE = "late-"


class CallNotFound(ConversationNotFound):
    """There is no such call for this cadre: missing, another union's, or of a talk that they may not read."""


@dataclass(frozen=True)
class Agreed:
    """What was agreed. `phone`: digits; `when`, `said_as`: the worker's words; `said_as` is how a caller is named."""

    phone: str = field(repr=False)
    when: str = field(default="", repr=False)
    said_as: str = field(default="", repr=False)
    voicemail: bool = False
    about: str = field(default="", repr=False)

    def as_details(self) -> dict[str, str]:
        """As it is sealed."""
        given = {"phone": self.phone, "when": self.when, "said_as": self.said_as or UNION_CALLS, "about": self.about}
        return {**given, "voicemail": "yes" if self.voicemail else "no"}


def book(
    conversation: Conversation,
    agreed: Agreed,
    *,
    slot: Slot,
    now: datetime,
    reason: CallBackReason = CallBackReason.BOOKED,
    cadre: Cadre | None = None,
) -> CallBack:
    """The call of this talk for this reason: new, or the open one changed to what is agreed now.

    The caller's transaction holds the conversation's lock. The worker is told by whoever calls (`tell_agreed`).
    """
    call = CallBack.objects.filter(conversation=conversation, reason=reason, state=CallBackState.OPEN).first()
    call = call or CallBack(conversation=conversation, reason=reason, created_at=now)
    call.conversation = conversation
    call.due_from, call.due_until, call.tried = slot.due_from, slot.due_until, 0
    call.case = call.case or _case_of(conversation, now=now)
    call.seal_details(agreed.as_details())
    call.save()
    if not agreed.voicemail:
        raise_flags(conversation, [Flag.NO_VOICEMAIL])
        conversation.save(update_fields=["flags"])
    record(AuditAction.CALL_BACK, f"call:{call.pk}", cadre=cadre, now=now, detail="booked")
    bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return call


def book_follow_ups(
    conversation: Conversation,
    *,
    phone: str,
    when: str,
    said_as: str,
    voicemail: bool,
    now: datetime,
    cadre: Cadre | None = None,
) -> list[CallBack]:
    """The calls a day and a week after a danger, agreed with the worker; a neutral notice tells them when.

    `when`: a DayPart's value or the worker's own words. `cadre` is who agreed them, else who holds the talk. The
    caller's transaction holds the conversation's lock.
    """
    cadre = cadre or conversation.holder
    agreed, part = Agreed(phone, when, said_as, voicemail), part_in(when)
    calls = [
        book(
            conversation,
            agreed,
            slot=follow_up_slot(part, at=now + after),
            reason=reason,
            cadre=cadre,
            now=now,
        )
        for reason, after in FOLLOW_UPS.items()
    ]
    days = [when_words(call)["day"] for call in calls]
    words = CALLS["agreed_two"].format(day=days[0], day_2=days[1], phone=masked(phone))
    say(conversation, MessageKind.FIXED, words, now=now, words_name="call_agreed")
    return calls


def tell_agreed(call: CallBack, *, now: datetime) -> None:
    """A neutral notice of one call. The caller's transaction holds the conversation's lock."""
    words = CALLS["agreed"].format(phone=masked(call.details["phone"]), **when_words(call))
    say(call.conversation, MessageKind.FIXED, words, now=now, words_name="call_agreed")


def part_in(when: str) -> DayPart | None:
    """The part of the day that a DayPart's value or words name."""
    if when in set(DayPart):
        return DayPart(when)
    return next((part for part, words in PART_WORDS.items() if any(word in when for word in words.split("|"))), None)


def access_call(cadre: Cadre, call_id: int) -> CallBack:
    """A call whose talk this cadre may read. Raises CallNotFound, alike for a stranger's and a missing one."""
    call = CallBack.objects.select_related("conversation__contact", "case").filter(pk=call_id).first()
    if call is None or not may_read(cadre, call.conversation):
        raise CallNotFound(call_id)
    return call


def open_calls(cadre: Cadre) -> list[CallBack]:
    """The open calls of talks that this cadre may read, the earliest first.

    At most 100 of those after a danger, and 100 others: however many others there are, they leave out none of these.
    """
    if not cadre.reads_chats:
        return []
    calls = CallBack.objects.filter(
        state=CallBackState.OPEN,
        conversation__organisation_id=cadre.organisation_id,
        conversation__contact__erased_at__isnull=True,
    )
    after_danger = _earliest_readable(calls.filter(reason__in=FOLLOW_UPS), cadre)
    others = _earliest_readable(calls.exclude(reason__in=FOLLOW_UPS), cadre)
    return sorted([*after_danger, *others], key=lambda call: (call.due_from, call.pk))


def for_this_cadre(cadre: Cadre, calls: Iterable[CallBack]) -> list[CallBack]:
    """Of calls that the cadre may read those that are theirs to deal with: after three tries they are the leads'.

    Where no lead may read the talk, they stay everybody's who may.
    """
    calls = list(calls)
    tried = [] if is_lead(cadre) else [call for call in calls if is_for_lead(call)]
    talks = {call.conversation_id: call.conversation for call in tried}.values()
    leads = [lead for lead in cadres_of(cadre.organisation_id) if is_lead(lead)] if talks else []
    of_leads = {pk for lead in leads for pk in readable_and_hidden(lead, talks)[0]}
    return [call for call in calls if call not in tried or call.conversation_id not in of_leads]


def may_give_up(cadre: Cadre, call: CallBack) -> bool:
    """Leads at any time; after three tries others too, where no lead may read the talk."""
    return is_lead(cadre) or (is_for_lead(call) and for_this_cadre(cadre, [call]) != [])


def _earliest_readable(calls: QuerySet[CallBack], cadre: Cadre) -> list[CallBack]:
    """The first 100 of what the cadre may read, looked for among the first 1000."""
    found: list[CallBack] = []
    in_order = calls.select_related("conversation__contact").order_by("due_from", "pk")
    for start in range(0, _MOST_PAGES * _AT_ONCE, _AT_ONCE):
        page = list(in_order[start : start + _AT_ONCE])
        readable, _ = readable_and_hidden(cadre, {call.conversation_id: call.conversation for call in page}.values())
        found += [call for call in page if call.conversation_id in readable]
        if len(found) >= _AT_ONCE or len(page) < _AT_ONCE:
            break
    return found[:_AT_ONCE]


def call_light(call: CallBack, *, now: datetime) -> Light:
    """GREEN before its time, AMBER while it is due, RED when it is late or has been tried in vain three times."""
    if is_for_lead(call):
        return Light.RED
    return status_light(call.due_until, now=now, warn_before=call.due_until - call.due_from)


def is_for_lead(call: CallBack) -> bool:
    """Open, and tried in vain as often as a cadre tries: the duty lead or the supervisor decides what is done."""
    return call.state == CallBackState.OPEN and call.tried >= MOST_TRIES


def note_reading_number(call: CallBack, cadre: Cadre, *, now: datetime) -> None:
    """Somebody has the number on the screen."""
    record(AuditAction.CALL_BACK, f"call:{call.pk}", cadre=cadre, now=now, detail="read")


def remind_of_calls(*, now: datetime) -> int:
    """A sweep: pages are told once of each call that has become late; how many were."""
    late = CallBack.objects.filter(state=CallBackState.OPEN, due_from__lte=now, due_until__lte=now)
    known = late.filter(conversation__contact__erased_at__isnull=True)
    calls = list(known.only("conversation_id", "tried").order_by("-due_from")[:_AT_ONCE])
    told = AuditRow.objects.filter(subject__in=[f"call:{call.pk}" for call in calls], detail__startswith=_LATE)
    reminded = set(told.values_list("subject", "detail"))
    return sum(_remind(call, now=now) for call in calls if _reminder(call) not in reminded)


def _remind(call: CallBack, *, now: datetime) -> bool:
    subject, detail = _reminder(call)
    with transaction.atomic():
        Conversation.locked(call.conversation_id)
        if AuditRow.objects.filter(subject=subject, detail=detail).exists():
            return False
        record(AuditAction.CALL_BACK, subject, cadre=None, now=now, detail=detail)
        bulletin.publish_on_commit(call.conversation_id, Topic.QUEUE)
    return True


def _reminder(call: CallBack) -> tuple[str, str]:
    """The audit row that says so: once for each try."""
    return f"call:{call.pk}", f"{_LATE}{call.tried}"


def when_words(call: CallBack) -> dict[str, str]:
    """`day` and `clock` of a call, as they are said."""
    starts, ends = (at.astimezone(local_zone()) for at in (call.due_from, call.due_until))
    clock = CALLS["clock"].format(starts=starts.strftime(CALLS["hour"]), ends=ends.strftime(CALLS["hour"]))
    return {"day": CALLS["day"].format(month=starts.month, day=starts.day), "clock": clock}


def _case_of(conversation: Conversation, *, now: datetime) -> Case:
    """The open matter of the talk that the call belongs to, the gravest first; without one, a request for a person."""
    standing = {
        case.kind: case for case in Case.objects.filter(conversation=conversation, state__in=OPEN_STATES).order_by("pk")
    }
    found = next((standing[kind] for kind in HANDOVER_KINDS if kind in standing), None)
    return found or open_case(conversation, CaseKind.HANDOFF, now=now)
