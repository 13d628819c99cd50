"""A half-filled form goes on in another place: what moves, what stays, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from bot import drafts
from bot.turns import LEASE_FOR
from handoff.kinds import Channel, MessageKind
from handoff.link_codes import code_in
from handoff.models import Conversation, LinkCode, Message
from nlu.snapshot import PastTurn, Said, Snapshot
from tests.desk import TestDesk
from tests.fakes.dialogue import FakeDialogue

JOINING = Snapshot(
    slots={
        "join_ready": True,
        "join_consent": True,
        "join_name": "张伟",
        "join_mobile": "13800138000",
        "join_tone": "plain",
        "topic": "wages",
        "last_question": "老板不发工资",
    },
    active_loop="join_form",
    requested_slot="join_employer",
    recent=(PastTurn("join_union", ("action_check_join", "join_form")),),
    said=(Said("您在哪个单位干活？"),),
)
GIVEN = {"join_name": "张伟", "join_mobile": "13800138000"}


def _put(talk: Conversation, snapshot: Snapshot) -> None:
    row = Conversation.objects.select_related("contact").get(pk=talk.pk)
    row.seal_snapshot(snapshot.to_json())
    row.save(update_fields=["snapshot_sealed"])


def _state(talk: Conversation) -> Snapshot:
    stored = Conversation.objects.select_related("contact").get(pk=talk.pk).snapshot
    return Snapshot.from_json(stored) if stored else Snapshot()


def _hears(desk: TestDesk, talk: Conversation, text: str) -> str:
    before = Message.objects.filter(conversation=talk).count()
    desk.writes(talk, text)
    desk.desk.turns.run(talk.pk)
    rows = Message.objects.filter(conversation=talk).order_by("pk").select_related("conversation__contact")[before:]
    return "\n".join(row.body for row in rows if row.kind != MessageKind.WORKER)


def _last(talk: Conversation) -> Message:
    return Message.objects.select_related("conversation__contact").filter(conversation=talk).latest("pk")


def _join(desk: TestDesk, first: Conversation, second: Conversation) -> str:
    words = _hears(desk, first, "接续码")
    _hears(desk, second, next(line for line in words.splitlines() if code_in(line)))
    return _hears(desk, first, "是我")


@pytest.fixture
def first(desk: TestDesk) -> Conversation:
    talk = desk.visitor()
    _put(talk, JOINING)
    return talk


@pytest.fixture
def second(desk: TestDesk) -> Conversation:
    return desk.visitor(Channel.WECHAT)


def test_what_was_given_to_a_form_moves_with_the_next_word_and_nothing_else(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    assert "没填完的入会登记，到那边" in _join(desk, first, second)
    assert "写「我要入会」就行" in _last(second).body
    assert [button["title"] for button in _last(second).extras["buttons"]] == ["我要入会"]
    assert _state(second) == Snapshot()
    _hears(desk, second, "我要入会")
    assert _state(second) == Snapshot(slots=GIVEN)


def test_the_draft_ends_where_it_was_begun_so_that_it_is_submitted_once(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _join(desk, first, second)
    _hears(desk, second, "我要入会")
    left = _state(first)
    assert left == replace(
        JOINING,
        slots={"topic": "wages", "last_question": "老板不发工资"},
        active_loop=None,
        requested_slot=None,
    )
    _put(second, Snapshot())
    _hears(desk, second, "我要入会")
    assert _state(second) == Snapshot()


def test_the_draft_is_sealed_anew_for_whoever_has_it(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    _join(desk, first, second)
    _hears(desk, second, "我要入会")
    row = Conversation.objects.select_related("contact").get(pk=second.pk)
    assert "张伟".encode() not in bytes(row.snapshot_sealed)
    first.contact.erase(now=desk.clock())
    assert _state(second).slots == GIVEN


def test_what_the_worker_goes_on_with_at_the_first_place_is_not_taken_from_them(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _join(desk, first, second)
    _put(first, Snapshot(slots={"topic": "wages"}))  # finished there meanwhile
    _hears(desk, second, "我要入会")
    assert _state(second) == Snapshot()
    assert _state(first).slots == {"topic": "wages"}


def test_a_form_under_way_at_the_second_place_is_finished_first(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    booking = Snapshot(slots={"callback_mobile": "13900139000"}, active_loop="callback_form")
    _put(second, booking)
    _join(desk, first, second)
    assert "填完了" in _last(second).body
    _hears(desk, second, "明天上午")
    assert (_state(second), _state(first)) == (booking, JOINING)
    _put(second, Snapshot())
    _hears(desk, second, "我要入会")
    assert _state(second).slots == GIVEN


def test_what_was_given_at_the_second_place_counts_for_more(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _put(second, Snapshot(slots={"join_name": "张玮"}))
    _join(desk, first, second)
    _hears(desk, second, "我要入会")
    assert _state(second).slots == {**GIVEN, "join_name": "张玮"}


def test_a_call_that_was_being_booked_moves_with_its_time(desk: TestDesk, second: Conversation) -> None:
    first, slot = desk.visitor(), ["2026-11-22T09:00:00+08:00", "2026-11-22T12:00:00+08:00"]
    given: dict[str, Any] = {"callback_mobile": "13800138000", "callback_when": "明天上午", "callback_slot": slot}
    _put(first, Snapshot(slots={**given, "callback_offered": "13800138000"}, active_loop="callback_form"))
    assert "回电预约" in _join(desk, first, second)
    _hears(desk, second, "约回电")
    assert _state(second).slots == given


def test_two_drafts_move_together(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    _put(first, replace(JOINING, slots={**JOINING.slots, "callback_mobile": "13800138000"}))
    assert "入会登记和回电预约" in _join(desk, first, second)
    assert "「我要入会」或「约回电」" in _last(second).body
    _hears(desk, second, "约回电")
    assert set(_state(second).slots) == {*GIVEN, "callback_mobile"}


def test_a_form_of_which_nothing_was_given_is_no_draft(desk: TestDesk, second: Conversation) -> None:
    first = desk.visitor()
    _put(first, Snapshot(slots={"join_consent": True}, active_loop="join_form", requested_slot="join_name"))
    assert "没填完" not in _join(desk, first, second)
    _hears(desk, second, "你好")
    assert _state(second) == Snapshot()
    assert _state(first).active_loop == "join_form"


def test_telegram_takes_no_draft_while_the_operator_allows_no_forms_there(
    desk: TestDesk, first: Conversation, settings: Any
) -> None:
    telegram = desk.visitor(Channel.TELEGRAM)
    assert "还在这里接着填" in _join(desk, first, telegram)
    assert "没填完" not in _last(telegram).body
    _hears(desk, telegram, "我要入会")
    assert (_state(telegram), _state(first)) == (Snapshot(), JOINING)


def test_telegram_takes_a_draft_where_the_operator_allows_forms(
    desk: TestDesk, first: Conversation, settings: Any
) -> None:
    allowed = replace(settings.NIANGJIA.telegram, forms=True)
    settings.NIANGJIA = replace(settings.NIANGJIA, telegram=allowed)
    telegram = desk.visitor(Channel.TELEGRAM)
    _join(desk, first, telegram)
    _hears(desk, telegram, "我要入会")
    assert _state(telegram).slots == GIVEN


@pytest.mark.parametrize("where", ["first", "second"])
def test_a_draft_stays_when_the_two_were_parted_before_it_moved(
    desk: TestDesk, first: Conversation, second: Conversation, where: str
) -> None:
    _join(desk, first, second)
    _hears(desk, first if where == "first" else second, "取消接续")
    _hears(desk, second, "我要入会")
    assert (_state(second), _state(first)) == (Snapshot(), JOINING)


def test_a_draft_stays_when_its_talk_was_erased(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    _join(desk, first, second)
    Conversation.objects.get(pk=first.pk).contact.erase(now=desk.clock())
    assert _hears(desk, second, "我要入会") == "answer to 我要入会"
    assert _state(second) == Snapshot()


def test_a_draft_waits_while_a_turn_runs_where_it_lies(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _join(desk, first, second)
    until = desk.clock() + LEASE_FOR
    Conversation.objects.filter(pk=first.pk).update(turn_owner="another-host:1:1", turn_expires_at=until)
    _hears(desk, second, "你好")
    assert (_state(second), _state(first)) == (Snapshot(), JOINING)
    desk.clock.now = until
    _hears(desk, second, "我要入会")
    assert _state(second).slots == GIVEN


def test_a_turn_whose_lease_is_long_past_does_not_bring_the_draft_back(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    _join(desk, first, second)
    engine = desk.desk.parts.dialogue
    assert isinstance(engine, FakeDialogue)

    def the_draft_moves() -> None:
        engine.before = lambda: None
        desk.clock.forward(seconds=LEASE_FOR.total_seconds() + 1)
        with transaction.atomic():
            drafts.take_waiting_drafts(Conversation.locked(second.pk), now=desk.clock())

    engine.before = the_draft_moves
    _hears(desk, first, "昆山的电子厂")
    assert _state(second).slots == GIVEN
    assert not set(GIVEN) & set(_state(first).slots)
    assert Message.objects.get(conversation=first, kind=MessageKind.ENGINE, delivery="pending")


def test_a_snapshot_of_an_older_version_stands_in_nobodys_way(
    desk: TestDesk, first: Conversation, second: Conversation
) -> None:
    row = Conversation.objects.select_related("contact").get(pk=first.pk)
    row.seal_snapshot('{"version": 0}')
    row.save(update_fields=["snapshot_sealed"])
    assert "接上了" in _join(desk, first, second)
    assert not LinkCode.objects.get().draft_waits


def test_the_next_word_may_come_days_later(desk: TestDesk, first: Conversation, second: Conversation) -> None:
    _join(desk, first, second)
    desk.clock.now += timedelta(days=3)
    _hears(desk, desk.visitor(), "接续码")
    _hears(desk, second, "我要入会")
    assert _state(second).slots == GIVEN
