# ruff: noqa: F811  (fixtures are imported and taken as arguments)
"""In a real browser: the meter beside the reply box goes on by itself and follows what the platform allows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from handoff import windows
from handoff.desk import claim_chat
from handoff.kinds import WindowKind
from handoff.models import Attachment, Cadre, Conversation, PendingMedia
from tests import samples
from tests.console.channels import account, configure, on_wechat, sends_media
from tests.console.conftest import Desk
from tests.console.test_browser import (  # noqa: F401  fixtures
    address,
    browser,
    complaints,
    context,
    page,
)
from tests.console.test_files import sends

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_MS = 15_000


@pytest.fixture(autouse=True)
def _one_account(settings: Any) -> None:
    configure(settings, account())


@pytest.mark.parametrize("width", [390, 1280])
def test_the_meter_follows_replies_time_and_new_messages(
    desk: Desk, page: Page, wang: Cadre, complaints: list[str], width: int
) -> None:
    talk = on_wechat(desk, heard_hours_ago=26.5, used=2)
    claim_chat(talk.pk, wang, now=timezone.now())
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/console/talk/{talk.pk}")
    meter = page.locator("#meter .meter-words")
    expect(meter).to_have_text("还可回复 3 条 · 剩 21 小时")
    expect(meter).to_be_in_viewport()
    page.fill("#reply-text", "我")
    windows.note_sent(talk.pk, 1)
    expect(meter).to_have_text("还可回复 2 条 · 剩 21 小时", timeout=LONG_MS)
    with transaction.atomic():
        windows.open_window(Conversation.locked(talk.pk), WindowKind.MESSAGE, now=timezone.now())
    expect(meter).to_have_text(re.compile("还可回复 5 条 · 剩 4[78] 小时"), timeout=LONG_MS)
    Conversation.objects.filter(pk=talk.pk).update(window_opened_at=timezone.now() - timedelta(hours=47, minutes=59))
    expect(meter).to_have_text(re.compile(r"剩 [1-5]?\d 秒"), timeout=LONG_MS)
    first = meter.inner_text()
    expect(meter).not_to_have_text(first)
    windows.note_used_up(talk.pk)
    expect(meter).to_have_text(re.compile("条数用完了"), timeout=LONG_MS)
    expect(page.locator("#meter-call")).to_be_visible()
    expect(page.locator("#reply-text")).to_have_value("我")
    page.click("#send")
    expect(page.locator("[data-state=kept]")).to_be_visible(timeout=LONG_MS)
    expect(page.locator("#messages .line-cadre")).to_have_count(1, timeout=LONG_MS)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert complaints == []


def test_a_window_that_closes_is_seen_on_the_open_page_before_anybody_claims(desk: Desk, page: Page) -> None:
    talk = on_wechat(desk)
    page.goto(f"/console/talk/{talk.pk}")
    expect(page.locator("#claim")).to_be_visible()
    expect(page.locator("#meter-call")).to_have_count(0)
    closes_soon = timezone.now() - timedelta(hours=48) + timedelta(seconds=4)
    Conversation.objects.filter(pk=talk.pk).update(window_opened_at=closes_soon)
    expect(page.locator("#meter")).to_contain_text("超过 48 小时", timeout=LONG_MS)
    page.click("#meter-call")
    expect(page.locator("#call-phone")).to_be_visible()


def test_a_long_text_says_in_how_many_messages_it_goes_out(desk: Desk, page: Page, wang: Cadre) -> None:
    talk = on_wechat(desk)
    claim_chat(talk.pk, wang, now=timezone.now())
    page.goto(f"/console/talk/{talk.pk}")
    expect(page.locator("#meter-parts")).to_be_hidden()
    page.fill("#reply-text", "工" * 1500)
    expect(page.locator("#meter-parts")).to_have_text("这段话长，大约要分 3 条发。")
    page.fill("#reply-text", "好的")
    expect(page.locator("#meter-parts")).to_be_hidden()


def test_a_picture_comes_into_the_page_once_it_has_been_fetched(desk: Desk, page: Page) -> None:
    talk = on_wechat(desk)
    row = sends_media(desk, talk)
    page.goto(f"/console/talk/{talk.pk}")
    line = page.locator(f"#line-{row.message_id}")
    expect(line).to_contain_text("还在从微信取")
    arrived = sends(desk, samples.JPEG)
    attachment = Attachment.objects.select_related("message__conversation__contact").get(pk=arrived.pk)
    attachment.message = row.message
    attachment.message.conversation = Conversation.objects.select_related("contact").get(pk=talk.pk)
    attachment.seal_name("工资条.jpg")
    attachment.save()
    PendingMedia.objects.update(next_at=None)
    expect(line).to_contain_text("工资条.jpg", timeout=LONG_MS)
    expect(line).to_contain_text("看图片")
    expect(line).not_to_contain_text("还在从微信取")
