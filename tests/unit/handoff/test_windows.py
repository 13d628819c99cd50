"""How long and how often a worker can be answered: WeChat's window and quota, and what closes a road."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channel_settings import AccountKind, WechatAccount, WechatSettings
from handoff import windows
from handoff.kinds import Channel, WindowKind
from handoff.models import ChannelIdentity, Conversation
from handoff.windows import Reach, open_window, standing_of, standings_of
from tests.desk import TestDesk


def account(name: str = "main", *, verified: bool = True, notice: str = "") -> WechatAccount:
    return WechatAccount(
        name=name,
        kind=AccountKind.SERVICE,
        verified=verified,
        app_id="wx1",
        app_secret="s",
        token="t",
        notice=notice,
        notice_template="T1" if notice else "",
    )


def with_accounts(settings: Any, *accounts: WechatAccount) -> None:
    settings.NIANGJIA = replace(settings.NIANGJIA, wechat=WechatSettings(accounts=accounts))


@pytest.fixture
def talk(desk: TestDesk, settings: Any) -> Conversation:
    with_accounts(settings, account())
    return desk.visitor(Channel.WECHAT)


def opens(desk: TestDesk, talk: Conversation, kind: WindowKind = WindowKind.MESSAGE) -> None:
    open_window(talk, kind, now=desk.clock())


def words(desk: TestDesk, talk: Conversation) -> str:
    talk.refresh_from_db()
    return standing_of(talk, now=desk.clock()).words(now=desk.clock())


def reach(desk: TestDesk, talk: Conversation) -> Reach:
    talk.refresh_from_db()
    return standing_of(talk, now=desk.clock()).reach


def test_after_a_message_five_replies_go_out_within_48_hours(desk: TestDesk, talk: Conversation) -> None:
    opens(desk, talk)
    assert words(desk, talk) == "还可回复 5 条 · 剩 48 小时"
    windows.note_sent(talk.pk, 2)
    desk.clock.forward(hours=26, minutes=30)
    assert words(desk, talk) == "还可回复 3 条 · 剩 21 小时"
    desk.clock.forward(hours=21)
    assert words(desk, talk) == "还可回复 3 条 · 剩 30 分钟"
    desk.clock.forward(minutes=29, seconds=20)
    assert words(desk, talk) == "还可回复 3 条 · 剩 40 秒"
    desk.clock.forward(seconds=40)
    assert reach(desk, talk) is Reach.OVER
    assert "超过 48 小时" in words(desk, talk)


def test_a_new_message_renews_all_of_it(desk: TestDesk, talk: Conversation) -> None:
    opens(desk, talk)
    windows.note_sent(talk.pk, 5)
    assert reach(desk, talk) is Reach.USED_UP
    desk.clock.forward(hours=50)
    opens(desk, talk)
    assert words(desk, talk) == "还可回复 5 条 · 剩 48 小时"


def test_a_tap_gives_three_replies_within_a_minute(desk: TestDesk, talk: Conversation) -> None:
    opens(desk, talk, WindowKind.TAP)
    assert words(desk, talk) == "还可回复 3 条 · 剩 1 分钟"
    desk.clock.forward(seconds=61)
    assert reach(desk, talk) is Reach.TAP_OVER


def test_a_tap_takes_nothing_from_what_a_message_has_opened(desk: TestDesk, talk: Conversation) -> None:
    opens(desk, talk)
    windows.note_sent(talk.pk, 1)
    talk.refresh_from_db()
    desk.clock.forward(hours=1)
    opens(desk, talk, WindowKind.TAP)
    assert words(desk, talk) == "还可回复 4 条 · 剩 47 小时"


def test_a_tap_opens_a_minute_where_the_message_is_used_up(desk: TestDesk, talk: Conversation) -> None:
    opens(desk, talk)
    windows.note_sent(talk.pk, 5)
    talk.refresh_from_db()
    opens(desk, talk, WindowKind.TAP)
    assert words(desk, talk) == "还可回复 3 条 · 剩 1 分钟"


def test_the_platform_has_the_last_word(desk: TestDesk, talk: Conversation) -> None:
    opens(desk, talk)
    windows.note_used_up(talk.pk)
    assert reach(desk, talk) is Reach.USED_UP
    talk.refresh_from_db()
    opens(desk, talk)
    windows.note_over(talk.pk)
    assert reach(desk, talk) is Reach.OVER
    windows.note_unreachable(talk.pk, Reach.UNFOLLOWED)
    assert reach(desk, talk) is Reach.UNFOLLOWED
    talk.refresh_from_db()
    opens(desk, talk)
    assert reach(desk, talk) is Reach.LEFT


def test_more_than_counted_is_never_less_than_nothing(desk: TestDesk, talk: Conversation) -> None:
    opens(desk, talk)
    windows.note_sent(talk.pk, 9)
    talk.refresh_from_db()
    assert standing_of(talk, now=desk.clock()).left == 0


def test_an_account_that_is_not_verified_never_sends_by_itself(
    desk: TestDesk, talk: Conversation, settings: Any
) -> None:
    opens(desk, talk)
    with_accounts(settings, account(verified=False))
    assert reach(desk, talk) is Reach.UNVERIFIED
    assert "没有认证" in words(desk, talk)
    assert "打电话" in words(desk, talk)


def test_where_the_account_has_a_notice_it_is_named_else_the_telephone(
    desk: TestDesk, talk: Conversation, settings: Any
) -> None:
    opens(desk, talk)
    windows.note_sent(talk.pk, 5)
    assert "发一条通知" not in words(desk, talk)
    assert words(desk, talk).endswith("急事请打电话。")
    with_accounts(settings, account(notice="template"))
    assert "系统会发一条通知" in words(desk, talk)
    windows.note_over(talk.pk)
    assert "系统会发一条通知" in words(desk, talk)


def test_a_web_page_counts_nothing_and_is_closed_after_twelve_hours_without_a_sign(desk: TestDesk) -> None:
    talk = desk.visitor()
    assert reach(desk, talk) is Reach.FREE
    desk.clock.forward(hours=12, seconds=1)
    assert reach(desk, talk) is Reach.CLOSED
    ChannelIdentity.objects.filter(contact=talk.contact).update(seen_at=desk.clock() - timedelta(hours=1))
    assert reach(desk, talk) is Reach.FREE


def test_many_talks_take_one_look_at_the_database(
    desk: TestDesk, talk: Conversation, django_assert_num_queries: Any
) -> None:
    talks = [talk, *(desk.visitor() for _ in range(4)), desk.visitor(Channel.TELEGRAM)]
    desk.clock.forward(hours=13)
    with django_assert_num_queries(1):
        found = standings_of(talks, now=desk.clock())
    assert [found[row.pk].reach for row in talks] == [Reach.OVER, *[Reach.CLOSED] * 4, Reach.FREE]


@pytest.mark.parametrize("reached", list(Reach))
def test_every_reach_has_its_words_and_what_does_not_arrive_says_what_to_do(desk: TestDesk, reached: Reach) -> None:
    standing = windows.Standing(reached, 3, desk.clock() + timedelta(hours=2))
    assert standing.words(now=desk.clock())
    assert bool(standing.short) is not reached.arrives
    assert ("打电话" in standing.words(now=desk.clock())) is not reached.arrives
