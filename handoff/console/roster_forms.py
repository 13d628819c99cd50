"""Forms of the roster's page. What they let through is checked once more where it is written."""

from __future__ import annotations

from typing import Any

from django import forms

from handoff.console.duty_texts import DAY_KINDS, NOBODY, ROSTER_LABELS, ROSTER_PROBLEMS
from handoff.console.roster_view import weekday_choices
from handoff.kinds import CadreRole, DayKind
from handoff.models import Cadre, RosterLine
from handoff.roster_changes import NewLine

_WORDS = {
    "required": ROSTER_PROBLEMS["required"],
    "invalid": ROSTER_PROBLEMS["invalid"],
    "invalid_choice": ROSTER_PROBLEMS["choice"],
    "min_value": ROSTER_PROBLEMS["number"],
    "max_value": ROSTER_PROBLEMS["number"],
}

_AS_THEY_ARE = ("day_kind", "starts", "ends", "valid_from", "valid_until", "rank")


def day_field(name: str, *, required: bool = True) -> forms.DateField:
    """A day, chosen by the browser's own calendar."""
    return forms.DateField(
        label=ROSTER_LABELS[name],
        required=required,
        error_messages=_WORDS,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _clock_field(name: str) -> forms.TimeField:
    return forms.TimeField(
        label=ROSTER_LABELS[name],
        error_messages=_WORDS,
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


def _cadre_field(name: str, *, required: bool = True) -> forms.ModelChoiceField[Cadre]:
    return forms.ModelChoiceField(
        Cadre.objects.none(),
        label=ROSTER_LABELS[name],
        required=required,
        empty_label=None if required else NOBODY,
        error_messages=_WORDS,
    )


def _serving(lead: Cadre) -> Any:
    own = Cadre.objects.filter(organisation_id=lead.organisation_id, user__is_active=True).select_related("user")
    return own.exclude(role=CadreRole.OPERATOR).order_by("pk")


class LineForm(forms.Form):
    """One line of the roster."""

    cadre = _cadre_field("cadre")
    stand_in = _cadre_field("stand_in", required=False)
    day_kind = forms.ChoiceField(
        label=ROSTER_LABELS["day_kind"],
        choices=[(kind.value, DAY_KINDS[kind]) for kind in DayKind],
        error_messages=_WORDS,
    )
    weekday = forms.TypedChoiceField(
        label=ROSTER_LABELS["weekday"],
        choices=weekday_choices,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages=_WORDS,
    )
    starts = _clock_field("starts")
    ends = _clock_field("ends")
    valid_from = day_field("valid_from")
    valid_until = day_field("valid_until", required=False)
    rank = forms.IntegerField(label=ROSTER_LABELS["rank"], min_value=0, max_value=99, initial=0, error_messages=_WORDS)

    def __init__(self, *given: Any, lead: Cadre, **named: Any) -> None:
        super().__init__(*given, **named)
        for name in ("cadre", "stand_in"):
            self.fields[name].queryset = _serving(lead)  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(line: RosterLine) -> dict[str, Any]:
        """What the form shows for a line."""
        return {
            "cadre": line.cadre_id,
            "stand_in": line.stand_in_id,
            "weekday": "" if line.weekday is None else str(line.weekday),
            **{
                name: getattr(line, name)
                for name in ("day_kind", "starts", "ends", "valid_from", "valid_until", "rank")
            },
        }

    def new_line(self) -> NewLine:
        """The line as written; the form is valid."""
        return NewLine(**{**self.cleaned_data, "day_kind": DayKind(self.cleaned_data["day_kind"])})


class AbsenceForm(forms.Form):
    """A cadre is away."""

    cadre = _cadre_field("cadre")
    from_on = day_field("from_on")
    until_on = day_field("until_on")

    def __init__(self, *given: Any, lead: Cadre, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["cadre"].queryset = _serving(lead)  # type: ignore[attr-defined]
