"""Two talks type the same code at once; the first confirms while it is typed; two workers join each other's talks."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import OperationalError

from handoff.cases import CaseKind, cases_of, open_case
from handoff.kinds import MessageKind
from handoff.link_codes import code_in
from handoff.models import Contact, Conversation, LinkCode, LinkTry, Message
from tests.desk import TestDesk, make_desk
from tests.fakes.dialogue import FakeDialogue
from tests.race.test_takeover import _pause, _together

SAMPLE, ALL = 8, 500


def _code(desk: TestDesk, talk: Conversation) -> str:
    words = desk.says(talk, "接续码")[0]
    return next(line for line in words.splitlines() if code_in(line))


def _writing(desk: TestDesk, talk: Conversation, text: str, rng: random.Random) -> Callable[[], None]:
    def write() -> None:
        _pause(rng)
        desk.writes(talk, text)
        try:
            desk.desk.turns.run(talk.pk)
        except OperationalError:  # PostgreSQL ended one of two that waited for each other; the sweep runs it again
            desk.desk.turns.run(talk.pk)

    return write


def _said(talk: Conversation, piece: str) -> int:
    rows = Message.objects.filter(conversation=talk).exclude(kind=MessageKind.WORKER)
    return sum(piece in row.body for row in rows.select_related("conversation__contact"))


def _same_code(desk: TestDesk, seed: int) -> None:
    rng = random.Random(seed)
    first, others = desk.visitor(), [desk.visitor() for _ in range(3)]
    code = _code(desk, first)
    _together(*[_writing(desk, other, code, rng) for other in others])
    won = [other for other in others if _said(other, "点一下「是我」")]
    assert len(won) == 1, f"seed {seed}"
    assert sum(_said(other, "用不上") for other in others) == 2, f"seed {seed}"
    assert _said(first, "是您本人吗") == 1, f"seed {seed}"
    assert LinkCode.objects.get(conversation=first).entered_in_id == won[0].pk
    desk.says(first, "是我")
    joined = Contact.objects.filter(person=Contact.objects.get(pk=first.contact_id).person)
    assert {contact.pk for contact in joined} == {first.contact_id, won[0].contact_id}, f"seed {seed}"


def _typed_and_asked_again(desk: TestDesk, seed: int) -> None:
    """The old code is typed while its maker asks for a new one, and says yes: at most the new state of things counts."""
    rng = random.Random(seed)
    first, second = desk.visitor(), desk.visitor()
    code = _code(desk, first)
    _together(_writing(desk, second, code, rng), _writing(desk, first, "接续码", rng))
    desk.says(first, "是我")
    assert Contact.objects.get(pk=second.contact_id).person is None, f"seed {seed}"


def _each_other(desk: TestDesk, seed: int) -> None:
    rng = random.Random(seed)
    one, two = desk.visitor(), desk.visitor()
    numbers = {open_case(talk, CaseKind.JOIN, now=desk.clock()).case_no for talk in (one, two)}
    of_one, of_two = _code(desk, one), _code(desk, two)
    _together(_writing(desk, one, of_two, rng), _writing(desk, two, of_one, rng))
    _together(_writing(desk, one, "是我", rng), _writing(desk, two, "是我", rng))
    for talk in (one, two):
        assert _said(talk, "接上了") == 2, f"seed {seed}"
        assert {view.case_no for view in cases_of(talk.contact_id)} == numbers, f"seed {seed}"


def _rounds(race: Callable[[TestDesk, int], None], count: int) -> None:
    desk = make_desk(FakeDialogue())
    for seed in range(count):
        race(desk, seed)
        LinkTry.objects.all().delete()


RACES = pytest.mark.parametrize("race", [_same_code, _typed_and_asked_again, _each_other])


@RACES
@pytest.mark.django_db(transaction=True)
def test_of_many_who_type_a_code_at_once_one_is_joined(race: Callable[[TestDesk, int], None]) -> None:
    _rounds(race, SAMPLE)


@RACES
@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_of_many_who_type_a_code_at_once_one_is_joined_in_many_orders(race: Callable[[TestDesk, int], None]) -> None:
    _rounds(race, ALL)
