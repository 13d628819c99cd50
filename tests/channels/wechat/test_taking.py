"""What pushes become: messages and events of every kind, without network and without threads."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction

from bot.channel_settings import WechatSettings
from bot.channels.wechat.reading import sender_hash
from bot.composition import Desk, compose
from bot.inbox.records import PushIn
from bot.inbox.writer import _store
from bot.simulate.wechat.simulator import new_account
from handoff.kinds import Channel, Delivery, Medium, MessageKind
from handoff.models import Conversation, Message, PendingMedia, Push, Scan
from handoff.outbox import say
from handoff.pushes import MOST_ATTEMPTS, backlog
from handoff.windows import standing_of
from tests.desk import Clock, TestDesk

ACCOUNT = new_account()
Bring = Callable[..., Conversation | None]


@pytest.fixture
def wechat(desk: TestDesk) -> Desk:
    configuration = dataclasses.replace(django_settings.NIANGJIA, wechat=WechatSettings(accounts=(ACCOUNT,)))
    return compose(configuration, clock=desk.clock)


@pytest.fixture
def bring(desk: TestDesk, wechat: Desk) -> Bring:
    """Store a push of somebody and take it in; their conversation."""

    def bring(who: str = "o1", **fields: str) -> Conversation | None:
        push = _push(desk.clock, who, fields)
        with transaction.atomic():
            _store([push])
        wechat.doors.inbox.run(push.sender_hash)
        return Push.objects.select_related("conversation__contact").get(platform_key=push.platform_key).conversation

    return bring


def _push(clock: Clock, who: str, fields: dict[str, str], *, key: str | None = None) -> PushIn:
    return PushIn(
        platform_key=key or f"wechat:main:{secrets.randbelow(10**15)}",
        channel=Channel.WECHAT,
        account="main",
        sender_hash=sender_hash("main", who),
        received_at=clock(),
        payload={"openid": who, "MsgType": "text", **fields},
        reply_until=clock() + timedelta(seconds=4.5),
    )


def _said(talk: Conversation | None) -> list[str]:
    rows = Message.objects.filter(conversation=talk).exclude(kind=MessageKind.WORKER).order_by("id")
    return [row.body for row in rows.select_related("conversation__contact")]


def _heard(talk: Conversation | None) -> Message:
    return Message.objects.select_related("conversation__contact").get(conversation=talk, kind=MessageKind.WORKER)


def test_the_same_person_keeps_one_conversation_and_another_has_their_own(bring: Bring) -> None:
    first, second, other = bring(Content="一"), bring(Content="二"), bring("o2", Content="三")
    assert first == second != other


def test_a_payload_is_gone_once_its_message_is_stored(bring: Bring) -> None:
    bring(Content="我的名字是张三")
    push = Push.objects.get()
    assert (bytes(push.payload_sealed), push.message is not None) == (b"", True)


@pytest.mark.parametrize(
    ("kind", "medium"),
    [("image", "picture"), ("voice", "voice"), ("video", "video"), ("shortvideo", "video"), ("file", "file")],
)
def test_media_is_noted_to_be_fetched_and_the_worker_reads_an_honest_line(bring: Bring, kind: str, medium: str) -> None:
    talk = bring(MsgType=kind, MediaId="m1", PicUrl="http://127.0.0.1/p", Title="工资条.pdf", Format="amr")
    assert talk is not None
    assert talk.waiting_since is not None
    assert talk.unread_since is not None
    assert PendingMedia.objects.get().next_at is not None
    assert _heard(talk).medium == Medium(medium)
    assert len(_said(talk)) == 1


def test_danger_in_the_name_of_a_file_is_seen(bring: Bring) -> None:
    talk = bring(MsgType="file", Title="我的遗书我不想活了.docx")
    assert talk is not None
    assert talk.level == "crisis"


def test_a_location_tells_the_province(bring: Bring) -> None:
    talk = bring(MsgType="location", Location_X="30.2", Location_Y="120.1", Label="浙江省杭州市西湖区")
    assert talk is not None
    assert talk.contact.province == "浙江"
    assert "杭州市西湖区" in _heard(talk).body
    assert "杭州市西湖区" in _said(talk)[0]


def test_a_location_that_begins_with_the_city_tells_the_province_too(bring: Bring) -> None:
    talk = bring(MsgType="location", Location_X="28.7", Location_Y="115.9", Label="南昌市青山湖区")
    assert talk is not None
    assert talk.contact.province == "江西"


def test_a_location_in_danger_is_answered_by_nothing_cheerful(bring: Bring) -> None:
    bring(Content="我不想活了")
    talk = bring(MsgType="location", Location_X="30.2", Location_Y="120.1", Label="浙江省杭州市")
    assert not [said for said in _said(talk) if "位置收到了" in said]


def test_a_link_is_kept_with_its_title_and_address(bring: Bring) -> None:
    body = _heard(bring(MsgType="link", Title="新闻", Description="讨薪", Url="https://example.com/1")).body
    assert all(word in body for word in ("新闻", "讨薪", "https://example.com/1"))


def test_a_kind_nobody_knows_is_kept_and_answered(bring: Bring) -> None:
    talk = bring(MsgType="hologram")
    assert "看不了" in _said(talk)[0]


def test_following_scanning_and_leaving_are_noted(bring: Bring, desk: TestDesk) -> None:
    talk = bring(MsgType="event", Event="subscribe", EventKey="qrscene_A012")
    assert talk is not None
    assert standing_of(talk, now=desk.clock()).left is None or standing_of(talk, now=desk.clock()).left == 3
    bring(MsgType="event", Event="SCAN", EventKey="B001")
    assert list(Scan.objects.order_by("id").values_list("scene", "is_new")) == [("A012", True), ("B001", False)]
    assert talk.contact.identities.get().scene == "A012"
    talk = bring(MsgType="event", Event="unsubscribe")
    assert talk is not None
    assert talk.unreachable == "unfollowed"
    talk = bring(MsgType="event", Event="subscribe")
    assert talk is not None
    assert talk.unreachable == ""


def test_the_code_of_a_poster_is_as_good_as_a_scan(bring: Bring) -> None:
    talk = bring(Content=" a012 ")
    assert Scan.objects.get().scene == "A012"
    assert _heard(talk).answered_at is not None
    assert len(_said(talk)) == 1


def test_a_button_of_an_old_menu_is_answered_kindly(bring: Bring) -> None:
    assert "换过了" in _said(bring(MsgType="event", Event="CLICK", EventKey="long_gone"))[0]


def test_a_token_of_somebody_elses_talk_is_only_a_text(bring: Bring, desk: TestDesk) -> None:
    theirs = bring("o2", Content="你好")
    assert theirs is not None
    extras = {"buttons": [{"title": "入会", "payload": "/join_union"}]}
    offered = say(theirs, MessageKind.ENGINE, "好", now=desk.clock(), extras=extras)
    talk = bring(Content="入会", bizmsgmenuid=f"n{offered.pk:x}b0")
    assert "choice" not in _heard(talk).extras


def test_what_waited_for_the_worker_goes_out_with_their_next_message(bring: Bring, desk: TestDesk) -> None:
    talk = bring(Content="你好")
    assert talk is not None
    waiting = say(talk, MessageKind.FIXED, "有回复", now=desk.clock())
    Message.objects.filter(pk=waiting.pk).update(delivery=Delivery.WAITING)
    bring(Content="在吗")
    assert Message.objects.get(pk=waiting.pk).delivery == Delivery.PENDING


def test_a_push_that_cannot_be_taken_in_is_kept_and_counted(bring: Bring, desk: TestDesk, wechat: Desk) -> None:
    push = _push(desk.clock, "o1", {"Content": "你好"})
    with transaction.atomic():
        _store([push])
    broken: Any = wechat.doors.inbox._takers[Channel.WECHAT]
    broken._settings = WechatSettings()
    for _ in range(MOST_ATTEMPTS + 2):
        wechat.doors.inbox.run(push.sender_hash)
    row = Push.objects.get()
    assert (row.attempts, bool(row.payload_sealed), row.taken_at) == (MOST_ATTEMPTS, True, None)
    assert backlog().stuck == 1


def test_a_used_signature_with_another_push_is_refused(desk: TestDesk) -> None:
    from bot.inbox.records import SignatureReused

    first = dataclasses.replace(_push(desk.clock, "o1", {"Content": "一"}, key="wechat:main:1"), signature="s" * 64)
    other = dataclasses.replace(first, platform_key="wechat:main:2")
    with transaction.atomic():
        assert not isinstance(_store([first])[0], Exception)
        assert isinstance(_store([other])[0], SignatureReused)
        again = _store([dataclasses.replace(first, stale=True)])[0]
    assert not isinstance(again, Exception)
    assert not again.fresh


def test_after_a_start_what_could_not_be_taken_in_is_tried_again(bring: Bring, desk: TestDesk, wechat: Desk) -> None:
    push = _push(desk.clock, "o1", {"Content": "你好"})
    with transaction.atomic():
        _store([push])
    Push.objects.update(attempts=MOST_ATTEMPTS)
    assert wechat.doors.inbox.run(push.sender_hash) == []
    assert wechat.doors.inbox.try_again() == 1
    assert len(wechat.doors.inbox.run(push.sender_hash)) == 1
