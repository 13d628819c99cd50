"""The duty switch."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from handoff.console.access import for_cadres
from handoff.console.texts import NOTICES
from handoff.duty import set_on_duty
from handoff.models import Cadre


@require_POST
@for_cadres
def switch_duty(request: HttpRequest, cadre: Cadre) -> HttpResponse:
    """Come on duty (`on`=1) or go off it, then back to the page where the switch was."""
    now = timezone.now()
    if request.POST.get("on") == "1":
        with transaction.atomic():
            set_on_duty(cadre, True, now=now)
        messages.success(request, NOTICES["on_duty"])
    else:
        come_off_duty(request, cadre, now=now)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe and back else "console:queue")


def come_off_duty(request: HttpRequest, cadre: Cadre, *, now: datetime) -> None:
    """Off duty; whoever still holds talks is told."""
    with transaction.atomic():
        set_on_duty(cadre, False, now=now)
    messages.info(request, NOTICES["off_duty"])
    held = cadre.held.count()
    if held:
        messages.warning(request, NOTICES["still_holding"].format(count=held))
