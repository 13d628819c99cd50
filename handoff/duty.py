"""Who is on duty now."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from handoff.audit import record
from handoff.desk_texts import DESK
from handoff.kinds import AuditAction, CadreRole
from handoff.models import Cadre, Organisation
from handoff.wakeups import Topic, bulletin

# The console says every 20 s that it is open; three missed signs and nobody is taken to be there.
PRESENT_FOR = timedelta(seconds=70)
# After this a colleague may take over a talk that the cadre still holds.
AWAY_AFTER = timedelta(minutes=15)


def anyone_on_duty(organisation: Organisation, *, now: datetime) -> bool:
    """Whether a cadre who may answer says to be on duty *and* has the console open."""
    return (
        Cadre.objects.filter(organisation=organisation, on_duty=True, seen_at__gte=now - PRESENT_FOR)
        .exclude(role=CadreRole.OPERATOR)
        .exists()
    )


def is_away(cadre: Cadre, *, now: datetime) -> bool:
    """Whether a cadre cannot be counted on any more: account closed, or no console open for a while."""
    return not cadre.user.is_active or cadre.seen_at is None or cadre.seen_at < now - AWAY_AFTER


def mark_present(cadre: Cadre, *, now: datetime) -> None:
    """The cadre's console is open."""
    Cadre.objects.filter(pk=cadre.pk).update(seen_at=now)


def set_on_duty(cadre: Cadre, on_duty: bool, *, now: datetime) -> None:
    """Come on or go off duty."""
    Cadre.objects.filter(pk=cadre.pk).update(on_duty=on_duty, seen_at=now)
    cadre.on_duty, cadre.seen_at = on_duty, now
    record(AuditAction.DUTY, f"cadre:{cadre.pk}", cadre=cadre, now=now, detail="on" if on_duty else "off")
    bulletin.publish_on_commit(0, Topic.QUEUE)


def next_seen_at() -> str:
    """When somebody looks at the latest, as the worker reads it: the installation's hour of starting work."""
    return DESK["seen_at"].format(starts=settings.NIANGJIA.duty_starts)
