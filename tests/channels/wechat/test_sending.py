"""Sending through the customer-service API: what each refusal of the platform comes to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from bot.channel_settings import AccountKind, WechatSettings
from bot.channels.wechat.reading import sender_hash
from bot.composition import Desk, compose
from bot.simulate.clock import MovableClock
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.records import Road
from bot.simulate.wechat.simulator import RunningWechat, new_account, running_wechat
from bot.visitors import find_or_begin
from handoff.first_run import ensure_union
from handoff.kinds import Channel, Delivery, MessageKind, WindowKind
from handoff.models import Conversation, Message
from handoff.outbox import say, wake_waiting
from handoff.windows import Reach, open_window, standing_of
from tests.desk import Clock, TestDesk

pytestmark = pytest.mark.django_db(transaction=True)
TEMPLATE = "T1"


@dataclass
class Sending:
    """A talk of 小李, who has just written, and the platform."""

    desk: Desk
    clock: Clock
    platform: RunningWechat
    talk: Conversation

    def say(self, *texts: str, kind: MessageKind = MessageKind.ENGINE, **more: Any) -> None:
        """Words to be sent."""
        for text in texts:
            say(self.talk, kind, text, now=self.clock(), **more)

    def run(self) -> list[str]:
        """Deliver; what stands on the worker's screen."""
        self.desk.deliverer.run(self.talk.pk)
        return self.screen()

    def screen(self) -> list[str]:
        """All that came by the API."""
        texts: list[str] = self.platform.platform.texts_to("小李")
        return texts

    def states(self) -> list[str]:
        """How each message stands."""
        return list(Message.objects.order_by("id").values_list("delivery", flat=True))

    def standing(self) -> Any:
        """How the worker can be reached."""
        return standing_of(Conversation.objects.get(), now=self.clock())


@pytest.fixture
def sending(request: pytest.FixtureRequest) -> Iterator[Sending]:
    options: dict[str, Any] = getattr(request, "param", {})
    account, clock = new_account(**options), Clock()
    with running_wechat("http://127.0.0.1:9", account, patience_s=0.2, clock=MovableClock()) as platform:
        platform.platform.templates.add(TEMPLATE)
        wechat = WechatSettings(api_base=platform.api_base, accounts=(account,))
        desk = compose(dataclasses.replace(settings.NIANGJIA, wechat=wechat), clock=clock)
        user = platform.platform.user("小李")
        user.followed = True
        platform.say("小李", "你好")  # nobody listens; the platform opens its window
        union, openid = ensure_union("测试总工会"), user.openid
        hashed = sender_hash(account.name, openid)
        known = find_or_begin(
            union.name, Channel.WECHAT, account="main", external=openid, external_hash=hashed, now=clock()
        )
        open_window(known.conversation, WindowKind.MESSAGE, now=clock())
        try:
            yield Sending(desk, clock, platform, known.conversation)
        finally:
            desk.doors.close()


@pytest.fixture
def tight(settings: Any, sending: Sending) -> Sending:
    """The console's view of the account comes from the settings."""
    settings.NIANGJIA = sending.desk.configuration
    return sending


def test_messages_arrive_in_order_and_are_counted(tight: Sending) -> None:
    tight.say("一", "二")
    assert tight.run() == ["一", "二"]
    assert tight.states() == ["sent", "sent"]
    assert tight.standing().left == 3
    assert "3 条" in tight.standing().words(now=tight.clock())


def test_a_long_answer_goes_out_in_parts(tight: Sending) -> None:
    tight.say("这一句话说的是同一件事。" * 150)
    assert "".join(tight.run()) == "这一句话说的是同一件事。" * 150
    assert Message.objects.get().parts_sent == 3


def test_when_the_quota_is_used_the_rest_waits_for_the_workers_next_message(tight: Sending) -> None:
    tight.say(*"一二三四五六七")
    assert tight.run() == list("一二三四五")
    assert tight.states()[5:] == [Delivery.WAITING] * 2
    assert tight.standing().reach is Reach.USED_UP
    tight.platform.say("小李", "还在吗")
    conversation = Conversation.objects.get()
    open_window(conversation, WindowKind.MESSAGE, now=tight.clock())
    wake_waiting(conversation, now=tight.clock())
    assert tight.run()[5:] == ["六", "七"]


