"""Pushes in at the real address, answers out, over the simulated platform."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.channel_settings import AccountKind, Mode
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.records import Road
from bot.simulate.wechat.simulator import new_account
from handoff.kinds import MessageKind
from handoff.models import Message, Push
from tests.fakes.dialogue import FakeDialogue
from tests.wechat_desk import WechatDesk, wait_for, wechat_desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def served() -> Iterator[WechatDesk]:
    with wechat_desk(new_account()) as desk:
        yield desk


@pytest.mark.parametrize("mode", list(Mode))
def test_a_message_is_answered_in_the_response_in_every_mode(mode: Mode) -> None:
    with wechat_desk(new_account(mode=mode)) as served:
        push = served.platform.say("小李", "加班费怎么算 😀 ]]>")
        assert push.arrived
        assert served.platform.platform.texts_to("小李") == ["answer to 加班费怎么算 😀 ]]>"]
        assert len(push.deliveries) == 1


def test_a_repeated_push_runs_once_and_gets_the_same_words(served: WechatDesk) -> None:
    push = served.platform.say("小李", "你好")
    for _ in range(3):
        served.platform.deliver_again(push)
    assert served.dialogue.asked == ["你好"]
    assert served.platform.record.unequal() == []
    assert Push.objects.count() == 1


def test_deliveries_while_the_turn_runs_get_the_same_words() -> None:
    going = threading.Event()
    dialogue = FakeDialogue()
    dialogue.before = lambda: going.wait(10) and None
    with wechat_desk(new_account(), dialogue=dialogue, patience_s=0.5) as served:
        future = served.platform.start_saying("小李", "你好")
        wait_for(lambda: len(dialogue.asked) == 1)
        going.set()
        push = future.result(10)
        assert push.arrived
        assert dialogue.asked == ["你好"]
        assert served.shows("小李", 1) == ["answer to 你好"]


def test_a_slow_turn_is_acknowledged_and_answered_by_the_api() -> None:
    going = threading.Event()
    dialogue = FakeDialogue()
    dialogue.before = lambda: going.wait(30) and None
    with wechat_desk(new_account(), dialogue=dialogue) as served:
        push = served.platform.say("小李", "你好")
        assert push.arrived
        assert served.platform.platform.texts_to("小李") == []
        going.set()
        assert served.shows("小李", 1) == ["answer to 你好"]
        assert len(served.platform.platform.shown_to("小李", Road.SERVICE)) == 1


def test_an_unverified_account_offers_a_tap_and_the_answer_comes_first_with_the_next_message() -> None:
    going = threading.Event()
    dialogue = FakeDialogue()
    dialogue.before = lambda: going.wait(30) and None
    account = new_account(kind=AccountKind.SUBSCRIPTION, verified=False)
    with wechat_desk(account, dialogue=dialogue) as served:
        served.platform.say("小李", "第一个问题")
        [link] = served.platform.platform.texts_to("小李")
        assert "msgmenuid=more" in link
        going.set()
        wait_for(lambda: Message.objects.filter(delivery="waiting").exists())
        served.platform.say("小李", "第二个问题")
        assert served.shows("小李", 2)[1].startswith("answer to 第一个问题")
        served.platform.say("小李", "点这里", tap_id="more")
        assert "answer to 第二个问题" in "".join(served.platform.platform.texts_to("小李"))


def test_danger_is_answered_with_the_words_in_the_response(served: WechatDesk) -> None:
    served.platform.say("小李", "我不想活了")
    [words] = served.platform.platform.texts_to("小李")
    assert "12356" in words
    assert served.dialogue.asked == []


def test_a_lost_response_is_given_again(served: WechatDesk) -> None:
    served.platform.faults.on(Fault(FaultKind.PUSH_ACK_LOST, times=1))
    push = served.platform.say("小李", "你好")
    assert push.arrived
    assert len(push.deliveries) == 2
    assert served.dialogue.asked == ["你好"]
    assert served.platform.platform.texts_to("小李") == ["answer to 你好"]


def test_a_wrong_signature_is_refused_and_nothing_is_kept(served: WechatDesk) -> None:
    served.platform.faults.on(Fault(FaultKind.PUSH_BAD_SIGNATURE, times=3))
    assert not served.platform.say("小李", "你好").arrived
    assert not Push.objects.exists()


def test_following_by_a_poster_is_welcomed_and_noted(served: WechatDesk) -> None:
    served.platform.follow("小李", scene="A012")
    [welcome] = served.platform.platform.texts_to("小李")
    assert "自动" in welcome
    identity = served.talk().contact.identities.get()
    assert identity.scene == "A012"
    served.platform.unfollow("小李")
    wait_for(lambda: served.talk().unreachable == "unfollowed")


def test_a_tap_on_a_button_means_what_was_offered(served: WechatDesk) -> None:
    served.dialogue.citations = ({"law": "中华人民共和国劳动合同法", "article_no": "第十九条", "text": "试用期……"},)
    served.platform.say("小李", "试用期多久")
    [answer] = served.platform.platform.texts_to("小李")
    token = answer.split("msgmenuid=")[1].split('"')[0]
    served.platform.say("小李", "看原文", tap_id=token)
    assert "试用期……" in served.platform.platform.texts_to("小李")[1]


def test_a_menu_button_is_as_good_as_its_sentence(served: WechatDesk) -> None:
    served.platform.follow("小李")
    served.platform.click("小李", "ask_overtime")
    wait_for(lambda: served.dialogue.asked == ["加班费怎么算"])


def test_two_accounts_and_two_people_never_meet(served: WechatDesk) -> None:
    for who in ("小李", "小王"):
        served.platform.say(who, f"我是{who}")
    assert served.platform.platform.texts_to("小李") == ["answer to 我是小李"]
    assert served.platform.platform.texts_to("小王") == ["answer to 我是小王"]
    assert Message.objects.filter(kind=MessageKind.WORKER).values("conversation").distinct().count() == 2
