"""The canned replies' own page: leads keep the list, everybody sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from handoff.canned import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    CannedReplyNotFound,
    NotForYou,
    TitleTaken,
    TooManyReplies,
    Wording,
    add_reply,
    all_replies,
    change_reply,
    remove_reply,
)
from handoff.console.access import for_cadres
from handoff.console.closing_form import first_problem
from handoff.console.talk_texts import DONE, FORMS, REFUSALS
from handoff.models import Cadre, Department
from handoff.readers import is_lead

_LONG = {
    "title": FORMS["too_long"].format(most=LONGEST_TITLE),
    "text": FORMS["too_long"].format(most=LONGEST_TEXT),
}


class ReplyWordingForm(forms.Form):
    """A reply's title, words, and whose it is."""

    title = forms.CharField(
        max_length=LONGEST_TITLE, error_messages={"required": FORMS["no_title"], "max_length": _LONG["title"]}
    )
    text = forms.CharField(
        max_length=LONGEST_TEXT, error_messages={"required": FORMS["no_text"], "max_length": _LONG["text"]}
    )
    department = forms.ModelChoiceField(Department.objects.none(), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, cadre: Cadre) -> None:
        super().__init__(data)
        self.fields["department"].queryset = Department.objects.filter(organisation_id=cadre.organisation_id)  # type: ignore[attr-defined]

    @property
    def wording(self) -> Wording:
        """Of a valid form; line ends as everywhere else."""
        given = self.cleaned_data
        return Wording(given["title"], given["text"].replace("\r\n", "\n"), given["department"])


@require_GET
@for_cadres
def canned(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """All replies of the union."""
    return _show(request, cadre)


@require_POST
@for_cadres
def add(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """A new reply; refused, the page again with what was typed."""
    return _keep(request, cadre, 0)


@require_POST
@for_cadres
def change(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """Other words for a reply, or, with `remove`, no such reply any more."""
    if request.POST.get("remove") != "1":
        return _keep(request, cadre, pk)
    try:
        remove_reply(pk, cadre, now=timezone.now())
    except (NotForYou, CannedReplyNotFound) as error:
        raise Http404 from error
    messages.success(request, DONE["canned_removed"])
    return redirect("console:canned")


def _keep(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    form = ReplyWordingForm(request.POST, cadre=cadre)
    if not is_lead(cadre):
        raise Http404
    if not form.is_valid():
        return _show(request, cadre, refused={"pk": pk, "why": first_problem(form)}, status=400)
    try:
        _write(cadre, pk, form.wording, now=timezone.now())
    except CannedReplyNotFound as error:
        raise Http404 from error
    except (TitleTaken, TooManyReplies) as error:
        return _show(request, cadre, refused={"pk": pk, "why": REFUSALS[type(error).__name__]}, status=409)
    messages.success(request, DONE["canned_changed" if pk else "canned_added"])
    return redirect("console:canned")


def _write(cadre: Cadre, pk: int, wording: Wording, *, now: datetime) -> None:
    if pk:
        change_reply(pk, cadre, wording, now=now)
    else:
        add_reply(cadre, wording, now=now)


def _show(
    request: HttpRequest, cadre: Cadre, *, refused: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    parts = {
        "cadre": cadre,
        "now": timezone.now(),
        "replies": all_replies(cadre),
        "departments": Department.objects.filter(organisation_id=cadre.organisation_id),
        "may_change": is_lead(cadre),
        "refused": refused,
        "typed": request.POST if refused else {},
        "longest_title": LONGEST_TITLE,
        "longest_text": LONGEST_TEXT,
    }
    return render(request, "console/canned.html", parts, status=status)
