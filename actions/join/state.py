"""The form's memory, as values. It lives in the dialogue's slots; here it has types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

FORM: Final = "join_form"
REQUESTED: Final = "requested_slot"
READY: Final = "join_ready"
TONE: Final = "join_tone"
UNCLEAR: Final = "join_unclear"
ENDING: Final = "join_ending"
BAD_ANSWERS_BEFORE_PERSON: Final = 2


class Field(StrEnum):
    """What is asked, in order. Values are slot names."""

    CONSENT = "join_consent"
    NAME = "join_name"
    MOBILE = "join_mobile"
    EMPLOYER = "join_employer"
    DISTRICT = "join_district"
    CONFIRMED = "join_confirmed"


GIVEN: Final = (Field.NAME, Field.MOBILE, Field.EMPLOYER, Field.DISTRICT)


class Tone(StrEnum):
    """How the next question is put."""

    PLAIN = "plain"
    RESUMED = "resumed"
    DRAFT = "draft"
    CORRECTED = "corrected"
    UNCLEAR = "unclear"
    NEEDED = "needed"
    RESIDENT_ID = "resident_id"
    NO_MOBILE = "no_mobile"
    REASSURED = "reassured"
    OFFER_PERSON = "offer_person"
    WHICH = "which"


class Ending(StrEnum):
    """How the form came to its end."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    UNDER_SIXTEEN = "under_sixteen"


@dataclass(frozen=True)
class JoinState:
    """`values`: what has been given. `requested`: the question that the person was last asked."""

    values: Mapping[Field, Any] = field(default_factory=dict)
    requested: Field | None = None
    unclear: int = 0

    @classmethod
    def of(cls, slots: Mapping[str, Any]) -> JoinState:
        """Reads the dialogue's slots."""
        requested = slots.get(REQUESTED)
        return cls(
            values={item: slots[item] for item in Field if slots.get(item) is not None},
            requested=Field(requested) if requested in set(Field) else None,
            unclear=int(slots.get(UNCLEAR) or 0),
        )

    def text(self, item: Field) -> str:
        """A given value, empty if there is none."""
        return str(self.values.get(item) or "")

    @property
    def last_given(self) -> Field | None:
        """The answer that 「写错了」 most likely means."""
        given = [item for item in GIVEN if item in self.values]
        return given[-1] if given else None


def forgotten() -> dict[str, None]:
    """Slots that leave nothing of the form."""
    return dict.fromkeys([*Field, TONE, UNCLEAR, ENDING, READY])
