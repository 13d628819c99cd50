"""Queues and channels as operators see them: on the console's page and in /readyz, never with a word of anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from handoff.kinds import CadreRole, Channel, Delivery, MessageKind
from handoff.models import Cadre, Conversation, Message, PlatformToken, Push
from handoff.pushes import MOST_ATTEMPTS, backlog, flow, pulse_of
from tests.console.channels import account, configure, on_wechat, replies, sends_media
from tests.console.conftest import WORDS, Desk, signed_in


@pytest.fixture
def as_operator(desk: Desk) -> Client:
    return signed_in(desk.cadre("weihu", role=CadreRole.OPERATOR))


def pushes(desk: Desk, *minutes_ago: float, **row: Any) -> None:
    for number, minutes in enumerate(minutes_ago):
        Push.objects.create(
            platform_key=f"wechat:main:{number}-{len(row)}",
            channel=Channel.WECHAT,
            sender_hash="h" * 64,
            received_at=desk.now - timedelta(minutes=minutes),
            **row,
        )


def fetched(at: datetime, *, until: datetime) -> None:
    PlatformToken.objects.create(channel=Channel.WECHAT, account="main", fetched_at=at, expires_at=until)


def state_page(client: Client) -> str:
    return client.get("/console/state").content.decode()


def test_an_idle_desk_is_well(desk: Desk, as_operator: Client, settings: Any) -> None:
    configure(settings, account())
    page = state_page(as_operator)
    assert "系统正常" in page
    assert "公众号「main」" in page
    assert "近来没有" in page
    assert "还没取过" in page


def test_each_step_says_how_much_waits_there_and_how_long_the_oldest_has(
    desk: Desk, as_operator: Client, wang: Cadre
) -> None:
    pushes(desk, 7.5, 3)
    talk = on_wechat(desk)
    replies(desk, talk, wang, "等一下", created_at=desk.now - timedelta(minutes=90))
    replies(desk, talk, wang, "回头说", Delivery.WAITING)
    sends_media(desk, talk)
    page = state_page(as_operator)
    assert "系统需要看一看" in page
    for words in ("2 条，最久等了7分钟", "1 条，最久等了1小时30分钟", "等职工下次来信才发的回复</dt><dd>1 条"):
        assert words in page
    assert WORDS not in page
    assert "等一下" not in page


def test_pushes_that_cannot_be_taken_in_call_for_a_person(desk: Desk, as_operator: Client) -> None:
    pushes(desk, 1, attempts=MOST_ATTEMPTS)
    assert backlog().count == 0
    assert backlog().stuck == 1
    page = state_page(as_operator)
    assert "有 1 条消息试了几次都读不进来" in page
    assert "系统需要看一看" in page


def test_what_has_been_taken_in_waits_no_longer(desk: Desk) -> None:
    pushes(desk, 5, taken_at=desk.now)
    assert backlog().count == 0
    assert backlog().oldest_at is None


def test_signs_of_life_of_each_account(desk: Desk, as_operator: Client, wang: Cadre, settings: Any) -> None:
    configure(settings, account(), account("second", verified=False), telegram=True)
    pushes(desk, 12, taken_at=desk.now)
    talk = on_wechat(desk)
    replies(desk, talk, wang, "好", Delivery.SENT, delivery_changed_at=desk.now - timedelta(minutes=4))
    fetched(desk.now - timedelta(minutes=31), until=desk.now + timedelta(minutes=89))
    page = state_page(as_operator)
    for words in ("12分钟前", "4分钟前", "31分钟前取的", "没有认证", "Telegram", "网页"):
        assert words in page
    PlatformToken.objects.update(expires_at=desk.now - timedelta(minutes=1))
    assert "过期了" in state_page(as_operator)
    assert pulse_of(Channel.WECHAT, "second", now=desk.now).heard_at is None


def test_why_replies_fail_is_told_in_words_with_counts(desk: Desk, as_operator: Client, wang: Cadre) -> None:
    talk = on_wechat(desk)
    for reason in ("40001", "42001", "45015"):
        replies(desk, talk, wang, "好", Delivery.FAILED, delivery_reason=reason, delivery_changed_at=desk.now)
    page = state_page(as_operator)
    assert "连接口令出了问题，请告诉系统维护人员：2 条" in page
    assert "取消了关注：1 条" in page


def test_readyz_gives_the_same_figures_to_a_machine(desk: Desk, wang: Cadre, settings: Any) -> None:
    configure(settings, account())
    pushes(desk, 2)
    replies(desk, on_wechat(desk), wang, "悄悄话")
    fetched(desk.now - timedelta(minutes=1), until=desk.now + timedelta(hours=2))
    answer = Client().get("/readyz")
    told = answer.json()
    assert told["waiting"]["untaken"]["count"] == 1
    assert 110 < told["waiting"]["untaken"]["oldest_s"] < 200
    assert told["waiting"]["sends"]["count"] == Message.objects.exclude(kind=MessageKind.WORKER).count()
    assert told["waiting"]["until_heard"] == {"count": 0}
    assert told["stuck"] == 0
    assert [(line["channel"], line["account"]) for line in told["channels"]] == [
        ("wechat", "main"),
        ("webchat", "main"),
    ]
    assert 50 < told["channels"][0]["token_s"] < 200
    assert "悄悄话" not in answer.content.decode()


def test_queues_are_counted_over_all_unions(desk: Desk, elsewhere: Desk) -> None:
    for one in (desk, elsewhere):
        one.talk()
    Conversation.objects.update(channel=Channel.WECHAT)
    assert flow().turns.count == 2
