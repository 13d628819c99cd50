"""Offering a waiting talk by hand, and taking the offer back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from handoff.assignment import CannotTake, NotWaiting, assign_by_hand, unassign
from handoff.console.access import access_talk, for_cadres
from handoff.console.duty_texts import ASSIGNED
from handoff.models import Cadre
from handoff.roster_changes import NotAllowed


@require_POST
@for_cadres
def assign_talk(request: HttpRequest, cadre: Cadre, pk: int) -> HttpResponse:
    """「分给」: `to` is the colleague's number, empty takes the offer back; leads only, others meet 404."""
    access_talk(cadre, pk)
    try:
        _assign(request, cadre, pk)
    except NotAllowed as error:
        raise Http404 from error
    except NotWaiting:
        messages.info(request, ASSIGNED["not_waiting"])
    except CannotTake:
        messages.error(request, ASSIGNED["cannot_take"])
    return redirect("console:talk", pk)


def _assign(request: HttpRequest, cadre: Cadre, pk: int) -> None:
    asked, now = request.POST.get("to", ""), timezone.now()
    if not asked:
        unassign(pk, cadre, now=now)
        messages.success(request, ASSIGNED["taken_back"])
        return
    own = Cadre.objects.filter(organisation_id=cadre.organisation_id)
    to = own.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    if to is None:
        raise CannotTake(asked)
    assign_by_hand(pk, cadre, to, now=now)
    messages.success(request, ASSIGNED["given"].format(name=to.display_name))
