"""How the roads of the alerts are, as seen from the last things that were sent by each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff.chain import configured_roads
from handoff.kinds import AlertRoad, Delivery
from handoff.models import Alert, Organisation

TRY_EVERY = timedelta(days=30)
_LOOK_BACK = 50


@dataclass(frozen=True)
class RoadState:
    """`sent_at`, `failed_at`: the last of each among the latest attempts. `reason`: a code, see `bot.alerts`.

    `dead`: the last attempt failed. `untried`: never tried, or not for 30 days.
    """

    road: AlertRoad
    configured: bool
    sent_at: datetime | None
    failed_at: datetime | None
    reason: str
    dead: bool
    untried: bool


def road_states(organisation: Organisation, *, now: datetime) -> tuple[RoadState, ...]:
    """The state of every road of a union."""
    configured = configured_roads()
    return tuple(_state(organisation, road, road in configured, now=now) for road in AlertRoad)


def dead_roads(organisation: Organisation, *, now: datetime) -> tuple[RoadState, ...]:
    """The roads that are set up and do not get through."""
    return tuple(state for state in road_states(organisation, now=now) if state.dead)


def _state(organisation: Organisation, road: AlertRoad, configured: bool, *, now: datetime) -> RoadState:
    rows = Alert.objects.filter(organisation=organisation, road=road, attempts__gt=0, changed_at__isnull=False)
    latest = sorted(rows.order_by("-id")[:_LOOK_BACK], key=_attempted_at, reverse=True)
    sent = next((row for row in latest if row.delivery == Delivery.SENT), None)
    failed = next((row for row in latest if _has_failed(row)), None)
    settled = next((row for row in latest if row is sent or row is failed), None)
    return RoadState(
        road=road,
        configured=configured,
        sent_at=_attempted_at(sent) if sent else None,
        failed_at=_attempted_at(failed) if failed else None,
        reason=failed.reason if failed else "",
        dead=configured and settled is not None and settled is failed,
        untried=configured and (settled is None or _attempted_at(settled) < now - TRY_EVERY),
    )


def _attempted_at(row: Alert) -> datetime:
    return row.changed_at or row.created_at


def _has_failed(row: Alert) -> bool:
    """An attempt that failed and is to be made again stands as pending, with the reason of the last."""
    waits_again = row.delivery == Delivery.PENDING and bool(row.reason)
    return waits_again or row.delivery in (Delivery.FAILED, Delivery.UNCERTAIN)
