"""Whatever state the desk or the talk is in: with the message stand the words, the case and the alarm."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.parts import PartState
from handoff.cases import OPEN_STATES
from handoff.closing import FollowUp, close_talk
from handoff.desk import claim_chat, release, request_handoff
from handoff.kinds import CaseKind, Channel, MessageKind, Outcome
from handoff.lanes import HOLDER_SPEAKS_WITHIN, say_due_words
from handoff.models import Case, Conversation, Message
from tests.desk import TestDesk

DANGER = "我不想活了"


def _engine_fails(desk: TestDesk, talk: Conversation) -> None:
    def fail() -> None:
        raise RuntimeError("no engine")

    desk.desk.parts.dialogue.before = fail  # type: ignore[union-attr]


def _nothing_is_loaded(desk: TestDesk, talk: Conversation) -> None:
    parts = desk.desk.parts
    parts.dialogue = parts.screening = parts.knowledge = None
    for name in parts.states:
        parts.states[name] = PartState.LOADING


def _knowledge_is_missing(desk: TestDesk, talk: Conversation) -> None:
    desk.desk.parts.knowledge = None
    desk.desk.parts.states["knowledge"] = PartState.FAILED


def _waits_for_a_person(desk: TestDesk, talk: Conversation) -> None:
    request_handoff(talk, now=desk.clock())


def _was_given_back(desk: TestDesk, talk: Conversation) -> None:
    cadre = desk.cadre("王敏", on_duty=True)
    claim_chat(talk.pk, cadre, now=desk.clock())
    release(talk.pk, cadre, now=desk.clock())


def _was_ended_by_the_worker(desk: TestDesk, talk: Conversation) -> None:
    Conversation.objects.filter(pk=talk.pk).update(closed_at=desk.clock())


def _has_a_backlog(desk: TestDesk, talk: Conversation) -> None:
    for number in range(50):
        desk.writes(talk, f"问题 {number}")


def _turns_keep_failing(desk: TestDesk, talk: Conversation) -> None:
    _engine_fails(desk, talk)
    for _ in range(3):
        desk.writes(talk, "年假几天")
        desk.desk.turns.run(talk.pk)


def _has_had_a_crisis_before(desk: TestDesk, talk: Conversation) -> None:
    desk.writes(talk, DANGER)
    cadre = desk.cadre("王敏", on_duty=True)
    claim_chat(talk.pk, cadre, now=desk.clock())
    close_talk(talk.pk, cadre, Outcome.SAFE, follow_up=FollowUp(declined=True), now=desk.clock())
    desk.clock.forward(minutes=10)


STATES: dict[str, Callable[[TestDesk, Conversation], None]] = {
    "a new talk": lambda desk, talk: None,
    "the engine fails": _engine_fails,
    "nothing is loaded": _nothing_is_loaded,
    "the knowledge base is missing": _knowledge_is_missing,
    "the talk waits for a person": _waits_for_a_person,
    "the talk was given back": _was_given_back,
    "the worker had ended it": _was_ended_by_the_worker,
    "fifty messages wait for their turn": _has_a_backlog,
    "three turns have failed": _turns_keep_failing,
    "there was a crisis before": _has_had_a_crisis_before,
}


def _words_after(talk: Conversation, message: Message) -> list[str]:
    rows = Message.objects.filter(conversation=talk, kind=MessageKind.FIXED, in_reply_to=message)
    return [row.body for row in rows.select_related("conversation__contact")]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("channel", [Channel.WEBCHAT, Channel.WECHAT, Channel.TELEGRAM])
def test_the_words_are_written_with_the_message(desk: TestDesk, state: str, channel: Channel) -> None:
    talk = desk.visitor(channel)
    STATES[state](desk, talk)
    stored = desk.writes(talk, DANGER).message
    row = Conversation.objects.get(pk=talk.pk)
    assert any("110" in words and "120" in words for words in _words_after(talk, stored))
    assert (row.level, row.alarm_rings, row.waiting_since is not None) == ("crisis", True, True)
    assert Case.objects.filter(conversation=talk, kind=CaseKind.CRISIS, state__in=OPEN_STATES).count() == 1


@pytest.mark.parametrize("state", STATES)
def test_nothing_but_fixed_words_follows(desk: TestDesk, state: str) -> None:
    talk = desk.visitor()
    STATES[state](desk, talk)
    stored = desk.writes(talk, DANGER).message
    desk.run(talk)
    later = Message.objects.filter(conversation=talk, pk__gt=stored.pk).exclude(kind=MessageKind.WORKER)
    assert {row.kind for row in later} == {MessageKind.FIXED}


def test_in_a_held_talk_the_words_come_a_minute_later_unless_the_cadre_speaks(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏", on_duty=True)
    claim_chat(talk.pk, cadre, now=desk.clock())
    stored = desk.writes(talk, DANGER).message
    row = Conversation.objects.get(pk=talk.pk)
    assert (row.level, row.alarm_rings, row.holder) == ("crisis", True, cadre)
    assert _words_after(talk, stored) == []
    desk.clock.forward(seconds=HOLDER_SPEAKS_WITHIN.total_seconds())
    say_due_words(now=desk.clock())
    desk.run(talk)
    assert "12356" in desk.heard(talk)[-1]
    assert Case.objects.filter(conversation=talk, kind=CaseKind.CRISIS).count() == 1


@pytest.mark.parametrize("text", ["上工的照片", ""])
def test_a_caption_or_a_files_name_is_screened_like_a_message(desk: TestDesk, text: str) -> None:
    from handoff.intake import Inbound, receive_danger_without_file

    talk = desk.visitor()
    inbound = Inbound(text or DANGER, platform_key="test:1", file_name=f"{DANGER}.jpg" if text else "照片.jpg")
    received = receive_danger_without_file(talk.pk, inbound, screen_rules=desk.desk.rules.screen, now=desk.clock())
    assert received is not None
    assert _words_after(talk, received.message)
