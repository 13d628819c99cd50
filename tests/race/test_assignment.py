"""Roster and duty against assignment, in many orders: nobody is offered a talk after they have gone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time

import pytest
from django.db import connection, transaction

from handoff.assignment import CannotTake, assign_by_hand, assign_waiting
from handoff.desk import request_handoff
from handoff.duty import set_on_duty
from handoff.kinds import AuditAction, CadreRole, DayKind
from handoff.models import AuditRow, Cadre, Conversation, RosterLine
from handoff.roster_changes import NewLine, change_line
from tests.desk import TestDesk, make_desk
from tests.fakes.dialogue import FakeDialogue
from tests.race.test_takeover import _pause, _together

SAMPLE, ALL = 50, 1000
_CONDITION = """NEW.assigned_to_id IS NOT NULL AND (
    NOT (SELECT on_duty FROM handoff_cadre WHERE id = NEW.assigned_to_id)
    OR NOT EXISTS (SELECT 1 FROM handoff_rosterline WHERE cadre_id = NEW.assigned_to_id))"""
_SQLITE = f"""CREATE TRIGGER offers BEFORE UPDATE OF assigned_to_id ON handoff_conversation WHEN {_CONDITION}
    BEGIN SELECT RAISE(ABORT, 'a talk was offered to somebody who had gone'); END"""
_POSTGRESQL = f"""CREATE FUNCTION offers() RETURNS trigger AS $$ BEGIN
    IF {_CONDITION} THEN RAISE EXCEPTION 'a talk was offered to somebody who had gone'; END IF;
    RETURN NEW; END $$ LANGUAGE plpgsql;
    CREATE TRIGGER offers BEFORE UPDATE OF assigned_to_id ON handoff_conversation
    FOR EACH ROW EXECUTE FUNCTION offers()"""


@contextmanager
def witness() -> Iterator[None]:
    """Inside the database: refuses an offer to somebody off duty or off the roster (each round has a roster)."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if sqlite else _POSTGRESQL)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER offers" if sqlite else "DROP FUNCTION offers CASCADE")


class Round:
    """Two cadres who are there, one of them on the roster, and two waiting talks."""

    def __init__(self, desk: TestDesk, lead: Cadre, people: list[Cadre], seed: int) -> None:
        self.desk, self.lead, self.people = desk, lead, people
        self.rng = random.Random(seed)
        Conversation.objects.filter(waiting_since__isnull=False).update(waiting_since=None, assigned_to=None)
        for cadre in people:
            set_on_duty(cadre, True, now=desk.clock())
        first = people[seed % 2]
        self.line = RosterLine.objects.create(**vars(line_for(first)))
        self.talks = [self._waiting() for _ in range(2)]

    def _waiting(self) -> Conversation:
        talk = self.desk.visitor()
        with transaction.atomic():
            request_handoff(Conversation.locked(talk.pk), now=self.desk.clock())
        return talk

    def deeds(self) -> list[Callable[[], object]]:
        """What happens at once: two processes offer, somebody goes off duty or leaves the roster."""
        leaves = self.go_off if self.rng.random() < 0.5 else self.change_roster
        return [self.paused(self.sweep), self.paused(self.sweep), self.paused(leaves)]

    def paused(self, deed: Callable[[], object]) -> Callable[[], object]:
        """The deed, some time after the others or before them."""
        rng = random.Random(self.rng.random())

        def run() -> None:
            _pause(rng)
            deed()

        return run

    def sweep(self) -> None:
        """As every process does."""
        assign_waiting(now=self.desk.clock())

    def go_off(self) -> None:
        """Whoever is on the roster goes off duty; nobody of the roster is there, so the other joins it first."""
        cadre = self.line.cadre
        other = next(one for one in self.people if one.pk != cadre.pk)
        RosterLine.objects.create(**vars(line_for(other)))
        set_on_duty(Cadre.objects.get(pk=cadre.pk), False, now=self.desk.clock())

    def change_roster(self) -> None:
        """The other one serves instead."""
        other = next(one for one in self.people if one.pk != self.line.cadre_id)
        change_line(self.lead, self.line.pk, line_for(other), now=self.desk.clock())

    def holds(self) -> bool:
        """Nobody off duty is offered anything."""
        offered = Conversation.objects.filter(pk__in=[talk.pk for talk in self.talks], assigned_to__isnull=False)
        return not offered.filter(assigned_to__on_duty=False).exists()

    def end(self) -> None:
        """For the next round."""
        RosterLine.objects.all().delete()


def line_for(cadre: Cadre) -> NewLine:
    """A line for every hour."""
    return NewLine(cadre, None, DayKind.EVERY_DAY, None, time(0), time(0), date(2026, 1, 1))


def _rounds(count: int) -> None:
    desk = make_desk(FakeDialogue())
    lead = desk.cadre("主管", role=CadreRole.SUPERVISOR)
    people = [desk.cadre(name) for name in ("王敏", "李强")]
    with witness():
        for seed in range(count):
            one = Round(desk, lead, people, seed)
            _together(*one.deeds())
            assert one.holds(), f"seed {seed}"
            one.end()
            desk.clock.forward(days=1)  # case numbers of one day would run short


@pytest.mark.django_db(transaction=True)
def test_nobody_is_offered_a_talk_after_they_have_gone() -> None:
    _rounds(SAMPLE)


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_nobody_is_offered_a_talk_after_they_have_gone_in_a_thousand_orders() -> None:
    _rounds(ALL)


@pytest.mark.django_db(transaction=True)
def test_a_talk_offered_by_many_processes_at_once_is_offered_once() -> None:
    desk = make_desk(FakeDialogue())
    lead = desk.cadre("主管", role=CadreRole.SUPERVISOR)
    people = [desk.cadre(f"干部{number}", on_duty=True) for number in range(4)]
    one = Round(desk, lead, people, 0)
    _together(*[one.sweep] * 5)
    assert Conversation.objects.filter(assigned_to__isnull=False).count() == 2
    assert AuditRow.objects.filter(action=AuditAction.ASSIGN).count() == 2


@pytest.mark.django_db(transaction=True)
def test_by_hand_too_nobody_is_offered_a_talk_after_they_have_gone() -> None:
    desk = make_desk(FakeDialogue())
    lead = desk.cadre("主管", role=CadreRole.SUPERVISOR)
    people = [desk.cadre("王敏"), desk.cadre("李强")]
    for seed in range(SAMPLE):
        one = Round(desk, lead, people, seed)

        def by_hand(one: Round = one) -> None:
            try:
                assign_by_hand(one.talks[0].pk, lead, people[0], now=desk.clock())
            except CannotTake:
                return

        def go(one: Round = one) -> None:
            set_on_duty(Cadre.objects.get(pk=people[0].pk), False, now=desk.clock())

        _together(one.paused(by_hand), one.paused(go))
        assert one.holds(), f"seed {seed}"
        one.end()