def test_our_own_count_never_stands_in_the_way(tight: Sending) -> None:
    Conversation.objects.update(window_used=5)
    tight.say("一")
    assert tight.run() == ["一"]


def test_after_the_window_nothing_is_lost(tight: Sending) -> None:
    tight.platform.faults.on(Fault(FaultKind.API_ERROR, code=45015, where="custom/send"))
    tight.say("一")
    assert tight.run() == []
    assert (tight.states(), tight.standing().reach) == ([Delivery.WAITING], Reach.OVER)


@pytest.mark.parametrize("sending", [{"notice_template": TEMPLATE}], indirect=True)
def test_a_neutral_notice_tells_once_that_something_waits(tight: Sending) -> None:
    tight.platform.faults.on(Fault(FaultKind.API_ERROR, code=45047, where="custom/send"))
    tight.say("机密内容", "又一条", kind=MessageKind.FIXED)
    tight.run()
    [notice] = tight.platform.platform.shown_to("小李", Road.TEMPLATE)
    assert "机密" not in str(notice)
    assert tight.states() == [Delivery.WAITING] * 2


def test_a_busy_platform_is_tried_again(tight: Sending) -> None:
    tight.platform.faults.on(Fault(FaultKind.API_BUSY, times=1, where="custom/send"))
    tight.say("一")
    tight.run()
    assert tight.states() == [Delivery.PENDING]
    tight.clock.forward(minutes=1)
    assert tight.run() == ["一"]


def test_a_revoked_token_is_renewed_once_and_the_words_arrive(tight: Sending) -> None:
    tight.say("一")
    tight.run()
    tight.platform.platform.tokens.revoke()
    tight.say("二")
    assert tight.run() == ["一", "二"]


def test_a_send_without_an_answer_is_doubtful_and_fixed_words_are_said_again(tight: Sending) -> None:
    tight.platform.faults.on(Fault(FaultKind.API_RESET_TAKEN, times=2, where="custom/send"))
    tight.say("回答")
    tight.say("热线", kind=MessageKind.FIXED)
    tight.run()
    assert tight.states() == [Delivery.UNCERTAIN, Delivery.PENDING]
    tight.clock.forward(minutes=1)
    assert tight.run() == ["回答", "热线", "热线"]


@pytest.mark.parametrize("sending", [{"kind": AccountKind.SUBSCRIPTION, "verified": False}], indirect=True)
def test_an_unverified_account_calls_no_api(tight: Sending) -> None:
    tight.say("一")
    assert tight.run() == []
    assert tight.states() == [Delivery.WAITING]
    assert tight.standing().reach is Reach.UNVERIFIED
    assert tight.platform.record.calls == []


def test_an_account_that_lost_its_permission_keeps_the_words(tight: Sending) -> None:
    tight.platform.platform.become(verified=False)
    tight.say("一")
    tight.run()
    assert tight.states() == [Delivery.WAITING]


def test_who_unfollowed_is_not_reached_and_the_cadre_sees_it(tight: Sending) -> None:
    tight.platform.faults.on(Fault(FaultKind.API_ERROR, code=43004, where="custom/send"))
    tight.say("一")
    tight.run()
    assert tight.standing().reach is Reach.UNFOLLOWED


def test_a_cadres_lines_wait_a_moment_and_go_out_as_one(tight: Sending, desk: TestDesk) -> None:
    cadre = desk.cadre("王敏")
    Conversation.objects.update(window_used=3)
    tight.say("您好", "我是工会的", kind=MessageKind.CADRE, cadre=cadre)
    assert tight.run() == []
    tight.clock.now += timedelta(seconds=6)
    assert tight.run() == ["王敏：您好\n我是工会的"]
    assert tight.states() == ["sent", "sent"]
