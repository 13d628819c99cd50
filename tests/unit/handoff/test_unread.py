"""What nobody has heard or looked at yet: the honest line, the light, and what climbs after ten minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handoff.desk import claim_chat
from handoff.evidence import Original, open_evidence
from handoff.intake import Inbound, Received, receive_file
from handoff.kinds import Medium, MessageKind
from handoff.lights import Light
from handoff.models import Conversation, Message
from handoff.sweeps import SWEEPS
from handoff.unread import press_unread, unread_light
from tests import samples
from tests.desk import TestDesk

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
_numbers = iter(range(10**6))


def sends(desk: TestDesk, conversation: Conversation, name: str = "说话.amr", *, caption: str = "") -> Received:
    """A worker sends a voice message."""
    original = Original(name, "audio/amr", Medium.VOICE, samples.AMR)
    inbound = Inbound(caption, f"test:{next(_numbers)}", file_name=name)
    return receive_file(conversation, inbound, original, screen_rules=desk.desk.rules.screen, now=desk.clock())


def fixed(conversation: Conversation) -> list[str]:
    """What the desk has said."""
    rows = Message.objects.filter(conversation=conversation, kind=MessageKind.FIXED).order_by("pk")
    return [row.body for row in rows.select_related("conversation__contact")]


@pytest.mark.parametrize(
    ("waited", "light"),
    [
        (timedelta(0), Light.GREEN),
        (timedelta(minutes=4, seconds=59), Light.GREEN),
        (timedelta(minutes=5), Light.AMBER),
        (timedelta(minutes=9, seconds=59), Light.AMBER),
        (timedelta(minutes=10), Light.RED),
        (timedelta(days=3), Light.RED),
    ],
)
def test_the_light_is_green_then_amber_and_red_after_ten_minutes(waited: timedelta, light: Light) -> None:
    assert unread_light(Conversation(unread_since=NOON - waited), now=NOON) is light


def test_without_anything_unopened_there_is_no_light() -> None:
    assert unread_light(Conversation(), now=NOON) is None


def test_at_night_the_words_hold_the_hotlines_and_by_day_say_that_somebody_will_listen(desk: TestDesk) -> None:
    night = desk.visitor()
    sends(desk, night)
    assert "现在没有工会干部在线" in fixed(night)[0]
    assert "110" in fixed(night)[0]
    assert "12356" in fixed(night)[0]
    desk.cadre("wang", on_duty=True)
    day = desk.visitor()
    sends(desk, day)
    assert "值班同志会听、会看" in fixed(day)[0]


def test_the_same_line_is_not_said_after_every_file(desk: TestDesk) -> None:
    conversation = desk.visitor()
    for _ in range(3):
        sends(desk, conversation)
    assert len(fixed(conversation)) == 1
    desk.clock.forward(minutes=2, seconds=1)
    sends(desk, conversation)
    assert len(fixed(conversation)) == 2


def test_somebody_already_waiting_keeps_their_place_and_level(desk: TestDesk) -> None:
    conversation = desk.visitor()
    desk.writes(conversation, "我不想活了")
    conversation.refresh_from_db()
    since, level = conversation.waiting_since, conversation.level
    desk.clock.forward(minutes=1)
    sends(desk, conversation)
    conversation.refresh_from_db()
    assert (conversation.waiting_since, conversation.level) == (since, level)
    assert conversation.unread_since == desk.clock()


def test_in_a_held_talk_nothing_is_said_and_the_light_burns(desk: TestDesk) -> None:
    conversation, wang = desk.visitor(), desk.cadre("wang", on_duty=True)
    desk.writes(conversation, "你好")
    claim_chat(conversation.pk, wang, now=desk.clock())
    said = len(fixed(conversation))
    sends(desk, conversation)
    desk.run(conversation)
    conversation.refresh_from_db()
    assert len(fixed(conversation)) == said
    assert conversation.unread_since == desk.clock()
    assert conversation.holder == wang
    assert conversation.waiting_since is None


def test_after_ten_minutes_it_climbs_once(desk: TestDesk) -> None:
    conversation = desk.visitor()
    sends(desk, conversation)
    desk.clock.forward(minutes=9, seconds=59)
    assert press_unread(now=desk.clock()) == 0
    desk.clock.forward(seconds=1)
    assert press_unread(now=desk.clock()) == 1
    assert press_unread(now=desk.clock()) == 0
    conversation.refresh_from_db()
    assert conversation.urgent
    assert press_unread in SWEEPS


def test_the_light_goes_out_with_the_last_file_that_is_opened(desk: TestDesk) -> None:
    conversation, wang = desk.visitor(), desk.cadre("wang", on_duty=True)
    files = [sends(desk, conversation).message.attachments.get().reference for _ in range(2)]
    open_evidence(conversation.pk, files[0], wang, now=desk.clock())
    conversation.refresh_from_db()
    assert conversation.unread_since is not None
    open_evidence(conversation.pk, files[1], wang, now=desk.clock())
    conversation.refresh_from_db()
    assert conversation.unread_since is None
    desk.clock.forward(minutes=11)
    assert press_unread(now=desk.clock()) == 0


def test_words_beside_a_voice_message_are_screened_again_by_the_turn(desk: TestDesk) -> None:
    """What only the second layer sees is seen in a caption and in a name too: the turn reads both."""
    read: list[str] = []
    screen = desk.desk.parts.need_screening().screen

    class Noting:
        def screen(self, text: str) -> object:
            read.append(text)
            return screen(text)

    desk.desk.parts.screening = Noting()  # type: ignore[assignment]
    conversation = desk.visitor()
    sends(desk, conversation, "新录音 7.amr", caption="我的工资条")
    desk.run(conversation)
    assert read == ["我的工资条\n新录音 7.amr"]
