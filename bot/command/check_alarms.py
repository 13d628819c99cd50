"""What `niangjia check` says of the alarms: the end of their chain, and the roads off the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.texts import CHECK

if TYPE_CHECKING:
    from handoff.models import Organisation


def alarm_problems() -> Iterator[str]:
    """A union without an end of the chain; no road but the page; a road that is dead or untried."""
    from django.utils import timezone

    from handoff.chain import configured_roads
    from handoff.chain_ends import chain_end_of
    from handoff.kinds import AlertRoad
    from handoff.models import Cadre, Organisation

    now = timezone.now()
    unions = list(Organisation.objects.order_by("pk"))
    for union in unions:
        if chain_end_of(union) is None:
            yield CHECK["no_chain_end"].format(union=union.name)
    if not configured_roads():
        yield CHECK["no_road"]
    if AlertRoad.MAIL in configured_roads() and not Cadre.objects.exclude(mail="").exists():
        yield CHECK["nobody_by_mail"]
    for union in unions:
        yield from _roads(union, now=now)


def _roads(union: Organisation, *, now: datetime) -> Iterator[str]:
    from handoff.console.alert_texts import ROADS
    from handoff.console.chain_view import reason_words
    from handoff.roads import road_states

    for state in road_states(union, now=now):
        if state.dead:
            yield CHECK["dead_road"].format(road=ROADS[state.road], reason=reason_words(state.reason))
        elif state.untried:
            yield CHECK["road_untried"].format(road=ROADS[state.road])
