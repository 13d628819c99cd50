"""The system's state in figures, without a word or a number of any talk: for operators and accounts without a role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from handoff.console.access import cadre_of
from handoff.console.pulse import LATE_AFTER, channel_lines, flow_lines, is_late, reasons_of_failures
from handoff.console.state_texts import FLOW
from handoff.console.texts import UNREAD_MATTERS
from handoff.duty import PRESENT_FOR
from handoff.kinds import CadreRole, Delivery, MessageKind
from handoff.models import Cadre, Message, Organisation
from handoff.pushes import Flow, flow
from handoff.readers import unread_matters


@dataclass(frozen=True)
class DeskState:
    """Counts. `late_turns`, `late_sends`: for more than a minute; `failed_sends`: in the last 24 hours."""

    on_duty: int
    late_turns: int
    late_sends: int
    failed_sends: int
    untaken_late: bool
    stuck: int

    @property
    def well(self) -> bool:
        """Whether nothing lags and nothing failed."""
        lags = self.untaken_late or self.late_turns or self.late_sends
        return not (lags or self.failed_sends or self.stuck)


def desk_state(waiting: Flow, *, now: datetime) -> DeskState:
    """The counts at this moment."""
    sent = Message.objects.exclude(kind=MessageKind.WORKER)
    under_way = sent.filter(delivery__in=[Delivery.PENDING, Delivery.SENDING])
    lost = sent.filter(delivery__in=[Delivery.FAILED, Delivery.UNCERTAIN])
    unanswered = Message.objects.filter(kind=MessageKind.WORKER, answered_at__isnull=True)
    there = Cadre.objects.filter(on_duty=True, seen_at__gte=now - PRESENT_FOR).exclude(role=CadreRole.OPERATOR)
    return DeskState(
        on_duty=there.count(),
        late_turns=unanswered.filter(created_at__lt=now - LATE_AFTER).count(),
        late_sends=under_way.filter(delivery_changed_at__lt=now - LATE_AFTER).count(),
        failed_sends=lost.filter(delivery_changed_at__gt=now - timedelta(hours=24)).count(),
        untaken_late=is_late(waiting.untaken, now=now),
        stuck=waiting.untaken.stuck,
    )


@require_GET
@never_cache
@login_required
def state(request: HttpRequest) -> HttpResponse:
    """The state, with a kind word to those who may not read talks."""
    now, cadre, waiting = timezone.now(), cadre_of(request.user), flow()
    stuck = waiting.untaken.stuck
    parts = {
        "cadre": cadre,
        "state": desk_state(waiting, now=now),
        "flow": flow_lines(waiting, now=now),
        "stuck": FLOW["stuck"].format(count=stuck) if stuck else "",
        "channels": channel_lines(now=now),
        "reasons": reasons_of_failures(now=now),
        "unread": unread_words(cadre),
        "now": now,
        "reads": bool(cadre and cadre.reads_chats),
    }
    return render(request, "console/state.html", parts)


def unread_words(cadre: Cadre | None) -> list[str]:
    """What nobody could read in the cadre's union, or, for an account without one, in any."""
    unions = Organisation.objects.order_by("pk")
    if cadre is not None:
        unions = unions.filter(pk=cadre.organisation_id)
    return [UNREAD_MATTERS[matter].format(union=union.name) for union in unions for matter in unread_matters(union)]
