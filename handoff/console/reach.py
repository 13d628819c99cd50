"""How the worker of a talk is named and telephoned: masked until a cadre asks for the number, which is written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handoff.audit import record
from handoff.call_texts import UNION_CALLS
from handoff.console.talk_texts import MASKED, NAMELESS, PHONE
from handoff.encryption import ContactErased, Unreadable
from handoff.kinds import AuditAction, CallBackState
from handoff.models import AuditRow, Cadre, CallBack, Case, Conversation
from handoff.phones import masked, phone_in

# So long a number stays on the screen of the cadre who asked for it.
SHOWN_FOR = timedelta(minutes=10)
_READ_PHONE = "phone"
_LOOKED_AT = 5


@dataclass(frozen=True)
class Phone:
    """A number that the worker gave. `dial` is empty until the cadre has asked for it; `agreed`: what was agreed."""

    masked: str
    source: str
    agreed: str
    dial: str = field(default="", repr=False)


@dataclass(frozen=True)
class Person:
    """`name` is masked, or says that there is none."""

    name: str
    phone: Phone | None


def person_of(conversation: Conversation, cadre: Cadre, *, now: datetime) -> Person:
    """From the open call-back first, then the contact's own cases in this union."""
    given = list(_case_fields(conversation))
    name = next((fields["name"] for fields in given if fields.get("name")), "")
    found = _given_number(conversation, given)
    if found is None:
        return Person(_masked_name(name), None)
    number, source, agreed = found
    dial = number if _was_asked_for(conversation, cadre, now=now) else ""
    return Person(_masked_name(name), Phone(masked(number), source, agreed, dial))


def known_number(conversation: Conversation) -> str:
    """The number that they gave last, digits only, for a call that is booked without it being read; else empty."""
    found = _given_number(conversation, list(_case_fields(conversation)))
    return found[0] if found is not None else ""


def ask_for_number(conversation: Conversation, cadre: Cadre, *, now: datetime) -> None:
    """Write down that this cadre looks at the number; for ten minutes their page shows it."""
    record(AuditAction.READ_CHAT, f"conversation:{conversation.pk}", cadre=cadre, now=now, detail=_READ_PHONE)


def _was_asked_for(conversation: Conversation, cadre: Cadre, *, now: datetime) -> bool:
    asked = AuditRow.objects.filter(
        subject=f"conversation:{conversation.pk}", cadre=cadre, action=AuditAction.READ_CHAT, detail=_READ_PHONE
    )
    return asked.filter(at__gt=now - SHOWN_FOR).exists()


def _given_number(conversation: Conversation, given: list[dict[str, str]]) -> tuple[str, str, str] | None:
    return _of_call(conversation) or _of_case(given)


def _of_call(conversation: Conversation) -> tuple[str, str, str] | None:
    calls = CallBack.objects.filter(conversation=conversation).order_by("-pk")
    call = calls.filter(state=CallBackState.OPEN).first() or calls.first()
    if call is None:
        return None
    call.conversation = conversation
    try:
        details = call.details
    except (ContactErased, Unreadable):
        return None
    return (details["phone"], PHONE["from_call"], _agreed(details)) if details.get("phone") else None


def _agreed(details: dict[str, str]) -> str:
    said_as, when = details.get("said_as") or UNION_CALLS, details.get("when") or ""
    words = PHONE["agreed" if when else "agreed_simply"].format(when=when, said_as=said_as)
    return words + ("" if details.get("voicemail") == "yes" else PHONE["no_voicemail"])


def _of_case(given: list[dict[str, str]]) -> tuple[str, str, str] | None:
    for fields in given:
        number = phone_in(str(fields.get("mobile") or fields.get("phone") or ""))
        if number is not None:
            return number, PHONE["from_case"], ""
    return None


def _case_fields(conversation: Conversation) -> Iterator[dict[str, str]]:
    own = Case.objects.filter(contact_id=conversation.contact_id, organisation_id=conversation.organisation_id)
    for case in own.exclude(fields_sealed=b"").order_by("-opened_at", "-pk")[:_LOOKED_AT]:
        case.contact = conversation.contact
        try:
            yield case.fields
        except (ContactErased, Unreadable):
            return


def _masked_name(name: str) -> str:
    return MASKED.format(first=name[0]) if name else NAMELESS
