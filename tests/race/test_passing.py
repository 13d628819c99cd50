"""Giving back against writing, passing on against closing, and many claims at once, in many orders."""

from __future__ import annotations

import random

import pytest

from handoff.closing import close_talk
from handoff.desk import AlreadyClaimed, NotHolder, claim_chat, release
from handoff.desk_errors import NewWords
from handoff.kinds import AuditAction, DepartmentKind, MessageKind, Outcome
from handoff.models import AuditRow, Cadre, Case, Conversation, Department, Message
from handoff.passing_on import refer
from tests.desk import TestDesk, make_desk
from tests.fakes.dialogue import FakeDialogue
from tests.race.test_takeover import _pause, _together

SAMPLE, ALL = 30, 1000


def _claims(desk: TestDesk, cadres: list[Cadre], seed: int) -> None:
    rng = random.Random(seed)
    talk, refused = desk.visitor(), []

    def claim(cadre: Cadre) -> None:
        _pause(rng)
        try:
            claim_chat(talk.pk, cadre, now=desk.clock())
        except AlreadyClaimed as error:
            refused.append(error.holder)

    _together(*[lambda cadre=cadre: claim(cadre) for cadre in cadres])  # type: ignore[misc]
    holder = Conversation.objects.select_related("holder").get(pk=talk.pk).holder
    assert holder is not None, f"seed {seed}"
    assert refused == [holder.display_name] * (len(cadres) - 1), f"seed {seed}"
    acts = AuditRow.objects.filter(action=AuditAction.CLAIM_CHAT, subject=f"conversation:{talk.pk}")
    assert [act.cadre_id for act in acts] == [holder.pk], f"seed {seed}"


def _release_and_message(desk: TestDesk, cadre: Cadre, seed: int) -> None:
    """A worker's word is read by the cadre who still has the talk, or answered by the desk: never by nobody."""
    rng = random.Random(seed)
    talk = desk.visitor()
    desk.says(talk, "在吗")
    claim_chat(talk.pk, cadre, now=desk.clock())
    last = Message.objects.filter(conversation=talk).latest("pk").pk
    kept: list[bool] = []

    def give_back() -> None:
        _pause(rng)
        try:
            release(talk.pk, cadre, seen=last, now=desk.clock())
        except NewWords:
            kept.append(True)

    def write() -> None:
        _pause(rng)
        desk.writes(talk, "年假几天")
        desk.desk.turns.run(talk.pk)

    _together(give_back, write)
    desk.run(talk)
    asked = Message.objects.get(conversation=talk, kind=MessageKind.WORKER, pk__gt=last)
    answers = Message.objects.filter(conversation=talk, kind=MessageKind.ENGINE, in_reply_to=asked).count()
    held = Conversation.objects.get(pk=talk.pk).holder_id == cadre.pk
    assert asked.answered_at is not None, f"seed {seed}"
    assert (held, answers) == ((True, 0) if kept else (False, 1)), f"seed {seed}"


def _refer_and_close(desk: TestDesk, cadre: Cadre, department: Department, seed: int) -> None:
    rng = random.Random(seed)
    talk = desk.visitor()
    desk.says(talk, "主管对我动手动脚")
    claim_chat(talk.pk, cadre, now=desk.clock())
    done: list[str] = []

    def attempt(name: str) -> None:
        _pause(rng)
        try:
            if name == "refer":
                refer(talk.pk, cadre, department, now=desk.clock())
            else:
                close_talk(talk.pk, cadre, Outcome.ANSWERED, now=desk.clock())
            done.append(name)
        except NotHolder:
            return

    _together(lambda: attempt("refer"), lambda: attempt("close"))
    row, case = Conversation.objects.get(pk=talk.pk), Case.objects.get(conversation=talk)
    assert len(done) == 1, f"seed {seed}: {done}"
    assert row.holder_id is None
    if done == ["refer"]:
        assert (row.waiting_since is None, case.state, row.department_id) == (False, "accepted", department.pk), seed
    else:
        assert (row.waiting_since, case.state, case.outcome) == (None, "closed", "answered"), seed


def _rounds(race: str, count: int) -> None:
    desk = make_desk(FakeDialogue())
    cadres = [desk.cadre(f"干部{number}", on_duty=True) for number in range(4)]
    department = Department.objects.create(organisation=desk.union, kind=DepartmentKind.LEGAL, name="法律援助部")
    for seed in range(count):
        if race == "claim/claim":
            _claims(desk, cadres, seed)
        elif race == "release/message":
            _release_and_message(desk, cadres[0], seed)
        else:
            _refer_and_close(desk, cadres[0], department, seed)


RACES = pytest.mark.parametrize("race", ["claim/claim", "release/message", "refer/close"])


@RACES
@pytest.mark.django_db(transaction=True)
def test_the_database_decides(race: str) -> None:
    _rounds(race, SAMPLE)


@RACES
@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_the_database_decides_in_a_thousand_orders(race: str) -> None:
    _rounds(race, ALL)
