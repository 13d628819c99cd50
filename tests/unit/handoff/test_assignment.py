"""To whom a waiting talk is offered, and when an offer ends."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from handoff.assignment import (
    CLAIMED_WITHIN,
    OFFERED_AGAIN_AFTER,
    CannotTake,
    NotWaiting,
    assign_by_hand,
    assign_waiting,
    unassign,
)
from handoff.desk import claim_chat, release, request_handoff
from handoff.duty import PRESENT_FOR, mark_present, set_on_duty
from handoff.kinds import AuditAction, CadreRole, DayKind, DepartmentKind, Flag
from handoff.models import AuditRow, Cadre, Conversation, Department, RosterLine
from handoff.roster_changes import NotAllowed
from tests.desk import TestDesk


def waiting(desk: TestDesk, **fields: object) -> Conversation:
    """A talk that waits for somebody."""
    talk = desk.visitor()
    with transaction.atomic():
        request_handoff(Conversation.locked(talk.pk), now=desk.clock())
    Conversation.objects.filter(pk=talk.pk).update(**fields)
    return Conversation.objects.get(pk=talk.pk)


def present(desk: TestDesk, name: str, **fields: object) -> Cadre:
    """A cadre on duty."""
    cadre = desk.cadre(name, on_duty=True)
    Cadre.objects.filter(pk=cadre.pk).update(**fields)
    return Cadre.objects.get(pk=cadre.pk)


def offered(talk: Conversation) -> str | None:
    """To whom the talk is offered."""
    cadre = Conversation.objects.get(pk=talk.pk).assigned_to
    return cadre.display_name if cadre else None


def still_there(desk: TestDesk, *cadres: Cadre) -> None:
    """Their consoles are open."""
    for cadre in cadres:
        mark_present(cadre, now=desk.clock())


def all_day(cadre: Cadre, stand_in: Cadre | None = None) -> RosterLine:
    """A line for every hour."""
    return RosterLine.objects.create(
        cadre=cadre, stand_in=stand_in, day_kind=DayKind.EVERY_DAY, starts=time(0), ends=time(0),
        valid_from=date(2026, 1, 1),
    )  # fmt: skip


def test_a_waiting_talk_is_offered_to_whoever_is_there(desk: TestDesk) -> None:
    talk = waiting(desk)
    assert assign_waiting(now=desk.clock()) == 0
    desk.cadre("不在岗")
    present(desk, "王敏")
    assert assign_waiting(now=desk.clock()) == 1
    assert offered(talk) == "王敏"
    assert assign_waiting(now=desk.clock()) == 0
    row = AuditRow.objects.get(action=AuditAction.ASSIGN)
    assert (row.subject, row.cadre) == (f"conversation:{talk.pk}", None)


def test_a_talk_that_does_not_wait_is_offered_to_nobody(desk: TestDesk) -> None:
    cadre = present(desk, "王敏")
    quiet, held = desk.visitor(), waiting(desk)
    claim_chat(held.pk, cadre, now=desk.clock())
    assert assign_waiting(now=desk.clock()) == 0
    assert [offered(quiet), offered(held)] == [None, None]


def test_talks_are_shared_out_by_what_each_has_in_hand_up_to_their_capacity(desk: TestDesk) -> None:
    present(desk, "王敏", capacity=1)
    present(desk, "李强", capacity=2)
    talks = [waiting(desk) for _ in range(4)]
    for _ in range(2):
        assign_waiting(now=desk.clock())
    assert sorted(filter(None, map(offered, talks))) == ["李强", "李强", "王敏"]


def test_a_held_talk_counts_against_the_capacity(desk: TestDesk) -> None:
    cadre = present(desk, "王敏", capacity=1)
    claim_chat(waiting(desk).pk, cadre, now=desk.clock())
    talk = waiting(desk)
    assign_waiting(now=desk.clock())
    assert offered(talk) is None


def test_a_crisis_does_not_ask_how_much_one_has_in_hand(desk: TestDesk) -> None:
    present(desk, "王敏", capacity=0, reads_crisis=True)
    talk = waiting(desk, level="crisis")
    assign_waiting(now=desk.clock())
    assert offered(talk) == "王敏"


def test_a_crisis_is_offered_only_to_those_who_read_crises(desk: TestDesk) -> None:
    present(desk, "李强")
    desk.cadre("王敏")
    Cadre.objects.filter(display_name="王敏").update(reads_crisis=True)
    talk = waiting(desk, level="crisis")
    assign_waiting(now=desk.clock())
    assert offered(talk) is None


def test_of_equals_the_one_whose_last_offer_is_longest_ago_is_asked(desk: TestDesk) -> None:
    people = {name: present(desk, name) for name in ("王敏", "李强", "赵红")}
    order = []
    for _ in range(4):
        still_there(desk, *people.values())
        talk = waiting(desk)
        assign_waiting(now=desk.clock())
        order.append(offered(talk))
        claim_chat(talk.pk, people[order[-1]], now=desk.clock())
        release(talk.pk, people[order[-1]], now=desk.clock())
        desk.clock.forward(minutes=1)
    assert order == ["王敏", "李强", "赵红", "王敏"]


def test_the_talks_own_department_comes_first_then_those_without_one(desk: TestDesk) -> None:
    women = Department.objects.create(organisation=desk.union, kind=DepartmentKind.WOMEN, name="女职工部")
    lead = desk.cadre("主管", role=CadreRole.DUTY_LEAD, on_duty=True)
    own = present(desk, "王敏", department=women, capacity=1)
    talk, second = waiting(desk, department=women), waiting(desk, department=women)
    assign_waiting(now=desk.clock())
    assert offered(talk) == own.display_name
    assert offered(second) == lead.display_name


def test_whoever_asked_for_a_woman_is_offered_to_women_when_one_is_there(desk: TestDesk) -> None:
    present(desk, "李强")
    talk = waiting(desk, flags=[Flag.A_WOMAN])
    woman = present(desk, "王敏", is_woman=True)
    assign_waiting(now=desk.clock())
    assert offered(talk) == "王敏"
    set_on_duty(woman, False, now=desk.clock())
    assign_waiting(now=desk.clock())
    assert offered(talk) == "李强"


def test_who_is_on_the_roster_comes_before_who_is_only_there(desk: TestDesk) -> None:
    present(desk, "李强")
    talk = waiting(desk)
    all_day(present(desk, "王敏"))
    assign_waiting(now=desk.clock())
    assert offered(talk) == "王敏"


def test_when_nobody_of_the_roster_is_there_another_is_asked(desk: TestDesk) -> None:
    present(desk, "李强")
    talk = waiting(desk)
    all_day(desk.cadre("王敏"))
    assign_waiting(now=desk.clock())
    assert offered(talk) == "李强"


def test_an_offer_that_is_not_taken_goes_to_the_next_and_then_to_nobody(desk: TestDesk) -> None:
    people = [present(desk, "王敏"), present(desk, "李强")]
    talk, seen = waiting(desk), []
    for _ in range(3):
        still_there(desk, *people)
        assign_waiting(now=desk.clock())
        seen.append(offered(talk))
        desk.clock.forward(seconds=CLAIMED_WITHIN.total_seconds() - 1)
        still_there(desk, *people)
        assert assign_waiting(now=desk.clock()) == 0
        desk.clock.forward(seconds=1)
    assert seen == ["王敏", "李强", None]


def test_after_a_while_the_same_people_are_asked_again(desk: TestDesk) -> None:
    cadre = present(desk, "王敏")
    talk = waiting(desk)
    assign_waiting(now=desk.clock())
    for step in (CLAIMED_WITHIN, OFFERED_AGAIN_AFTER - CLAIMED_WITHIN - timedelta(seconds=1)):
        desk.clock.now += step
        still_there(desk, cadre)
        assign_waiting(now=desk.clock())
        assert offered(talk) is None
    desk.clock.forward(seconds=1)
    assign_waiting(now=desk.clock())
    assert offered(talk) == "王敏"


def test_who_goes_off_duty_gives_back_what_was_offered(desk: TestDesk) -> None:
    cadre = present(desk, "王敏")
    talk = waiting(desk)
    assign_waiting(now=desk.clock())
    set_on_duty(cadre, False, now=desk.clock())
    assert offered(talk) is None
    assert assign_waiting(now=desk.clock()) == 0


def test_an_offer_to_somebody_whose_console_closed_goes_on(desk: TestDesk) -> None:
    present(desk, "王敏")
    talk = waiting(desk)
    assign_waiting(now=desk.clock())
    desk.clock.now += PRESENT_FOR + timedelta(seconds=1)
    assign_waiting(now=desk.clock())
    assert offered(talk) is None


def test_an_offer_that_somebody_else_claims_is_over(desk: TestDesk) -> None:
    present(desk, "王敏")
    other = desk.cadre("李强")
    talk = waiting(desk)
    assign_waiting(now=desk.clock())
    claim_chat(talk.pk, other, now=desk.clock())
    assert offered(talk) is None


def test_a_lead_offers_by_hand_whatever_the_colleague_has_in_hand(desk: TestDesk) -> None:
    lead = desk.cadre("主管", role=CadreRole.DUTY_LEAD)
    cadre = present(desk, "王敏", capacity=0)
    talk = waiting(desk)
    assign_by_hand(talk.pk, lead, cadre, now=desk.clock())
    assert offered(talk) == "王敏"
    row = AuditRow.objects.get(action=AuditAction.ASSIGN)
    assert (row.cadre, row.detail) == (lead, f"to:{cadre.pk}")
    unassign(talk.pk, lead, now=desk.clock())
    assert offered(talk) is None


def test_whoever_is_offered_a_talk_may_hand_the_offer_back(desk: TestDesk) -> None:
    first, second = present(desk, "王敏"), present(desk, "李强")
    talk = waiting(desk)
    assign_waiting(now=desk.clock())
    with pytest.raises(NotAllowed):
        unassign(talk.pk, second, now=desk.clock())
    unassign(talk.pk, first, now=desk.clock())
    assign_waiting(now=desk.clock())
    assert offered(talk) == "李强"


def test_offering_by_hand_is_for_leads_and_to_those_who_are_there_and_may_read(desk: TestDesk) -> None:
    lead = desk.cadre("主管", role=CadreRole.DUTY_LEAD)
    cadre, absent = present(desk, "王敏"), desk.cadre("李强")
    present(desk, "赵红", reads_crisis=True)
    talk, crisis = waiting(desk), waiting(desk, level="crisis")
    with pytest.raises(NotAllowed):
        assign_by_hand(talk.pk, cadre, cadre, now=desk.clock())
    with pytest.raises(CannotTake):
        assign_by_hand(talk.pk, lead, absent, now=desk.clock())
    with pytest.raises(CannotTake):
        assign_by_hand(crisis.pk, lead, cadre, now=desk.clock())
    claim_chat(talk.pk, cadre, now=desk.clock())
    with pytest.raises(NotWaiting):
        assign_by_hand(talk.pk, lead, cadre, now=desk.clock())


def test_a_crisis_is_offered_before_whoever_waits_longer(desk: TestDesk) -> None:
    present(desk, "王敏", capacity=1, reads_crisis=True)
    older = waiting(desk)
    desk.clock.forward(seconds=10)
    crisis = waiting(desk, level="crisis")
    assign_waiting(now=desk.clock())
    assert [offered(older), offered(crisis)] == [None, "王敏"]


def test_looking_for_somebody_costs_nothing_while_all_have_their_hands_full(
    desk: TestDesk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    present(desk, "王敏", capacity=0)
    for _ in range(5):
        waiting(desk)
    with django_assert_max_num_queries(6):
        assert assign_waiting(now=desk.clock()) == 0
