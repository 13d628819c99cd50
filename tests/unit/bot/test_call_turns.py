"""A call that the dialogue agreed on is committed with the turn that agreed on it, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.effects import BookCallBack
from handoff.call_times import Slot
from handoff.callbacks import Agreed
from handoff.desk import claim_chat
from handoff.models import AuditRow, CallBack, Message
from handoff.screening.levels import Level
from nlu.engine import EngineReply, Snapshot, TurnResult
from tests.desk import TestDesk, make_desk
from tests.fakes.dialogue import FakeDialogue

PHONE = "13812345678"


class BooksACall(FakeDialogue):
    """Every turn agrees on a call."""

    desk: TestDesk

    def respond(self, turn: str, text: str, snapshot: Snapshot | None, *, payload: str | None = None) -> TurnResult:
        """See FakeDialogue."""
        now = self.desk.clock()
        slot = Slot(now + timedelta(hours=15), now + timedelta(hours=18))
        self.desk.desk.scopes.of(turn).effects.append(BookCallBack(Agreed(PHONE, "明天上午"), slot))
        return super().respond(turn, text, snapshot, payload=payload)


@pytest.fixture
def desk(db: None) -> TestDesk:
    dialogue = BooksACall()
    dialogue.desk = make_desk(dialogue)
    return dialogue.desk


def test_the_call_is_booked_with_the_turn(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.says(talk, "没错")
    call = CallBack.objects.get()
    assert call.details["phone"] == PHONE
    assert call.due_from == desk.clock() + timedelta(hours=15)


def test_the_dialogue_itself_tells_the_worker_and_nothing_is_said_twice(desk: TestDesk) -> None:
    talk = desk.visitor()
    assert desk.says(talk, "没错") == ["answer to 没错"]


def test_a_takeover_in_the_middle_drops_the_booking(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏")
    dialogue = desk.desk.parts.need_dialogue()
    dialogue.before = lambda: claim_chat(talk.pk, cadre, now=desk.clock())  # type: ignore[attr-defined]
    desk.says(talk, "没错")
    assert not CallBack.objects.exists()


def test_no_number_stands_in_a_row_that_is_not_sealed(desk: TestDesk) -> None:
    desk.says(desk.visitor(), "没错")
    plain = [str(row) for model in (CallBack, AuditRow, Message) for row in model.objects.values_list()]
    assert PHONE not in " ".join(plain)


class InAForm(FakeDialogue):
    """The first turn asks a form's question, the second ends the form with a yes."""

    def respond(self, turn: str, text: str, snapshot: Snapshot | None, *, payload: str | None = None) -> TurnResult:
        """See FakeDialogue."""
        ends = snapshot is not None and snapshot.active_loop is not None
        after = Snapshot(active_loop=None if ends else "callback_form")
        said = (EngineReply("约好了" if ends else "没错就约好"),)
        return TurnResult(said, after, intent="affirm" if ends else "book_call", confidence=1.0)


def test_who_waits_with_a_sensitive_matter_still_reads_that_the_call_is_booked(db: None) -> None:
    desk = make_desk(InAForm())
    talk = desk.visitor()
    desk.says(talk, "车间主任摸我，我该怎么办")
    talk.refresh_from_db()
    assert talk.level == Level.SENSITIVE
    assert desk.says(talk, "约回电") == ["没错就约好"]
    desk.clock.forward(minutes=5)
    assert desk.says(talk, "好的") == ["约好了"]
