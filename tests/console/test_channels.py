"""What cadres see of the channels: who can be reached and for how long, how far replies came, what is still fetched."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from handoff.call_times import DayPart, slot_on
from handoff.callbacks import Agreed, book
from handoff.console.stand import talk_fingerprint
from handoff.console.states import meaning_of
from handoff.desk import claim_chat
from handoff.kinds import AuditAction, CadreRole, Channel, Delivery, Medium, WindowKind
from handoff.models import Attachment, AuditRow, Cadre, CallBack, ChannelIdentity, Contact, Conversation, PendingMedia
from handoff.screening.levels import Level
from handoff.windows import Reach
from tests import samples
from tests.console.channels import account, configure, on_wechat, replies, sends_media
from tests.console.conftest import Desk, signed_in
from tests.console.test_files import sends


@pytest.fixture(autouse=True)
def _one_account(settings: Any) -> None:
    configure(settings, account())


def page_of(client: Client, talk: Conversation) -> str:
    return client.get(f"/console/talk/{talk.pk}").content.decode()


def news_of(client: Client, talk: Conversation, **query: Any) -> str:
    return client.get(f"/console/talk/{talk.pk}/news", {"after": 0, **query}).content.decode()


def test_how_many_replies_are_left_and_for_how_long_stands_on_the_page(
    desk: Desk, as_wang: Client, wang: Cadre
) -> None:
    talk = on_wechat(desk, heard_hours_ago=26.5, used=2)
    claim_chat(talk.pk, wang, now=desk.now)
    page = page_of(as_wang, talk)
    assert "还可回复 3 条 · 剩 <span" in page
    assert ">21 小时</span>" in page
    assert "会合成一条" in page
    assert 'id="reply"' in page


def test_many_replies_left_need_no_advice_and_a_web_page_no_meter(desk: Desk, as_wang: Client, wang: Cadre) -> None:
    talk, on_the_web = on_wechat(desk), desk.waiting()
    for one in (talk, on_the_web):
        claim_chat(one.pk, wang, now=desk.now)
    assert "还可回复 5 条" in page_of(as_wang, talk)
    assert "会合成一条" not in page_of(as_wang, talk)
    assert "还可回复" not in page_of(as_wang, on_the_web)
    assert 'id="meter-call"' not in page_of(as_wang, on_the_web)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"heard_hours_ago": 49}, "超过 48 小时"),
        ({"used": 5}, "条数用完了"),
        ({"unreachable": Reach.UNFOLLOWED.value}, "取消了关注"),
        ({"unreachable": Reach.BLOCKED.value, "channel": Channel.TELEGRAM}, "停用了"),
        ({"kind": WindowKind.TAP, "heard_hours_ago": 0.1}, "一分钟过了"),
    ],
)
def test_who_cannot_be_reached_is_told_before_claiming_with_a_call_one_tap_away(
    desk: Desk, as_wang: Client, row: dict[str, Any], words: str
) -> None:
    talk = on_wechat(
        desk, **{name: value for name, value in row.items() if name in ("heard_hours_ago", "used", "kind")}
    )
    Conversation.objects.filter(pk=talk.pk).update(
        unreachable=row.get("unreachable", ""), channel=row.get("channel", Channel.WECHAT)
    )
    page, queue = page_of(as_wang, talk), as_wang.get("/console/").content.decode()
    assert 'id="claim"' in page
    assert words in page
    assert "急事请打电话" in page
    assert f'id="meter-call" href="/console/talk/{talk.pk}/call"' in page
    assert words in queue
    assert f'id="call-{talk.pk}" href="/console/talk/{talk.pk}/call"' in queue
    assert "约电话" in as_wang.get(f"/console/talk/{talk.pk}/call").content.decode()


def test_an_account_that_is_not_verified_is_named_before_claiming(desk: Desk, as_wang: Client, settings: Any) -> None:
    configure(settings, account(verified=False))
    talk = on_wechat(desk)
    assert "没有认证，不能主动发" in page_of(as_wang, talk)
    assert "不能主动发" in as_wang.get("/console/").content.decode()


def test_a_web_page_long_closed_is_told_before_claiming(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting(minutes_ago=13 * 60)
    assert "网页没有开着" in page_of(as_wang, talk)
    assert "网页很久没打开" in as_wang.get("/console/").content.decode()


def test_nothing_stands_in_a_cadres_way_at_no_quota(desk: Desk, as_wang: Client, wang: Cadre) -> None:
    talk = on_wechat(desk, used=5)
    claim_chat(talk.pk, wang, now=desk.now)
    sent = as_wang.post(
        f"/console/talk/{talk.pk}/reply", {"text": "我给您打电话", "key": "k" * 16}, headers={"HX-Request": "true"}
    )
    assert sent.status_code == 204
    assert "我给您打电话" in page_of(as_wang, talk)


def test_the_meter_names_the_notice_where_the_account_has_one(
    desk: Desk, as_wang: Client, wang: Cadre, settings: Any
) -> None:
    talk = on_wechat(desk, used=5)
    assert "系统会发一条通知" not in page_of(as_wang, talk)
    configure(settings, account(notice="template"))
    assert "系统会发一条通知" in page_of(as_wang, talk)


def test_a_call_once_booked_is_not_offered_again(desk: Desk, as_wang: Client, wang: Cadre) -> None:
    talk = on_wechat(desk, used=5)
    tomorrow = timezone.localdate(desk.now) + timedelta(days=1)
    book(talk, Agreed("13812345678"), slot=slot_on(tomorrow, DayPart.MORNING), now=desk.now, cadre=wang)
    page = page_of(as_wang, talk)
    assert 'id="meter-call"' not in page
    assert "电话已经约好" in page


def test_a_known_number_is_called_without_being_read_first(desk: Desk, as_wang: Client, wang: Cadre) -> None:
    talk = on_wechat(desk, used=5)
    tomorrow = timezone.localdate(desk.now) + timedelta(days=1)
    book(talk, Agreed("13812345678"), slot=slot_on(tomorrow, DayPart.MORNING), now=desk.now)
    form = as_wang.get(f"/console/talk/{talk.pk}/call").content.decode()
    assert "打他留过的号码 138" in form
    assert "13812345678" not in form
    asked = {"day": tomorrow.isoformat(), "part": DayPart.AFTERNOON.value, "said_as": "union", "phone": ""}
    assert as_wang.post(f"/console/talk/{talk.pk}/call", asked).status_code == 400
    assert as_wang.post(f"/console/talk/{talk.pk}/call", {**asked, "use_known": "on"}).status_code == 302
    call = CallBack.objects.select_related("conversation__contact").get()
    assert call.details["phone"] == "13812345678"
    other = {**asked, "use_known": "on", "phone": "13900000000"}
    assert as_wang.post(f"/console/talk/{talk.pk}/call", other).status_code == 302
    call = CallBack.objects.select_related("conversation__contact").get()
    assert call.details["phone"] == "13900000000"


def test_an_open_page_notices_what_is_used_and_that_a_window_has_closed(desk: Desk, wang: Cadre) -> None:
    talk = on_wechat(desk, heard_hours_ago=47)
    seen = {talk_fingerprint(talk.pk, now=desk.now)}
    Conversation.objects.filter(pk=talk.pk).update(window_used=1)
    seen.add(talk_fingerprint(talk.pk, now=desk.now))
    seen.add(talk_fingerprint(talk.pk, now=desk.now + timedelta(hours=2)))
    Conversation.objects.filter(pk=talk.pk).update(unreachable=Reach.UNFOLLOWED.value)
    seen.add(talk_fingerprint(talk.pk, now=desk.now))
    assert len(seen) == 4


def test_the_news_bring_the_meter_as_it_is_now(desk: Desk, as_wang: Client, wang: Cadre) -> None:
    talk = on_wechat(desk)
    claim_chat(talk.pk, wang, now=desk.now)
    Conversation.objects.filter(pk=talk.pk).update(window_used=4)
    news = news_of(as_wang, talk)
    assert 'id="meter" class="meter meter-few" hx-swap-oob="true"' in news
    assert "还可回复 1 条" in news


@pytest.mark.parametrize(
    ("delivery", "reason", "row", "words"),
    [
        (Delivery.PENDING, "", {}, "等着发送"),
        (Delivery.PENDING, "-1", {"attempts": 2}, "还没发出去，会再试（对方平台正忙）"),
        (Delivery.PENDING, "NotReached", {"attempts": 1}, "还没发出去，会再试（连不上对方平台）"),
        (Delivery.WAITING, "45047", {}, "等职工下次来信时送达（这次来信能回的条数用完了）。急事请打电话"),
        (Delivery.WAITING, "45015", {}, "超过 48 小时没有来信，或者取消了关注）。急事请打电话"),
        (Delivery.WAITING, "noticed 45047", {}, "已用模板消息提醒他"),
        (Delivery.WAITING, "passive only", {}, "这个公众号没有认证"),
        (Delivery.WAITING, "blocked", {}, "停用了机器人"),
        (Delivery.FAILED, "48001", {}, "没发出去：这个公众号没有权限主动发"),
        (Delivery.FAILED, "43004", {}, "没发出去：职工取消了关注"),
        (Delivery.FAILED, "99999", {}, "没发出去：对方平台没有收，请打电话"),
        (Delivery.FAILED, "45002", {"parts_sent": 2}, "发出了前 2 条。剩下的：没发出去：太长了"),
        (Delivery.UNCERTAIN, "OutcomeUnknown", {}, "不确定对方收到没有"),
        (Delivery.SENT, "", {"parts_sent": 3}, "分了 3 条"),
        (Delivery.SENT, "", {"parts_sent": 1}, ">已送达</p>"),
    ],
)
def test_how_far_a_reply_has_come_is_said_in_sentences(
    desk: Desk,
    as_wang: Client,
    wang: Cadre,
    settings: Any,
    delivery: Delivery,
    reason: str,
    row: dict[str, Any],
    words: str,
) -> None:
    configure(settings, account(notice="template"))
    talk = on_wechat(desk)
    said = replies(desk, talk, wang, "我来看看", delivery, delivery_reason=reason, **row)
    page = page_of(as_wang, talk)
    state = page[page.index(f'id="state-{said.pk}"') :].split("</p>")[0] + "</p>"
    assert words in state
    assert not any(mark in state for mark in ("45047", "45015", "48001", "43004", "99999", "Unknown", "passive"))
    assert state in news_of(as_wang, talk, after=said.pk).replace(' hx-swap-oob="true"', "")


def test_what_waited_says_when_it_went_out(desk: Desk, as_wang: Client, wang: Cadre) -> None:
    talk = on_wechat(desk)
    at = desk.now + timedelta(hours=3)
    replies(desk, talk, wang, "我来看看", Delivery.SENT, delivery_changed_at=at)
    assert f"{timezone.localtime(at).strftime('%H:%M')} 送达" in page_of(as_wang, talk)


def test_lines_that_went_out_as_one_say_so(desk: Desk, as_wang: Client, wang: Cadre) -> None:
    talk = on_wechat(desk)
    at = desk.now + timedelta(seconds=5)
    for text in ("您好", "我在"):
        replies(desk, talk, wang, text, Delivery.SENT, delivery_changed_at=at)
    replies(desk, talk, wang, "请说", Delivery.SENT, delivery_changed_at=at + timedelta(seconds=9))
    assert page_of(as_wang, talk).count("和上一句合成一条，已送达") == 1


def test_every_reason_has_a_sentence_and_an_unknown_one_too() -> None:
    assert meaning_of("") == ""
    assert meaning_of("errcode 12345") == "other"
    assert meaning_of("sender died") == meaning_of("response lost") == "unknown"
    assert meaning_of("chat not found") == meaning_of("IdentityGone") == "gone"
    assert meaning_of("account gone") == "account"


@pytest.mark.parametrize(
    ("pending", "words", "again"),
    [
        ({}, "还在从微信取", False),
        ({"attempts": 2, "reason": "Busy"}, "还没取到，会自动再试", True),
        ({"next_at": None, "reason": "Busy"}, "没有取到：请职工再发一次", True),
        ({"next_at": None, "reason": "MediaGone"}, "没有取到：请职工再发一次", False),
        ({"next_at": None, "reason": "UnknownMedia"}, "打开不安全", False),
    ],
)
def test_a_picture_that_the_platform_still_holds_is_named_with_what_to_do(
    desk: Desk, as_wang: Client, pending: dict[str, Any], words: str, again: bool
) -> None:
    talk = on_wechat(desk)
    row = sends_media(desk, talk, **pending)
    page = page_of(as_wang, talk)
    assert "图片" in page
    assert words in page
    assert (f'id="fetch-{row.message_id}"' in page) is again


def test_the_list_names_what_is_still_to_come(desk: Desk, as_wang: Client) -> None:
    talk = on_wechat(desk)
    sends_media(desk, talk, Medium.VOICE)
    Conversation.objects.filter(pk=talk.pk).update(unread_since=desk.now)
    assert "有语音没听" in as_wang.get("/console/").content.decode()


def test_a_cadre_has_it_fetched_again(desk: Desk, as_wang: Client) -> None:
    talk = on_wechat(desk)
    row = sends_media(desk, talk, Medium.VOICE, next_at=None, failed_at=desk.now, reason="Busy")
    answer = as_wang.post(f"/console/talk/{talk.pk}/fetch/{row.message_id}", follow=True)
    assert "正在再取一次" in answer.content.decode()
    row.refresh_from_db()
    assert row.next_at is not None
    assert row.failed_at is None
    other = desk.waiting()
    assert as_wang.post(f"/console/talk/{other.pk}/fetch/{row.message_id}").status_code == 404


def test_nobody_else_has_anything_fetched(desk: Desk, elsewhere: Desk) -> None:
    talk = on_wechat(desk)
    row = sends_media(desk, talk, next_at=None, reason="Busy")
    address = f"/console/talk/{talk.pk}/fetch/{row.message_id}"
    for client in (signed_in(elsewhere.cadre("chen")), signed_in(desk.cadre("weihu", role=CadreRole.OPERATOR))):
        assert client.post(address).status_code == 404
    assert Client().post(address).status_code == 302
    row.refresh_from_db()
    assert row.next_at is None


def test_a_picture_that_arrives_later_comes_into_the_open_page(desk: Desk, as_wang: Client) -> None:
    talk = on_wechat(desk)
    row = sends_media(desk, talk)
    assert f"files={row.message_id}" in page_of(as_wang, talk)
    before = talk_fingerprint(talk.pk, now=desk.now)
    assert f"files={row.message_id}" in news_of(as_wang, talk, after=row.message_id, files=row.message_id)
    arrived = sends(desk, samples.JPEG)
    Attachment.objects.filter(pk=arrived.pk).update(message_id=row.message_id)
    contact = Contact.objects.get(conversations=talk)
    attachment = Attachment.objects.select_related("message__conversation__contact").get(pk=arrived.pk)
    attachment.message.conversation.contact = contact
    attachment.seal_name("工资条.jpg")
    attachment.save()
    PendingMedia.objects.update(next_at=None)
    assert talk_fingerprint(talk.pk, now=desk.now) != before
    news = news_of(as_wang, talk, after=row.message_id, files=row.message_id)
    assert f'id="files-{row.message_id}" hx-swap-oob="true"' in news
    assert "看图片" in news
    assert "files=" not in news


def test_a_page_asks_only_for_files_of_its_own_talk(desk: Desk, as_wang: Client) -> None:
    talk, other = on_wechat(desk), on_wechat(desk)
    foreign = sends_media(desk, other)
    assert f"files-{foreign.message_id}" not in news_of(as_wang, talk, files=f"{foreign.message_id}-x-")


def test_the_record_of_an_original_stands_beside_it(desk: Desk, as_wang: Client) -> None:
    attachment = sends(desk, samples.JPEG)
    page = page_of(as_wang, attachment.message.conversation)
    assert hashlib.sha256(samples.JPEG).hexdigest() in page
    assert timezone.localtime(attachment.received_at).strftime("%Y年%m月%d日 %H:%M:%S") in page


def test_the_channel_is_named_with_its_account_and_the_poster(desk: Desk, as_wang: Client) -> None:
    talk = on_wechat(desk, account="metal-works")
    ChannelIdentity.objects.create(
        contact=talk.contact,
        channel=Channel.WECHAT,
        account="metal-works",
        external_hash=uuid.uuid4().hex,
        seen_at=desk.now,
        scene="A012",
    )
    assert "公众号「metal-works」，扫海报「A012」来的" in page_of(as_wang, talk)
    assert "公众号「metal-works」" in as_wang.get("/console/").content.decode()


def test_who_may_not_read_a_talk_in_danger_has_nothing_fetched_from_it(desk: Desk, li: Cadre, as_wang: Client) -> None:
    Cadre.objects.filter(pk=li.pk).update(reads_crisis=True)
    talk = on_wechat(desk)
    row = sends_media(desk, talk, next_at=None, reason="Busy")
    Conversation.objects.filter(pk=talk.pk).update(level=Level.CRISIS.value)
    assert as_wang.post(f"/console/talk/{talk.pk}/fetch/{row.message_id}").status_code == 404
    assert not AuditRow.objects.filter(action=AuditAction.EVIDENCE).exists()
