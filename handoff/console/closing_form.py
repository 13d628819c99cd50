"""The form with which a talk is closed; after a danger it asks how and when the worker may be telephoned.

In other talks a call is agreed by itself, beside the talk: what is asked here leads to calls after a day and a week.
"""

from __future__ import annotations

from typing import Any

from django import forms

from handoff.call_texts import UNION_CALLS
from handoff.closing import FollowUp
from handoff.console.talk_texts import FORMS
from handoff.kinds import CallBackState, Outcome
from handoff.models import CallBack, Conversation
from handoff.phones import phone_in
from handoff.screening.levels import Level

_LONGEST = 60


class ClosingForm(forms.Form):
    """`FollowUpMissing` and `MustStayOpen` are the desk's to raise: the rules stand there."""

    outcome = forms.ChoiceField(
        choices=Outcome.choices, error_messages=dict.fromkeys(("required", "invalid_choice"), FORMS["no_outcome"])
    )
    phone = forms.CharField(required=False, max_length=_LONGEST, error_messages={"max_length": FORMS["bad_phone"]})
    when = forms.CharField(
        required=False, max_length=_LONGEST, error_messages={"max_length": FORMS["too_long"].format(most=_LONGEST)}
    )
    said_as = forms.CharField(
        required=False, max_length=_LONGEST, error_messages={"max_length": FORMS["too_long"].format(most=_LONGEST)}
    )
    voicemail = forms.BooleanField(required=False)
    declined = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, conversation: Conversation) -> None:
        super().__init__(data)
        self._conversation = conversation
        if Level(conversation.level) not in (Level.CRISIS, Level.DISTRESS):
            for asked in ("phone", "when", "said_as", "voicemail", "declined"):
                del self.fields[asked]

    def clean_phone(self) -> str:
        """Digits only, or nothing."""
        written = self.cleaned_data["phone"].strip()
        number = phone_in(written)
        if written and number is None:
            raise forms.ValidationError(FORMS["bad_phone"])
        return number or ""

    def clean(self) -> dict[str, Any]:
        """One answer to the question, and a call where one is said to be agreed."""
        given: dict[str, Any] = self.cleaned_data
        if given.get("phone") and given.get("declined"):
            raise forms.ValidationError(FORMS["both"])
        booked = given.get("phone") or "phone" in self.errors or self._is_booked()
        if given.get("outcome") == Outcome.CALL_BOOKED and not booked:
            raise forms.ValidationError(FORMS["booked_without_call"])
        return given

    def _is_booked(self) -> bool:
        return CallBack.objects.filter(conversation=self._conversation, state=CallBackState.OPEN).exists()

    @property
    def outcome_given(self) -> Outcome:
        """The outcome of a valid form."""
        return Outcome(self.cleaned_data["outcome"])

    @property
    def follow_up(self) -> FollowUp:
        """What a valid form says about calls."""
        given = self.cleaned_data
        if "phone" not in self.fields:
            return FollowUp()
        return FollowUp(
            phone=given["phone"],
            when=given["when"].strip(),
            said_as=given["said_as"].strip() or UNION_CALLS,
            voicemail=given["voicemail"],
            declined=given["declined"],
        )


def first_problem(form: forms.Form) -> str:
    """The first thing that is wrong, in one sentence."""
    return str(next(iter(form.errors.values()))[0])
