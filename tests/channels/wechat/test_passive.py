"""What the response to a push carries: whole messages in order, parts of a long one, the same words for each delivery."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channel_settings import AccountKind, WechatAccount, WechatSettings
from bot.channels.wechat.passive import PassiveReplies, settle_unwritten
from bot.channels.wechat.wording import MOST_BYTES, parts_of
from bot.simulate.wechat.simulator import new_account
from bot.wording import utf8_size
from handoff.kinds import Channel, Delivery, MessageKind, ReplyState
from handoff.models import Conversation, Message, Push
from handoff.outbox import say
from tests.desk import TestDesk

VERIFIED = new_account()
UNVERIFIED = new_account(kind=AccountKind.SUBSCRIPTION, verified=False)
LONG = "这一句话说的是同一件事。" * 150


def _replies(desk: TestDesk, account: WechatAccount) -> PassiveReplies:
    return PassiveReplies(WechatSettings(accounts=(account,)), clock=desk.clock)


def _push(desk: TestDesk, talk: Conversation, *, key: str = "wechat:main:1") -> Push:
    now = desk.clock()
    return Push.objects.create(
        platform_key=key,
        channel=Channel.WECHAT,
        sender_hash="h",
        received_at=now,
        taken_at=now,
        conversation=talk,
        reply_until=now + timedelta(seconds=4.5),
    )


def _say(desk: TestDesk, talk: Conversation, *texts: str, kind: MessageKind = MessageKind.ENGINE) -> list[Message]:
    return [say(talk, kind, text, now=desk.clock()) for text in texts]


def test_several_short_messages_go_out_in_one_response_and_are_sent(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.WECHAT)
    _say(desk, talk, "一", "二")
    look = _replies(desk, VERIFIED).look(_push(desk, talk).pk, last=False)
    assert look.reply == "一\n\n二"
    assert set(Message.objects.values_list("delivery", "position")) == {("sent", 1), ("sent", 2)}


def test_every_delivery_gets_the_same_words_whatever_came_since(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.WECHAT)
    _say(desk, talk, "一")
    push, replies = _push(desk, talk), _replies(desk, VERIFIED)
    first = replies.look(push.pk, last=False).reply
    _say(desk, talk, "二")
    assert replies.look(push.pk, last=True).reply == first == "一"


def test_nothing_to_say_is_a_receipt_for_a_verified_account_and_a_tap_for_one_that_waits(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.WECHAT)
    assert _replies(desk, VERIFIED).look(_push(desk, talk).pk, last=True).reply == ""
    later = _push(desk, talk, key="wechat:main:2")
    later.taken_at = None
    later.save()
    assert "msgmenuid=more" in str(_replies(desk, UNVERIFIED).look(later.pk, last=True).reply)


def test_of_a_long_answer_a_verified_account_responds_with_the_beginning(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.WECHAT)
    [message] = _say(desk, talk, LONG)
    reply = str(_replies(desk, VERIFIED).look(_push(desk, talk).pk, last=False).reply)
    message.refresh_from_db()
    message.conversation = talk
    parts = parts_of(message)
    assert (reply, message.parts_sent, message.delivery) == (parts[0], 1, Delivery.PENDING)
    assert len(parts) == 3


def test_an_unverified_account_gives_a_long_answer_tap_by_tap_and_loses_nothing(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.WECHAT)
    _say(desk, talk, LONG)
    replies, heard = _replies(desk, UNVERIFIED), ""
    for number in range(6):
        reply = str(replies.look(_push(desk, talk, key=f"wechat:main:{number}").pk, last=False).reply)
        assert utf8_size(reply) <= MOST_BYTES
        heard += reply.split("\n\n<a href")[0]
        if "msgmenuid=more" not in reply:
            break
    assert heard.replace("\n", "") == LONG
    assert Message.objects.get().delivery == Delivery.SENT


def test_a_message_that_is_being_sent_is_not_overtaken(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.WECHAT)
    first, _ = _say(desk, talk, "一", "二")
    Message.objects.filter(pk=first.pk).update(delivery=Delivery.SENDING)
    assert _replies(desk, VERIFIED).look(_push(desk, talk).pk, last=False).reply == ""


def test_after_a_takeover_no_response_carries_the_dialogues_words(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.WECHAT)
    _say(desk, talk, "自动回复")
    Conversation.objects.filter(pk=talk.pk).update(silent=True)
    assert _replies(desk, VERIFIED).look(_push(desk, talk).pk, last=False).reply == ""


def test_after_its_time_a_response_carries_nothing(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.WECHAT)
    _say(desk, talk, "一")
    push = _push(desk, talk)
    desk.clock.forward(seconds=6)
    assert _replies(desk, VERIFIED).look(push.pk, last=True).reply == ""
    assert Message.objects.get().delivery == Delivery.PENDING


@pytest.mark.parametrize(
    ("kind", "state"), [(MessageKind.ENGINE, Delivery.UNCERTAIN), (MessageKind.FIXED, Delivery.PENDING)]
)
def test_words_of_a_response_that_nobody_fetched_are_doubtful_or_sent_again(
    desk: TestDesk, kind: MessageKind, state: Delivery
) -> None:
    talk = desk.visitor(Channel.WECHAT)
    _say(desk, talk, "一", kind=kind)
    push = _push(desk, talk)
    _replies(desk, VERIFIED).look(push.pk, last=False)
    assert settle_unwritten(now=desk.clock()) == 0
    desk.clock.forward(seconds=30)
    assert settle_unwritten(now=desk.clock()) == 1
    assert Message.objects.get().delivery == state
    assert settle_unwritten(now=desk.clock()) == 0


def test_words_that_were_written_are_left_as_they_are(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.WECHAT)
    _say(desk, talk, "一")
    push = _push(desk, talk)
    _replies(desk, VERIFIED).look(push.pk, last=False)
    Push.objects.filter(pk=push.pk).update(reply_written_at=desk.clock())
    desk.clock.forward(seconds=30)
    assert settle_unwritten(now=desk.clock()) == 0
    assert Push.objects.get().reply_state == ReplyState.WORDS


def test_a_link_to_tap_cannot_be_broken_out_of(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.WECHAT)
    extras = {"buttons": [{"title": '"><a href="https://evil">x', "payload": "/x"}]}
    message = say(talk, MessageKind.ENGINE, "好", now=desk.clock(), extras=extras)
    [part] = parts_of(message)
    assert part.count("<a ") == 1
    assert part.count("</a>") == 1
