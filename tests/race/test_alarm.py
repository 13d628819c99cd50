"""Acknowledgement against the chain's next step and against sending, in many orders."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from pytest_django import Settings

from bot.alerts.deliverer import AlertDeliverer
from bot.alerts.notes import Note
from bot.delivery import SendOutcome, SendResult
from handoff.alarm_steps import advance_alarms
from handoff.chain import CLAIMED_WITHIN
from handoff.desk import acknowledge, claim_chat
from handoff.kinds import AlertRoad, Delivery
from handoff.models import Alert, Cadre, Conversation
from tests.alarms import in_crisis, name_the_end, reader, set_roads, stays, steps_of, supervisor
from tests.desk import TestDesk, make_desk
from tests.fakes.dialogue import FakeDialogue
from tests.race.test_takeover import ALL, SAMPLE, _pause, _together

_QUIET = """(SELECT acknowledged_at FROM handoff_conversation WHERE id = NEW.conversation_id) IS NOT NULL"""
_BEGINS = f"NEW.delivery = 'sending' AND OLD.delivery <> 'sending' AND {_QUIET}"
_STEPS = "NEW.alarm_step <> OLD.alarm_step AND OLD.acknowledged_at IS NOT NULL AND NEW.acknowledged_at IS NOT NULL"
_RULES = {
    "sending": ("handoff_alert", "UPDATE", _BEGINS),
    "writing": ("handoff_alert", "INSERT", _QUIET),
    "stepping": ("handoff_conversation", "UPDATE", _STEPS),
}


@contextmanager
def _witness() -> Iterator[None]:
    """Refuses inside the database, in the order of the commits: see tests/race/witness.py."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        for name, (table, event, rule) in _RULES.items():
            if sqlite:
                cursor.execute(
                    f"CREATE TRIGGER alarm_{name} BEFORE {event} ON {table} WHEN {rule} "
                    f"BEGIN SELECT RAISE(ABORT, 'an alarm went on after its acknowledgement: {name}'); END"
                )
            else:
                cursor.execute(
                    f"CREATE FUNCTION alarm_{name}() RETURNS trigger AS $$ BEGIN IF {rule} THEN "
                    f"RAISE EXCEPTION 'an alarm went on after its acknowledgement: {name}'; END IF; RETURN NEW; END $$ "
                    f"LANGUAGE plpgsql; CREATE TRIGGER alarm_{name} BEFORE {event} ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION alarm_{name}()"
                )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name in _RULES:
                cursor.execute(f"DROP TRIGGER alarm_{name}" if sqlite else f"DROP FUNCTION alarm_{name} CASCADE")


class Road:
    """A road that takes everything, or nothing."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def send(self, address: str, note: Note) -> SendOutcome:
        """Taken, refused or unknown, by chance."""
        return SendOutcome(self._rng.choice((SendResult.SENT, SendResult.FAILED, SendResult.UNCERTAIN)), "smtp:451")


def _one_round(desk: TestDesk, cadre: Cadre, seed: int) -> None:
    rng = random.Random(seed)
    mail, group = (
        AlertDeliverer(road, Road(rng), base="", clock=desk.clock, rng=rng)
        for road in (AlertRoad.MAIL, AlertRoad.WECOM)
    )
    talk = in_crisis(desk)
    desk.clock.forward(seconds=rng.choice((120, 300, 480, 3600)))
    stays(desk, cadre)

    def see() -> None:
        _pause(rng)
        if rng.random() < 0.5:
            acknowledge(talk.pk, cadre, now=desk.clock())
        else:
            claim_chat(talk.pk, cadre, now=desk.clock())

    def go_on() -> None:
        _pause(rng)
        advance_alarms(now=desk.clock())

    def send() -> None:
        _pause(rng)
        for road in (mail, group):
            for alert_id in road.due():
                road.run(alert_id)

    _together(see, go_on, go_on, send, send)
    steps = steps_of(talk)
    desk.clock.forward(seconds=CLAIMED_WITHIN.total_seconds() - 10)
    advance_alarms(now=desk.clock())
    send()
    claim_chat(talk.pk, cadre, now=desk.clock())  # seen and not taken, it would ring again
    desk.clock.forward(hours=2)
    advance_alarms(now=desk.clock())
    send()
    assert steps_of(talk) == steps, f"seed {seed}"
    assert len(steps) == len(set(steps)), f"seed {seed}: a step was taken twice"
    _is_at_rest(talk, seed)


def _is_at_rest(talk: Conversation, seed: int) -> None:
    talk.refresh_from_db()
    assert talk.alarm_due_at is None, f"seed {seed}"
    waiting = Alert.objects.filter(conversation=talk, delivery__in=[Delivery.PENDING, Delivery.SENDING])
    assert not waiting.exists(), f"seed {seed}"


def _rounds(settings: Settings, count: int) -> None:
    set_roads(settings)
    desk = make_desk(FakeDialogue())
    cadre = reader(desk, "wang", on_duty=True)
    reader(desk, "zhao")
    supervisor(desk)
    name_the_end(desk)
    with _witness():
        for seed in range(count):
            _one_round(desk, cadre, seed)


@pytest.mark.django_db(transaction=True)
def test_after_an_acknowledgement_no_step_is_taken_and_no_alert_begins(settings: Settings) -> None:
    _rounds(settings, SAMPLE)


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_after_an_acknowledgement_no_step_is_taken_and_no_alert_begins_in_a_thousand_orders(
    settings: Settings,
) -> None:
    _rounds(settings, ALL)


@pytest.mark.django_db(transaction=True)
def test_many_sweeps_at_once_take_each_step_once(settings: Settings) -> None:
    set_roads(settings)
    desk = make_desk(FakeDialogue())
    reader(desk, "wang", on_duty=True)
    reader(desk, "zhao")
    supervisor(desk)
    name_the_end(desk)
    talk = in_crisis(desk)
    for minutes in (2, 3, 3, 15):
        desk.clock.forward(minutes=minutes)
        _together(*[lambda: advance_alarms(now=desk.clock())] * 6)
    assert steps_of(talk) == ["step:1", "step:2", "step:3", "step:4"]
    assert Alert.objects.filter(conversation=talk, road=AlertRoad.WECOM).count() == 5
