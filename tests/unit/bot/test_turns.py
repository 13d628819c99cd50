"""Who answers a stored message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from bot.pace import Pace
from bot.texts import TURNS
from bot.turns import FAILURES_BEFORE_HANDOFF, LEASE_FOR, MOST_ATTEMPTS
from handoff.desk import claim_chat, release
from handoff.kinds import Delivery, MessageKind
from handoff.models import Conversation, Message
from nlu.engine import Button, EngineReply, TurnResult
from tests.desk import TestDesk
from tests.fakes.dialogue import FakeDialogue


def _engine(desk: TestDesk) -> FakeDialogue:
    engine = desk.desk.parts.dialogue
    assert isinstance(engine, FakeDialogue)
    return engine


def test_messages_are_answered_in_their_order(desk: TestDesk) -> None:
    talk = desk.visitor()
    for text in ("第一句", "第二句", "第三句"):
        desk.writes(talk, text)
    desk.run(talk)
    assert desk.heard(talk) == ["answer to 第一句", "answer to 第二句", "answer to 第三句"]


def test_a_message_has_one_turn_however_often_it_is_delivered(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.writes(talk, "你好", key="webchat:1:a")
    desk.run(talk)
    desk.writes(talk, "你好", key="webchat:1:a")
    desk.run(talk)
    assert _engine(desk).asked == ["你好"]


def test_a_turn_that_a_takeover_overtakes_says_nothing(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏")
    _engine(desk).before = lambda: claim_chat(talk.pk, cadre, now=desk.clock()) and None
    desk.writes(talk, "年假几天")
    desk.run(talk)
    assert not Message.objects.filter(kind=MessageKind.ENGINE).exclude(delivery=Delivery.CANCELLED).exists()
    assert Message.objects.get(kind=MessageKind.WORKER).answered_at is not None


def test_a_failed_turn_gives_kind_words_and_a_reference(desk: TestDesk) -> None:
    talk = desk.visitor()
    _engine(desk).before = _raise
    said = desk.says(talk, "年假几天")
    assert "编号" in said[0]
    assert "12351" in said[0]


def test_three_failed_turns_call_a_person(desk: TestDesk) -> None:
    talk = desk.visitor()
    _engine(desk).before = _raise
    for _ in range(FAILURES_BEFORE_HANDOFF):
        desk.says(talk, "年假几天")
    assert Conversation.objects.get(pk=talk.pk).waiting_since is not None


def test_a_good_turn_forgets_the_failures_before_it(desk: TestDesk) -> None:
    talk = desk.visitor()
    _engine(desk).before = _raise
    desk.says(talk, "一")
    _engine(desk).before = lambda: None
    desk.says(talk, "二")
    assert Conversation.objects.get(pk=talk.pk).failed_turns == 0


def test_a_failure_leaves_none_of_the_words_in_the_log(desk: TestDesk, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("13800138000 年假几天")

    _engine(desk).before = fail
    desk.says(desk.visitor(), "年假几天 13800138000")
    assert "ValueError" in caplog.text
    assert "年假几天" not in caplog.text
    assert "13800138000" not in caplog.text


def test_a_message_that_kills_its_process_again_and_again_gets_kind_words(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.writes(talk, "年假几天")
    Message.objects.update(attempts=MOST_ATTEMPTS)
    desk.run(talk)
    assert "编号" in desk.heard(talk)[0]
    assert _engine(desk).asked == []


def test_a_living_process_keeps_its_turn_and_a_dead_one_loses_it(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.writes(talk, "年假几天")
    elsewhere = {"turn_owner": "another-host:1:1", "turn_expires_at": desk.clock() + LEASE_FOR}
    Conversation.objects.filter(pk=talk.pk).update(**elsewhere)
    assert desk.desk.turns.run(talk.pk) == 0
    desk.clock.forward(seconds=LEASE_FOR.total_seconds() + 1)
    assert desk.desk.turns.run(talk.pk) == 1


def test_what_was_left_unanswered_is_found(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.writes(talk, "年假几天")
    assert desk.desk.turns.unanswered(older_than=timedelta(0)) == [talk.pk]
    assert desk.desk.turns.unanswered(older_than=timedelta(seconds=1)) == []
    desk.run(talk)
    assert desk.desk.turns.unanswered(older_than=timedelta(0)) == []


def test_a_passing_database_error_is_tried_again_and_not_apologised_for(desk: TestDesk) -> None:
    def locked() -> None:
        raise OperationalError("database is locked")

    talk = desk.visitor()
    desk.writes(talk, "年假几天")
    _engine(desk).before = locked
    with pytest.raises(OperationalError):
        desk.desk.turns.run(talk.pk)
    _engine(desk).before = lambda: None
    desk.run(talk)
    assert desk.heard(talk) == ["answer to 年假几天"]


def test_words_that_cannot_be_opened_go_to_a_person_and_block_nobody(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.writes(talk, "年假几天")
    Message.objects.update(body_sealed=b"damaged")
    desk.writes(talk, "加班费呢")
    desk.run(talk)
    assert desk.heard(talk) == ["answer to 加班费呢"]
    assert Conversation.objects.get(pk=talk.pk).waiting_since is not None


def test_an_unreadable_snapshot_lets_the_talk_begin_anew(desk: TestDesk) -> None:
    talk = desk.visitor()
    talk.seal_snapshot('{"version": 0}')
    talk.save()
    assert desk.says(talk, "年假几天") == ["answer to 年假几天"]


def test_an_answer_from_before_a_takeover_never_comes_after_the_release(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏")

    def a_whole_takeover() -> None:
        claim_chat(talk.pk, cadre, now=desk.clock())
        release(talk.pk, cadre, now=desk.clock())

    _engine(desk).before = a_whole_takeover
    assert "answer to 年假几天" not in desk.says(talk, "年假几天")


def test_a_long_backlog_lets_others_have_their_turn(desk: TestDesk) -> None:
    talk = desk.visitor()
    for number in range(5):
        desk.writes(talk, f"问题 {number}")
    assert desk.desk.turns.run(talk.pk, most=3) == 3
    assert desk.desk.turns.run(talk.pk, most=3) == 2


def test_without_the_parts_a_worker_reads_kind_words_and_danger_is_still_seen(desk: TestDesk) -> None:
    desk.desk.parts.dialogue = desk.desk.parts.screening = None
    assert "编号" in desk.says(desk.visitor(), "年假几天")[0]
    assert "12356" in desk.says(desk.visitor(), "我不想活了")[0]


def test_messages_from_before_the_clock_was_set_back_are_found(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.writes(talk, "年假几天")
    desk.clock.forward(hours=-5)
    assert desk.desk.turns.unanswered(older_than=timedelta(seconds=3)) == [talk.pk]


class _Offering(FakeDialogue):
    """Offers two buttons with every answer."""

    def respond(self, turn: str, text: str, snapshot: Any, *, payload: str | None = None) -> TurnResult:
        result = super().respond(turn, text, snapshot, payload=payload)
        buttons = (Button("要", "/affirm"), Button("不要", "/deny"))
        return TurnResult((EngineReply("要吗？", buttons=buttons),), result.snapshot, "x", 1.0)


@pytest.fixture
def offering(desk: TestDesk) -> TestDesk:
    desk.desk.parts.dialogue = _Offering()  # type: ignore[assignment]
    return desk


def test_a_tap_stands_for_what_was_offered(offering: TestDesk) -> None:
    talk = offering.visitor()
    offering.says(talk, "你好")
    reference = str(Message.objects.get(kind=MessageKind.ENGINE).reference)
    offering.says(talk, "不要", choice={"message": reference, "index": 1})
    assert _engine(offering).payloads == [None, "/deny"]


def test_the_typed_title_stands_for_the_button(offering: TestDesk) -> None:
    talk = offering.visitor()
    offering.says(talk, "你好")
    offering.says(talk, " 要 ")
    assert _engine(offering).payloads[-1] == "/affirm"


@pytest.mark.parametrize("index", [-1, 2, 99])
def test_a_tap_on_what_was_never_offered_is_only_words(offering: TestDesk, index: int) -> None:
    talk = offering.visitor()
    offering.says(talk, "你好")
    reference = str(Message.objects.get(kind=MessageKind.ENGINE).reference)
    offering.says(talk, "随便", choice={"message": reference, "index": index})
    assert _engine(offering).payloads[-1] is None


def test_a_tap_on_a_reply_to_somebody_else_is_only_words(offering: TestDesk) -> None:
    theirs, mine = offering.visitor(), offering.visitor()
    offering.says(theirs, "你好")
    reference = str(Message.objects.get(kind=MessageKind.ENGINE).reference)
    offering.says(mine, "随便", choice={"message": reference, "index": 0})
    assert _engine(offering).payloads[-1] is None


def _raise() -> None:
    raise RuntimeError("the engine broke")


def test_who_writes_faster_than_anybody_reads_is_heard_at_once_and_answered_a_little_later(desk: TestDesk) -> None:
    desk.desk.turns._pace = Pace(most=3)
    talk = desk.visitor()
    heard = [said for number in range(5) for said in desk.says(talk, f"问题{number}")]
    assert heard == ["answer to 问题0", "answer to 问题1", "answer to 问题2", TURNS["slower"]]
    desk.clock.forward(seconds=61)
    assert desk.desk.turns.unanswered(older_than=timedelta(seconds=1)) == [talk.pk]
    desk.run(talk)
    assert desk.heard(talk)[4:] == ["answer to 问题3", "answer to 问题4"]


def test_danger_is_answered_at_once_however_fast_somebody_writes(desk: TestDesk) -> None:
    desk.desk.turns._pace = Pace(most=1)
    talk = desk.visitor()
    for number in range(3):
        desk.says(talk, f"问题{number}")
    assert "12356" in desk.says(talk, "我不想活了")[0]


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        (" 261122802187 ", '/case_status{"case_no": "261122802187"}'),
        ("139001380001", None),
        ("261122802187怎么样了", None),
        ("13900138000", None),
    ],
)
def test_the_number_of_a_case_asks_how_it_stands_whatever_its_digits(
    desk: TestDesk, typed: str, payload: str | None
) -> None:
    desk.says(desk.visitor(), typed)
    assert desk.desk.parts.need_dialogue().payloads == [payload]  # type: ignore[attr-defined]
