"""An alarm begins, and is quieted. `handoff.alarm_steps` lets it go on while nobody acknowledges it."""

from __future__ import annotations

from datetime import datetime

from handoff.alerts import cancel_alerts, write_alerts
from handoff.chain import Step, circle_of, first_people, time_of
from handoff.models import Conversation


def raise_alarm(conversation: Conversation, *, now: datetime, graver: bool = False) -> None:
    """Begin an alarm, unless it rings already. The caller's transaction holds the lock and saves the row.

    `graver`: the matter has become more serious than what rings; then it begins anew.
    """
    goes_on = conversation.alarm_rings and conversation.alarm_due_at is not None
    if goes_on and not graver:
        return
    conversation.alarmed_at, conversation.acknowledged_at, conversation.acknowledged_by = now, None, None
    conversation.alarm_step = Step.FIRST
    people = first_people(circle_of(conversation, now=now))
    written = write_alerts(conversation, Step.FIRST, people, now=now)
    conversation.alarm_due_at = now + time_of(Step.NEXT) if people or written else now


def quiet_alarm(conversation: Conversation, *, now: datetime) -> None:
    """Stop the chain. The caller's transaction holds the lock and saves `alarm_due_at`."""
    conversation.alarm_due_at = None
    cancel_alerts(conversation, now=now)
