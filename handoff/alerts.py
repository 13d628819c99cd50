"""Alerts off the page, as rows: written in the alarm's own transaction, sent by `bot.alerts`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from handoff.audit import record
from handoff.chain import configured_roads, has_mail
from handoff.kinds import AlertRoad, AuditAction, Delivery
from handoff.models import Alert, Cadre, Conversation
from handoff.wakeups import Topic, bulletin

UNDER_WAY = (Delivery.PENDING, Delivery.SENDING)
# A second press of the button within this time sends no second trial.
ONE_TRIAL = timedelta(seconds=20)


class CannotTry(Exception):
    """The road has no settings, or the cadre no mail address."""


def write_alerts(
    conversation: Conversation, step: int, cadres: Iterable[Cadre], *, now: datetime, partner_mail: str = ""
) -> int:
    """Pending alerts by mail to each of these cadres, to the partner, and to the group; how many.

    The caller's transaction holds the conversation's lock. What still waits for the same address is replaced.
    """
    roads = configured_roads()
    rows = [_row(conversation, step, AlertRoad.MAIL, cadre, cadre.mail, now) for cadre in cadres if has_mail(cadre)]
    if partner_mail and AlertRoad.MAIL in roads:
        rows.append(_row(conversation, step, AlertRoad.MAIL, None, partner_mail, now))
    if AlertRoad.WECOM in roads:
        rows.append(_row(conversation, step, AlertRoad.WECOM, None, "", now))
    waiting = Alert.objects.filter(conversation=conversation, delivery=Delivery.PENDING)
    waiting.filter(address__in=[row.address for row in rows]).update(
        delivery=Delivery.CANCELLED, changed_at=now, reason="replaced"
    )
    _wake(Alert.objects.bulk_create(rows))
    return len(rows)


def cancel_alerts(conversation: Conversation, *, now: datetime) -> int:
    """Nothing more of this talk begins to be sent. The caller's transaction holds the conversation's lock."""
    return Alert.objects.filter(conversation=conversation, delivery=Delivery.PENDING).update(
        delivery=Delivery.CANCELLED, changed_at=now, reason="acknowledged"
    )


def called_since(conversation: Conversation, since: datetime) -> set[int]:
    """The cadres whom an alarm that began then has called."""
    rows = Alert.objects.filter(conversation=conversation, created_at__gte=since, cadre__isnull=False)
    return set(rows.values_list("cadre_id", flat=True))


def try_road(cadre: Cadre, road: AlertRoad, *, now: datetime) -> Alert:
    """「发一条试试」: to the cadre's own mail address, or to the group. Raises CannotTry."""
    if road not in configured_roads() or (road == AlertRoad.MAIL and not cadre.mail):
        raise CannotTry(road)
    with transaction.atomic():
        Cadre.objects.select_for_update().get(pk=cadre.pk)
        trials = Alert.objects.filter(organisation_id=cadre.organisation_id, road=road, conversation__isnull=True)
        latest = trials.filter(cadre=cadre).order_by("-id").first()
        if latest is not None and (latest.delivery in UNDER_WAY or latest.created_at > now - ONE_TRIAL):
            return latest
        trial = Alert(organisation_id=cadre.organisation_id, road=road, cadre=cadre, created_at=now, due_at=now)
        trial.address = cadre.mail if road == AlertRoad.MAIL else ""
        trial.save(force_insert=True)
        record(AuditAction.ALERTS, f"alert:{trial.pk}", cadre=cadre, now=now, detail=f"try:{road.value}")
        _wake([trial])
    return trial


def _row(
    conversation: Conversation, step: int, road: AlertRoad, cadre: Cadre | None, address: str, now: datetime
) -> Alert:
    return Alert(
        organisation_id=conversation.organisation_id,
        conversation=conversation,
        step=step,
        road=road,
        cadre=cadre,
        address=address,
        created_at=now,
        due_at=now,
        changed_at=now,
    )


def _wake(rows: list[Alert]) -> None:
    for row in rows:
        bulletin.publish_on_commit(row.pk, Topic.ALERT)
