"""The steps of an alarm that nobody acknowledges. The clocks are rows: they outlive a restart and a change of day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from handoff.alarms import raise_alarm
from handoff.alerts import called_since, write_alerts
from handoff.audit import record
from handoff.chain import CLAIMED_WITHIN, END_AGAIN_EVERY, Step, circle_of, next_time, people_at, time_of
from handoff.chain_ends import chain_end_of
from handoff.desk_texts import DESK
from handoff.duty import is_away
from handoff.kinds import AuditAction, MessageKind
from handoff.lanes import speak_again
from handoff.models import ChainEnd, Conversation
from handoff.outbox import say
from handoff.screening.levels import Level
from handoff.wakeups import Topic, bulletin

# Alarms that ring at a time; those beyond have their turn in the next sweep, the oldest first.
AT_ONCE = 200
# No step lies further ahead than its own time unless the clock was set back; small corrections are nothing.
_CORRECTION = timedelta(seconds=60)


def advance_alarms(*, now: datetime) -> int:
    """Take every step that is due; how many. What fails for one talk keeps no other alarm from going on."""
    rows = Conversation.objects.filter(alarm_due_at__isnull=False).order_by("alarm_due_at")
    taken, failure = 0, None
    for pk, step, due_at in rows.values_list("pk", "alarm_step", "alarm_due_at")[:AT_ONCE]:
        if due_at is not None and _is_due(step, due_at, now=now):
            try:
                taken += _catch_up(pk, step, now=now)
            except Exception as error:
                failure = failure or error
    if failure is not None:
        raise failure
    return taken


def _catch_up(pk: int, step: int, *, now: datetime) -> int:
    """Steps without people hand on at once, and so do steps that were missed while nothing ran."""
    taken = 0
    while _take_step(pk, after=step, now=now):
        step, taken = step + 1, taken + 1
    return taken


def _take_step(pk: int, *, after: int, now: datetime) -> bool:
    """The step behind `after`, once whatever runs beside it: who finds another one in the row leaves it."""
    with transaction.atomic():
        conversation = Conversation.locked(pk)
        due_at, alarmed_at, step = conversation.alarm_due_at, conversation.alarmed_at, after + 1
        if due_at is None or conversation.alarm_step != after or not _is_due(after, due_at, now=now):
            return False
        if alarmed_at is None or not conversation.alarm_rings:
            _ring_again_or_stop(conversation, now=now)
            return False
        anyone, reached = _call(conversation, step, since=alarmed_at, now=now)
        conversation.alarm_step = step
        conversation.alarm_due_at = next_time(step, alarmed_at=alarmed_at, now=now, anyone=anyone, reached=reached)
        conversation.save(update_fields=["alarm_step", "alarm_due_at"])
        detail = f"step:{step}" if anyone else f"step:{step} nobody"
        record(AuditAction.ALARM_STEP, f"conversation:{pk}", cadre=None, now=now, detail=detail)
        bulletin.publish_on_commit(pk, Topic.QUEUE)
    return True


def _ring_again_or_stop(conversation: Conversation, *, now: datetime) -> None:
    """Somebody has seen the alarm and nobody has taken the talk: it rings anew, from the first step."""
    unclaimed = conversation.holder_id is None and conversation.waiting_since is not None
    if unclaimed and conversation.acknowledged_at is not None and conversation.level == Level.CRISIS.value:
        raise_alarm(conversation, now=now, graver=True)
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    else:
        conversation.alarm_due_at = None
    conversation.save()


def _is_due(step: int, due_at: datetime, *, now: datetime) -> bool:
    longest = max(time_of(step + 1), CLAIMED_WITHIN) if step < Step.END else END_AGAIN_EVERY
    return due_at <= now or due_at > now + longest + _CORRECTION


def _call(conversation: Conversation, step: int, *, since: datetime, now: datetime) -> tuple[bool, bool]:
    """Write this step's alerts: whether it had people, and whether this alarm has reached anybody up to now."""
    circle, called = circle_of(conversation, now=now), called_since(conversation, since)
    people = people_at(step, circle, called=called)
    if step < Step.END:
        if people:
            write_alerts(conversation, step, people, now=now)
        by_row = conversation.alerts.filter(created_at__gte=since).exists()
        return bool(people), by_row or bool(circle.present)
    in_danger = conversation.level == Level.CRISIS.value  # a partner for those in danger is none for a wage dispute
    partner = chain_end_of(conversation.organisation) if in_danger else None
    if step > Step.END and partner is not None:
        people = ()
    write_alerts(conversation, step, people, now=now, partner_mail=partner.mail if partner else "")
    if step == Step.END:
        _speak(conversation, partner, now=now)
    return True, True


def _speak(conversation: Conversation, partner: ChainEnd | None, *, now: datetime) -> None:
    """The worker reads the crisis words once more, with the partner's number. Where a cadre is speaking, they speak."""
    answered = conversation.holder is not None and not is_away(conversation.holder, now=now)
    if answered or conversation.level != Level.CRISIS.value or conversation.contact.erased_at is not None:
        return
    speak_again(conversation, now=now)
    if partner is not None:
        words = DESK["chain_end"].format(name=partner.name, phone=partner.phone)
        say(conversation, MessageKind.FIXED, words, now=now)
