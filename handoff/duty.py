"""Who is on duty now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from handoff.audit import record
from handoff.desk_texts import DESK
from handoff.kinds import AuditAction
from handoff.models import Cadre, Conversation, Organisation
from handoff.roster import local_zone, next_duty_starts
from handoff.wakeups import Topic, bulletin

# The console says every 20 s that it is open; three missed signs and nobody is taken to be there.
PRESENT_FOR = timedelta(seconds=70)
# After this a colleague may take over a talk that the cadre still holds.
AWAY_AFTER = timedelta(minutes=15)


def is_away(cadre: Cadre, *, now: datetime) -> bool:
    """Whether a cadre cannot be counted on any more: account closed, or no console open for a while."""
    return not cadre.user.is_active or cadre.seen_at is None or cadre.seen_at < now - AWAY_AFTER


def mark_present(cadre: Cadre, *, now: datetime) -> None:
    """The cadre's console is open."""
    Cadre.objects.filter(pk=cadre.pk).update(seen_at=now)


def set_on_duty(cadre: Cadre, on_duty: bool, *, now: datetime) -> None:
    """Come on or go off duty. Who goes off gives back what was only offered to them; what they hold they keep."""
    with transaction.atomic():
        Cadre.objects.filter(pk=cadre.pk).update(on_duty=on_duty, seen_at=now)
        cadre.on_duty, cadre.seen_at = on_duty, now
        if not on_duty:
            _withdraw_offers(cadre)
        record(AuditAction.DUTY, f"cadre:{cadre.pk}", cadre=cadre, now=now, detail="on" if on_duty else "off")
        bulletin.publish_on_commit(0, Topic.QUEUE)


def next_seen_at(organisation: Organisation, *, now: datetime, of: Collection[int] | None = None) -> str:
    """When somebody looks at the latest, as the worker reads it.

    The next duty on the roster, of the cadres `of` where these alone may read it; without one the installation's hour
    of starting work.
    """
    starts = next_duty_starts(organisation, now=now, of=of)
    if starts is None:
        return DESK["seen_at"].format(starts=settings.NIANGJIA.duty_starts)
    return when_in_words(starts, now=now)


def when_in_words(at: datetime, *, now: datetime) -> str:
    """A moment to come as people say it: today or tomorrow, within six days the weekday, else the date."""
    local, today = timezone.localtime(at, local_zone()), timezone.localtime(now, local_zone()).date()
    ahead = (local.date() - today).days
    pattern = {0: "today_at", 1: "tomorrow_at"}.get(ahead, "weekday_at" if ahead < 7 else "date_at")
    return DESK[pattern].format(
        clock=local.strftime("%H:%M"),
        weekday=DESK["weekdays"][local.weekday()],
        month=local.month,
        day=local.day,
    )


def _withdraw_offers(cadre: Cadre) -> None:
    """Talks that somebody works on at this moment are left to the sweep: waiting for them here could lock up both."""
    offered = Conversation.objects.select_for_update(skip_locked=True, of=("self",)).filter(assigned_to=cadre)
    Conversation.objects.filter(pk__in=[talk.pk for talk in offered]).update(assigned_to=None, assigned_at=None)
