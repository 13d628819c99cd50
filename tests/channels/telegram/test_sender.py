"""Messages out, against the simulator."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import transaction

from bot.channels.telegram.people import hash_of
from bot.channels.telegram.sender import LONGEST_TEXT, parts_of
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.telegram import updates
from bot.simulate.telegram.simulator import RunningTelegram
from bot.visitors import begin_conversation
from bot.wording import utf16_size
from handoff.kinds import Channel, Delivery, MessageKind
from handoff.models import Conversation, Message
from handoff.outbox import say
from tests.channels.telegram.house import House, telegram_settings

WHO = "小李"


@pytest.fixture
def talk(live_house: House, platform: RunningTelegram) -> Conversation:
    """Somebody whom the platform knows."""
    number = platform.platform.person(WHO).number
    return begin_conversation(
        live_house.desk.union,
        Channel.TELEGRAM,
        external=str(number),
        external_hash=hash_of(number),
        now=live_house.clock(),
    )


def _send(house: House, talk: Conversation, text: str, kind: MessageKind = MessageKind.FIXED, **other: Any) -> Message:
    with transaction.atomic():
        message = say(talk, kind, text, now=house.clock(), **other)
    house.deliverer.run(talk.pk)
    message.refresh_from_db()
    return message


def test_a_text_arrives_as_it_is(live_house: House, platform: RunningTelegram, talk: Conversation) -> None:
    text = "*粗* _斜_ [链](http://x) `码` <b>1 < 2 & 3</b> \\ ~ | # + - = {} . ! 😭👨‍👩‍👧 《劳动合同法》"
    message = _send(live_house, talk, text)
    assert platform.platform.texts_to(WHO) == [text]
    assert (message.delivery, message.parts_sent) == (Delivery.SENT, 1)


def test_a_cadres_words_carry_their_name(live_house: House, platform: RunningTelegram, talk: Conversation) -> None:
    _send(live_house, talk, "我是工会的", MessageKind.CADRE, cadre=live_house.desk.cadre("王敏"))
    assert platform.platform.texts_to(WHO) == ["王敏：我是工会的"]


def test_a_long_text_is_cut_between_sentences_and_no_emoji_is_torn(
    live_house: House, platform: RunningTelegram, talk: Conversation
) -> None:
    sentence = "工资应当按月足额支付😭👨‍👩‍👧‍👦。"
    text = sentence * 700
    message = _send(live_house, talk, text)
    sent = platform.platform.texts_to(WHO)
    assert "".join(sent) == text
    assert all(utf16_size(part) <= LONGEST_TEXT and part.endswith("。") for part in sent)
    assert message.parts_sent == len(sent) > 2


def test_buttons_stand_under_the_last_part_and_bring_back_tokens_only(
    live_house: House, platform: RunningTelegram, talk: Conversation
) -> None:
    citation = {"law": "中华人民共和国劳动合同法", "article_no": "第四十七条"}
    buttons = [{"title": "转人工", "payload": "/request_human"}, {"title": "约回电", "payload": '/book_call{"a":1}'}]
    _send(live_house, talk, "经济补偿按工龄算。" * 500, extras={"citations": [citation], "buttons": buttons})
    shown = platform.platform.shown_to(WHO)
    markups = [one.extra.get("markup") for one in shown]
    assert markups[:-1] == [None] * (len(shown) - 1)
    assert isinstance(markups[-1], dict)
    rows = markups[-1]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        ["看《劳动合同法》第四十七条原文"],
        ["转人工", "约回电"],
    ]
    assert not any("/" in button["callback_data"] for row in rows for button in row)


def test_when_telegram_asks_for_patience_the_message_waits_and_keeps_its_place(
    live_house: House, platform: RunningTelegram, talk: Conversation
) -> None:
    platform.faults.on(Fault(FaultKind.API_ERROR, code=429, seconds=7, times=1))
    message = _send(live_house, talk, "一")
    second = _send(live_house, talk, "二")
    assert (message.delivery, message.delivery_reason) == (Delivery.PENDING, "429")
    assert message.retry_at is not None
    assert message.delivery_changed_at is not None
    assert (message.retry_at - message.delivery_changed_at).total_seconds() == 7
    assert second.delivery == Delivery.PENDING
    Message.objects.update(retry_at=None)
    live_house.deliverer.run(talk.pk)
    assert platform.platform.texts_to(WHO) == ["一", "二"]


def test_after_a_break_in_the_middle_only_the_rest_is_sent(
    live_house: House, platform: RunningTelegram, talk: Conversation
) -> None:
    text = "工资应当按月足额支付。" * 900
    platform.faults.on(Fault(FaultKind.API_ERROR, code=429, seconds=1, share=1.0, times=1))
    message = _send(live_house, talk, text)
    assert (message.delivery, message.parts_sent) == (Delivery.PENDING, 0)
    Message.objects.update(retry_at=None)
    Message.objects.filter(pk=message.pk).update(parts_sent=1)
    live_house.deliverer.run(talk.pk)
    sent = platform.platform.texts_to(WHO)
    message.refresh_from_db()
    message.conversation = talk
    assert message.delivery == Delivery.SENT
    assert sent == parts_of(message)[1:]
    assert message.parts_sent == len(sent) + 1


def test_whoever_blocked_the_bot_is_noted_and_the_message_waits(
    live_house: House, platform: RunningTelegram, talk: Conversation
) -> None:
    platform.platform.person(WHO).blocked = True
    message = _send(live_house, talk, "一")
    talk.refresh_from_db()
    assert (message.delivery, talk.unreachable) == (Delivery.WAITING, "blocked")


@pytest.mark.parametrize(
    ("fault", "delivery", "arrived"),
    [
        (Fault(FaultKind.API_5XX, times=1), Delivery.PENDING, []),
        (Fault(FaultKind.API_ERROR, code=400, times=1), Delivery.FAILED, []),
        (Fault(FaultKind.API_ERROR, code=401, times=1), Delivery.PENDING, []),
        (Fault(FaultKind.API_RESET_TAKEN, times=1), Delivery.UNCERTAIN, ["一"]),
        (Fault(FaultKind.API_RESET_LOST, times=1), Delivery.UNCERTAIN, []),
    ],
    ids=["502", "400", "401", "taken without an answer", "lost without an answer"],
)
def test_each_fault_is_handled_as_it_deserves(
    live_house: House, platform: RunningTelegram, talk: Conversation, fault: Fault, delivery: str, arrived: list[str]
) -> None:
    platform.faults.on(fault)
    message = _send(live_house, talk, "一", MessageKind.ENGINE)
    assert (message.delivery, platform.platform.texts_to(WHO)) == (delivery, arrived)


def test_a_platform_that_is_not_there_costs_no_message(telegram_desk: Any, settings: Any) -> None:
    house = House(telegram_desk, telegram_settings("http://127.0.0.1:9"))
    try:
        number = 700
        talk = begin_conversation(
            telegram_desk.union,
            Channel.TELEGRAM,
            external=str(number),
            external_hash=hash_of(number),
            now=house.clock(),
        )
        message = _send(house, talk, "一", MessageKind.ENGINE)
        assert (message.delivery, message.delivery_reason) == (Delivery.PENDING, "not reached")
    finally:
        house.close()


def test_a_chat_that_is_gone_fails_with_a_reason(
    live_house: House, platform: RunningTelegram, talk: Conversation
) -> None:
    platform.platform.people.clear()
    message = _send(live_house, talk, "一")
    assert (message.delivery, message.delivery_reason) == (Delivery.FAILED, "chat not found")


def test_no_word_and_no_token_is_logged(
    live_house: House, platform: RunningTelegram, talk: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    platform.faults.on(Fault(FaultKind.API_ERROR, code=400, times=1))
    _send(live_house, talk, "王小明的工资")
    _send(live_house, talk, "王小明的工资")
    secret = live_house.settings.token.partition(":")[2]
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    assert not any("王小明" in line or secret in line for line in ours)


def test_a_file_is_fetched_and_kept(live_house: House, platform: RunningTelegram) -> None:
    from handoff.models import Attachment
    from tests.samples import PNG

    stored = platform.platform.keep_file(PNG, "photos/file", "image/png")
    platform.set_webhook("", "")
    push = platform.start(WHO, updates.photo(stored, "这是工资条"), within_s=0.1)
    push.result(10)
    update = platform.platform.queue[-1].body
    assert live_house.posts(update) == 200
    live_house.takes()
    for pending in live_house.media.due():
        live_house.media.fetch(pending)
    attachment = Attachment.objects.get()
    assert (attachment.content_type, attachment.size) == ("image/png", len(PNG))
