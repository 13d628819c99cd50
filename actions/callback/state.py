"""The form's memory, as values. It lives in the dialogue's slots; here it has types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from handoff.call_times import Slot

FORM: Final = "callback_form"
REQUESTED: Final = "requested_slot"
TONE: Final = "callback_tone"
UNCLEAR: Final = "callback_unclear"
OFFERED: Final = "callback_offered"
SLOT: Final = "callback_slot"
BAD_ANSWERS_BEFORE_PERSON: Final = 2
# A call that is agreed a moment before its time ends cannot be made.
_ROOM: Final = timedelta(minutes=30)


class Field(StrEnum):
    """What is asked, in order. Values are slot names."""

    MOBILE = "callback_mobile"
    WHEN = "callback_when"
    SAID_AS = "callback_said_as"
    VOICEMAIL = "callback_voicemail"
    CONFIRMED = "callback_confirmed"


GIVEN: Final = (Field.MOBILE, Field.WHEN, Field.SAID_AS, Field.VOICEMAIL)


class Tone(StrEnum):
    """How the next question is put."""

    PLAIN = "plain"
    RESUMED = "resumed"
    DRAFT = "draft"
    CORRECTED = "corrected"
    UNCLEAR = "unclear"
    NOT_THEN = "not_then"
    TOO_LATE = "too_late"
    NO_PHONE = "no_phone"
    OFFER_PERSON = "offer_person"
    WHICH = "which"


@dataclass(frozen=True)
class CallState:
    """`values`: what has been given. `requested`: the question last asked. `slot`: the time that was agreed."""

    values: Mapping[Field, Any] = field(default_factory=dict)
    requested: Field | None = None
    unclear: int = 0
    offered: str | None = None
    slot: Slot | None = None

    @classmethod
    def of(cls, slots: Mapping[str, Any]) -> CallState:
        """Reads the dialogue's slots."""
        requested = slots.get(REQUESTED)
        return cls(
            values={item: slots[item] for item in Field if slots.get(item) is not None},
            requested=Field(requested) if requested in set(Field) else None,
            unclear=int(slots.get(UNCLEAR) or 0),
            offered=slots.get(OFFERED) or None,
            slot=_slot(slots.get(SLOT)),
        )

    def text(self, item: Field) -> str:
        """A given value, empty if there is none."""
        return str(self.values.get(item) or "")

    @property
    def last_given(self) -> Field | None:
        """The answer that 「写错了」 most likely means."""
        given = [item for item in GIVEN if item in self.values]
        return given[-1] if given else None

    def has_passed(self, now: datetime) -> bool:
        """Whether the time that was agreed has gone by before the form was finished."""
        return self.slot is not None and self.slot.due_until - now < _ROOM


def slot_value(slot: Slot) -> list[str]:
    """As the dialogue remembers it."""
    return [slot.due_from.isoformat(), slot.due_until.isoformat()]


def forgotten() -> dict[str, None]:
    """Slots that leave nothing of the form."""
    return dict.fromkeys([*Field, TONE, UNCLEAR, OFFERED, SLOT])


def _slot(value: Any) -> Slot | None:
    if not value:
        return None
    starts, ends = value
    return Slot(datetime.fromisoformat(starts), datetime.fromisoformat(ends))
