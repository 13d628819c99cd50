"""Sends alerts: each is claimed by compare-and-set under its talk's lock, sent, and marked with what became of it.

Once an acknowledgement has committed, nothing of that alarm begins to be sent: both lock the same row.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Q

from bot import owners
from bot.alerts.notes import Note, note_of
from bot.delivery import SENDING_FOR, SendOutcome, SendResult
from handoff.alerts import UNDER_WAY
from handoff.kinds import AlertRoad, Delivery
from handoff.models import Alert, Conversation
from handoff.readers import may_read

log = logging.getLogger("niangjia.alerts")

MOST_TRIES = 6
TRIED_FOR = timedelta(minutes=10)
FIRST_PAUSE_S = 5.0
_AT_ONCE = 100


class AlertSender(Protocol):
    """How a road sends one note to one address. Reasons are codes, without words of anybody."""

    def send(self, address: str, note: Note) -> SendOutcome: ...


class AlertDeliverer:
    """Sends what is due on one road. Thread-safe; any number of processes may run one each."""

    def __init__(
        self, road: AlertRoad, sender: AlertSender, *, base: str, clock: Callable[[], datetime], rng: random.Random
    ) -> None:
        self.road = road
        self._sender = sender
        self._base = base
        self._clock = clock
        self._rng = rng
        self._owner = owners.own_name()

    def due(self) -> list[int]:
        """Alerts that wait for their time, or that somebody began to send and did not end."""
        now = self._clock()
        waits = Q(delivery=Delivery.PENDING) & _by_time("due_at", now, ahead=TRIED_FOR)
        begun = Q(delivery=Delivery.SENDING)
        rows = Alert.objects.filter(waits | begun, road=self.road).order_by("due_at")[:_AT_ONCE]
        return [row.pk for row in rows if row.delivery == Delivery.PENDING or self._is_abandoned(row, now)]

    def run(self, alert_id: int) -> bool:
        """Send one alert if it is due and this road's; whether it was."""
        alert = self._claim(alert_id)
        if alert is not None:
            self._send(alert)
        return alert is not None

    def _claim(self, alert_id: int) -> Alert | None:
        talk_id = Alert.objects.filter(pk=alert_id).values_list("conversation_id", flat=True).first()
        with transaction.atomic():
            talk = Conversation.locked(talk_id) if talk_id is not None else None
            rows = Alert.objects.select_for_update(of=("self",)).select_related("cadre")
            alert = rows.filter(pk=alert_id, road=self.road, delivery__in=UNDER_WAY).first()
            now = self._clock()
            if alert is None or not self._may_begin(alert, now):
                return None
            alert.conversation = talk
            if not _is_wanted(alert):
                self._mark(alert, Delivery.CANCELLED, now, reason="not wanted")
                return None
            if talk is None and alert.delivery == Delivery.SENDING:
                self._mark(alert, Delivery.UNCERTAIN, now, reason="broken_off")
                return None
            alert.attempts, alert.owner = alert.attempts + 1, self._owner
            self._mark(alert, Delivery.SENDING, now)
        return alert

    def _send(self, alert: Alert) -> None:
        try:
            outcome = self._sender.send(alert.address, note_of(alert, base=self._base))
        except Exception as error:
            log.error("sending alert %s broke off: %s", alert.pk, type(error).__name__)
            outcome = SendOutcome(SendResult.UNCERTAIN, "broken_off")
        with transaction.atomic():
            if alert.conversation_id is not None:
                alert.conversation = Conversation.locked(alert.conversation_id)
            current = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
            if current.delivery == Delivery.SENDING and current.attempts == alert.attempts:
                self._settle(alert, outcome, self._clock())

    def _settle(self, alert: Alert, outcome: SendOutcome, now: datetime) -> None:
        if outcome.result == SendResult.SENT:
            self._mark(alert, Delivery.SENT, now)
        elif self._tries_again(alert, outcome, now):
            pause = FIRST_PAUSE_S * 2 ** (alert.attempts - 1) * self._rng.uniform(0.8, 1.2)
            alert.due_at = now + timedelta(seconds=pause)
            self._mark(alert, Delivery.PENDING, now, reason=outcome.reason)
        else:
            self._mark(alert, Delivery(outcome.result.value), now, reason=outcome.reason)

    def _tries_again(self, alert: Alert, outcome: SendOutcome, now: datetime) -> bool:
        """A trial shows its outcome at once; an alarm that still rings is worth a second copy."""
        talk = alert.conversation
        in_time = alert.attempts < MOST_TRIES and abs(now - alert.created_at) < TRIED_FOR
        return talk is not None and talk.alarm_rings and in_time

    def _may_begin(self, alert: Alert, now: datetime) -> bool:
        if alert.delivery == Delivery.SENDING:
            return self._is_abandoned(alert, now)
        return alert.due_at <= now or alert.due_at > now + TRIED_FOR

    def _is_abandoned(self, alert: Alert, now: datetime) -> bool:
        if alert.changed_at is None or (alert.owner and owners.is_gone(alert.owner)):
            return True
        return abs(now - alert.changed_at) > SENDING_FOR

    def _mark(self, alert: Alert, state: Delivery, now: datetime, *, reason: str = "") -> None:
        alert.delivery, alert.changed_at, alert.reason = state, now, reason[:80]
        alert.save(update_fields=["delivery", "changed_at", "reason", "due_at", "attempts", "owner"])


def _is_wanted(alert: Alert) -> bool:
    """A trial always; an alarm while it rings, and by mail to a cadre only while this cadre may read the talk."""
    talk = alert.conversation
    if talk is None:
        return True
    return talk.alarm_rings and (alert.cadre is None or may_read(alert.cadre, talk))


def _by_time(name: str, now: datetime, *, ahead: timedelta) -> Q:
    """Its time has come, or lies further ahead than it can: the clock was set back."""
    return Q(**{f"{name}__lte": now}) | Q(**{f"{name}__gt": now + ahead})
