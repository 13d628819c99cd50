"""The page of the alarm's chain and of the roads: who would be called right now, whether the roads get through."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from handoff.alerts import CannotTry, try_road
from handoff.chain_ends import Partner, chain_end_of, record_chain_end
from handoff.console.access import for_cadres
from handoff.console.alarms import alarm_parts
from handoff.console.alert_texts import ALERT_NOTICES, END_PROBLEMS
from handoff.console.chain_view import chain_lines, dead_road_words, road_views, unreached
from handoff.kinds import AlertRoad, CadreRole
from handoff.models import Cadre


def _problems(kind: str) -> dict[str, str]:
    words = END_PROBLEMS[kind]
    return {"required": END_PROBLEMS["required"], "invalid": words, "max_length": words}


class EndForm(forms.Form):
    """The end of the chain, as a supervisor writes it."""

    name = forms.CharField(max_length=60, error_messages=_problems("name"))
    phone = forms.RegexField(r"^\+?[0-9][0-9 -]{1,28}[0-9]$", max_length=30, error_messages=_problems("phone"))
    mail = forms.EmailField(required=False, max_length=254, error_messages=_problems("mail"))
    agreed_on = forms.DateField(
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_problems("date"),
    )

    def clean_agreed_on(self) -> Any:
        """An agreement lies in the past."""
        agreed_on = self.cleaned_data["agreed_on"]
        if agreed_on > timezone.localdate():
            raise forms.ValidationError(END_PROBLEMS["future"])
        return agreed_on


@require_GET
@for_cadres
def alerts(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """The whole page."""
    return _page(request, cadre, EndForm(initial=_recorded(cadre)))


@require_GET
@for_cadres
def roads(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """The roads alone, for a page that is open."""
    return render(request, "console/_roads.html", {"roads": road_views(cadre, now=timezone.now())})


@require_GET
@for_cadres
def road_strip(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """The strip of dead roads alone, for a page that is open."""
    words = dead_road_words(cadre, now=timezone.now())
    return render(request, "console/_road_strip.html", {"words": words, "watched": cadre.on_duty})


@require_POST
@for_cadres
def try_one(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """「发一条试试」."""
    now = timezone.now()
    try:
        try_road(cadre, AlertRoad(request.POST.get("road", "")), now=now)
    except (CannotTry, ValueError):
        messages.error(request, ALERT_NOTICES["cannot_try"])
        return redirect("console:alerts")
    if request.headers.get("HX-Request") == "true":
        return render(request, "console/_roads.html", {"roads": road_views(cadre, now=now)})
    return redirect("console:alerts")


@require_POST
@for_cadres
def set_chain_end(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """A supervisor records who is called at the last."""
    if cadre.role != CadreRole.SUPERVISOR:
        raise PermissionDenied
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, cadre, form, status=422)
    end = record_chain_end(cadre.organisation, Partner(**form.cleaned_data), cadre=cadre, now=timezone.now())
    messages.success(request, ALERT_NOTICES["end_saved"].format(name=end.name))
    return redirect("console:alerts")


def _recorded(cadre: Cadre) -> dict[str, Any]:
    end = chain_end_of(cadre.organisation)
    return {name: getattr(end, name) for name in EndForm.base_fields} if end else {}


def _page(request: HttpRequest, cadre: Cadre, form: EndForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    parts = {
        "cadre": cadre,
        "now": now,
        "form": form,
        "may_edit": cadre.role == CadreRole.SUPERVISOR,
        "end": chain_end_of(cadre.organisation),
        "chain": chain_lines(cadre.organisation, now=now),
        "unreached": unreached(cadre.organisation, now=now),
        "roads": road_views(cadre, now=now),
        **alarm_parts(cadre, now=now),
    }
    return render(request, "console/alerts.html", parts, status=status)
