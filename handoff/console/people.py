"""The page of people and departments. All cadres see it, a supervisor keeps it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from handoff.console.access import for_cadres
from handoff.console.alarms import alarm_parts
from handoff.console.duty_texts import NOBODY, PEOPLE_LABELS, PEOPLE_NOTICES, PEOPLE_PROBLEMS
from handoff.kinds import CadreRole, DepartmentKind
from handoff.models import Cadre, Department
from handoff.people import (
    CadreNotFound,
    DepartmentNotFound,
    DepartmentTaken,
    LastCrisisReader,
    Profile,
    add_department,
    change_cadre,
    crisis_readers,
    may_edit_people,
    people_of,
    rename_department,
)
from handoff.readers import is_present
from handoff.roster_changes import NotAllowed


def _words(kind: str = "invalid") -> dict[str, str]:
    words = PEOPLE_PROBLEMS[kind]
    number = PEOPLE_PROBLEMS["number"]
    return {
        "required": PEOPLE_PROBLEMS["required"],
        "invalid": words,
        "invalid_choice": PEOPLE_PROBLEMS["choice"],
        "max_length": PEOPLE_PROBLEMS["too_long"],
        "min_value": number,
        "max_value": number,
    }


class PersonForm(forms.Form):
    """What a supervisor writes about a cadre. The last field is asked for only when it matters."""

    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=PEOPLE_LABELS["department"],
        required=False,
        empty_label=NOBODY,
        error_messages=_words(),
    )
    capacity = forms.IntegerField(
        label=PEOPLE_LABELS["capacity"], min_value=0, max_value=50, error_messages=_words("number")
    )
    is_woman = forms.BooleanField(label=PEOPLE_LABELS["is_woman"], required=False)
    reads_crisis = forms.BooleanField(label=PEOPLE_LABELS["reads_crisis"], required=False)
    phone = forms.RegexField(
        r"^\+?[0-9][0-9 -]{1,28}$", label=PEOPLE_LABELS["phone"], required=False, error_messages=_words("phone")
    )
    mail = forms.EmailField(label=PEOPLE_LABELS["mail"], required=False, error_messages=_words("mail"))
    without_crisis_reader = forms.BooleanField(
        label=PEOPLE_LABELS["without_crisis_reader"], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *given: Any, organisation_id: int, **named: Any) -> None:
        super().__init__(*given, **named)
        own = Department.objects.filter(organisation_id=organisation_id)
        self.fields["department"].queryset = own  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(person: Cadre) -> dict[str, Any]:
        """What the form shows for a cadre."""
        names = ("capacity", "is_woman", "reads_crisis", "phone", "mail")
        return {"department": person.department_id, **{name: getattr(person, name) for name in names}}

    def profile(self) -> Profile:
        """As written; the form is valid."""
        given = dict(self.cleaned_data)
        given.pop("without_crisis_reader")
        return Profile(**given)

    def warn_of_the_last(self, name: str) -> None:
        """Say what follows, and ask whether that is meant."""
        self.add_error("without_crisis_reader", PEOPLE_PROBLEMS["last_crisis_reader"].format(name=name))
        self.fields["without_crisis_reader"].widget = forms.CheckboxInput()


class DepartmentForm(forms.Form):
    """A new department."""

    kind = forms.ChoiceField(label=PEOPLE_LABELS["kind"], choices=DepartmentKind.choices, error_messages=_words())
    name = forms.CharField(label=PEOPLE_LABELS["name"], max_length=40, error_messages=_words())


class NameForm(forms.Form):
    """Another name for a department."""

    name = forms.CharField(label=PEOPLE_LABELS["name"], max_length=40, error_messages=_words())


def for_supervisors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call the view for supervisors; others, and people of other unions, meet 404."""

    @wraps(view)
    def guarded(request: HttpRequest, cadre: Cadre, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_edit_people(cadre):
            raise Http404
        try:
            return view(request, cadre, *args, **kwargs)
        except (NotAllowed, CadreNotFound, DepartmentNotFound) as error:
            raise Http404 from error

    return guarded


@require_GET
@for_cadres
def people(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """Everybody, and the departments."""
    return _page(request, cadre)


@require_POST
@for_cadres
@for_supervisors
def edit_person(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「保存」."""
    person = people_of(cadre).filter(pk=pk).first()
    if person is None:
        raise Http404
    form = PersonForm(request.POST, organisation_id=cadre.organisation_id, auto_id=f"person-{pk}-%s")
    if form.is_valid():
        meant = form.cleaned_data["without_crisis_reader"]
        try:
            change_cadre(cadre, pk, form.profile(), now=timezone.now(), without_crisis_reader=meant)
        except LastCrisisReader:
            form.warn_of_the_last(person.display_name)
        else:
            messages.success(request, PEOPLE_NOTICES["changed"].format(name=person.display_name))
            return redirect("console:people")
    return _page(request, cadre, changed=(pk, form))


@require_POST
@for_cadres
@for_supervisors
def new_department(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """「加上」."""
    form = DepartmentForm(request.POST, auto_id="new-%s")
    if form.is_valid():
        kind, name = DepartmentKind(form.cleaned_data["kind"]), form.cleaned_data["name"]
        try:
            add_department(cadre, kind, name, now=timezone.now())
        except DepartmentTaken:
            form.add_error("kind", PEOPLE_PROBLEMS["department_taken"])
        else:
            messages.success(request, PEOPLE_NOTICES["department_added"].format(name=name))
            return redirect("console:people")
    return _page(request, cadre, department_form=form)


@require_POST
@for_cadres
@for_supervisors
def edit_department(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「改名」."""
    form = NameForm(request.POST, auto_id=f"department-{pk}-%s")
    if not form.is_valid():
        return _page(request, cadre, renamed=(pk, form))
    rename_department(cadre, pk, form.cleaned_data["name"], now=timezone.now())
    messages.success(request, PEOPLE_NOTICES["department_renamed"])
    return redirect("console:people")


def _page(
    request: HttpRequest,
    cadre: Cadre,
    *,
    changed: tuple[int, PersonForm] | None = None,
    department_form: DepartmentForm | None = None,
    renamed: tuple[int, NameForm] | None = None,
) -> HttpResponse:
    now, edits = timezone.now(), may_edit_people(cadre)
    departments = Department.objects.filter(organisation_id=cadre.organisation_id)
    parts = {
        **alarm_parts(cadre, now=now),
        "cadre": cadre,
        "now": now,
        "edits": edits,
        "people": [
            (person, is_present(person, now=now), _person_form(person, changed) if edits else None)
            for person in people_of(cadre)
        ],
        "open_person": changed[0] if changed else 0,
        "named": crisis_readers(cadre.organisation_id).exists(),
        "operator": CadreRole.OPERATOR.value,
        "departments": [(one, _name_form(one, renamed) if edits else None) for one in departments],
        "open_department": renamed[0] if renamed else 0,
        "department_form": department_form or DepartmentForm(auto_id="new-%s"),
    }
    return render(request, "console/people.html", parts)


def _person_form(person: Cadre, changed: tuple[int, PersonForm] | None) -> PersonForm:
    if changed is not None and changed[0] == person.pk:
        return changed[1]
    initial, organisation_id = PersonForm.initial_of(person), person.organisation_id
    return PersonForm(initial=initial, organisation_id=organisation_id, auto_id=f"person-{person.pk}-%s")


def _name_form(department: Department, renamed: tuple[int, NameForm] | None) -> NameForm:
    if renamed is not None and renamed[0] == department.pk:
        return renamed[1]
    return NameForm(initial={"name": department.name}, auto_id=f"department-{department.pk}-%s")
