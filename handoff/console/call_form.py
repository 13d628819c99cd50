"""The form with which a cadre books a call from a talk."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from handoff.call_texts import DAY_PARTS, SURNAME_ONLY, UNION_CALLS
from handoff.call_times import DayPart, Slot, next_slot, slot_on
from handoff.callbacks import Agreed
from handoff.console.care_texts import CALL_FORM, DAY, DAYS, SAYS, WEEKDAYS
from handoff.phones import masked, phone_in

_DAYS_AHEAD = 8
_ERRORS = {
    "required": CALL_FORM["empty"],
    "max_length": CALL_FORM["too_long"],
    "invalid_choice": CALL_FORM["bad_choice"],
}


class CallForm(forms.Form):
    """Number, day and part of the day, how the caller is named, whether a message may be left, what about.

    `known`: the number that the worker has given before; it may be taken without being read.
    """

    use_known = forms.BooleanField(required=False, initial=True)
    phone = forms.CharField(label=CALL_FORM["phone"], max_length=40, error_messages=_ERRORS)
    day = forms.TypedChoiceField(label=CALL_FORM["day"], coerce=date.fromisoformat, error_messages=_ERRORS)
    part = forms.TypedChoiceField(label=CALL_FORM["part"], coerce=DayPart, error_messages=_ERRORS)
    said_as = forms.ChoiceField(label=CALL_FORM["said_as"], choices=list(SAYS.items()), error_messages=_ERRORS)
    own_name = forms.CharField(label=CALL_FORM["own_name"], max_length=40, required=False, error_messages=_ERRORS)
    voicemail = forms.BooleanField(label=CALL_FORM["voicemail"], required=False)
    about = forms.CharField(label=CALL_FORM["about"], max_length=300, required=False, error_messages=_ERRORS)

    def __init__(self, data: Any = None, *, now: datetime, known: str = "") -> None:
        super().__init__(data, auto_id="call-%s")
        self._known = known
        if known:
            self.fields["use_known"].label = CALL_FORM["use_known"].format(phone=masked(known))
            self.fields["phone"].label = CALL_FORM["other_phone"]
        else:
            del self.fields["use_known"]
        self.fields["phone"].required = not known
        self._now = timezone.localtime(now)
        self.fields["day"].choices = self._days()  # type: ignore[attr-defined]
        self.fields["part"].choices = [(part.value, words) for part, words in DAY_PARTS.items()]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """The number, digits only."""
        written = self.cleaned_data["phone"]
        if not written and self.cleaned_data.get("use_known"):
            return self._known
        if not written:
            raise forms.ValidationError(CALL_FORM["empty"])
        phone = phone_in(written)
        if phone is None:
            raise forms.ValidationError(CALL_FORM["bad_phone"])
        return phone

    def clean(self) -> dict[str, Any]:
        """The time must lie ahead; other words for who rings must stand there."""
        given: dict[str, Any] = super().clean() or {}
        day, part = given.get("day"), given.get("part")
        if day is not None and part is not None and slot_on(day, part).due_until <= self._now:
            self.add_error("part", CALL_FORM["past"])
        if given.get("said_as") == "own" and not given.get("own_name"):
            self.add_error("own_name", CALL_FORM["empty"])
        return given

    @property
    def slot(self) -> Slot:
        """When; after the form was found valid."""
        return next_slot(self.cleaned_data["day"], self.cleaned_data["part"], now=self._now)

    @property
    def agreed(self) -> Agreed:
        """What was agreed; after the form was found valid."""
        given = self.cleaned_data
        names = {"union": UNION_CALLS, "surname": SURNAME_ONLY, "own": given["own_name"]}
        return Agreed(
            phone=given["phone"],
            when=DAY_PARTS[given["part"]],
            said_as=names[given["said_as"]],
            voicemail=given["voicemail"],
            about=given["about"],
        )

    def _days(self) -> list[tuple[str, str]]:
        days = [self._now.date() + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD)]
        return [(day.isoformat(), _named(day, ahead)) for ahead, day in enumerate(days)]


def _named(day: date, ahead: int) -> str:
    name = DAYS.get(ahead, WEEKDAYS[day.weekday()])
    return DAY.format(name=f"{name} ", month=day.month, day=day.day)
