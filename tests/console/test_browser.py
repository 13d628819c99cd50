"""The console in a real browser."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from importlib import import_module

import pytest
import uvicorn
from django.core.asgi import get_asgi_application
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from handoff.desk import claim_chat
from handoff.models import Cadre, Conversation, Message
from handoff.screening.levels import Level
from tests.console.conftest import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOON_MS = 2_000
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    """The desk, served in a thread over the test's database.

    Its addresses are imported first: on a busy machine that takes longer than a page may.
    """
    import_module("bot.urls")
    config = uvicorn.Config(get_asgi_application(), port=0, ws="none", log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: broken scripts, blocked styles."""
    return []


@pytest.fixture
def page(context: BrowserContext, wang: Cadre, complaints: list[str]) -> Page:
    """王敏's browser, signed in, on the list."""
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto("/console/")
    page.fill("#id_username", "wangmin")
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    expect(page.locator("#queue")).to_be_visible()
    return page


def rings_elsewhere(talk: Conversation) -> None:
    """As another process writes it: no news on this process's bulletin."""
    now = timezone.now()
    Conversation.objects.filter(pk=talk.pk).update(level=Level.CRISIS.value, waiting_since=now, alarmed_at=now)


@pytest.mark.parametrize("width", [390, 1280])
def test_an_alarm_shows_within_two_seconds_until_somebody_has_seen_it(
    desk: Desk, page: Page, complaints: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.click("#queue")  # a gesture: from now on the browser lets the page sound
    expect(page.locator("#sound-off")).to_be_hidden()
    quiet_title = page.title()
    talk = desk.crisis()
    expect(page.locator(f"#alarm-{talk.pk}")).to_be_visible(timeout=SOON_MS)
    expect(page).to_have_title(re.compile("紧急求助"), timeout=SOON_MS)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.click(f"#seen-{talk.pk}")
    expect(page.locator(".alarm")).to_have_count(0, timeout=SOON_MS)
    expect(page).to_have_title(quiet_title)
    expect(page.locator(f"#open-{talk.pk}")).to_be_visible(timeout=SOON_MS)
    assert complaints == []


def test_an_alarm_of_another_process_shows_within_two_seconds(desk: Desk, page: Page) -> None:
    talk = desk.talk()
    rings_elsewhere(talk)
    expect(page.locator(f"#alarm-{talk.pk}")).to_be_visible(timeout=SOON_MS)


def test_an_alarm_is_seen_from_another_talks_page(desk: Desk, page: Page) -> None:
    page.goto(f"/console/talk/{desk.waiting().pk}")
    talk = desk.crisis()
    expect(page.locator(f"#alarm-{talk.pk}")).to_be_visible(timeout=SOON_MS)


def test_a_page_says_that_its_sound_is_off_until_it_may_sound(context: BrowserContext, page: Page) -> None:
    fresh = context.new_page()
    fresh.goto("/console/")
    expect(fresh.locator("#sound-off")).to_be_visible()
    fresh.click("#sound-on-button")
    expect(fresh.locator("#sound-off")).to_be_hidden()
    expect(fresh.locator("#sound-is-on")).to_be_visible()


def test_two_lines_each_way_without_losing_what_is_being_typed(desk: Desk, page: Page, complaints: list[str]) -> None:
    talk = desk.waiting("老板欠薪")
    page.goto(f"/console/talk/{talk.pk}")
    page.click("#claim")
    box = page.locator("#reply-text")
    box.fill("您好")
    box.press("Enter")
    box.press_sequentially("我在")
    desk.hears(talk, "有人吗")
    expect(page.get_by_text("有人吗")).to_be_visible(timeout=SOON_MS)
    assert box.input_value() == "您好\n我在"
    box.press("Control+Enter")
    expect(page.locator("#messages .line-cadre")).to_have_count(1, timeout=SOON_MS)
    expect(box).to_have_value("")
    box.fill("哪个单位？")
    page.click("#send")
    desk.hears(talk, "青山建筑")
    expect(page.locator("#messages .line-cadre")).to_have_count(2, timeout=SOON_MS)
    expect(page.locator("#messages .line-worker")).to_have_count(3, timeout=SOON_MS)
    desk.deliver(talk)
    said = [message.body for message in Message.objects.filter(conversation=talk, kind="cadre")]
    assert said == ["您好\n我在", "哪个单位？"]
    assert complaints == []


def test_words_that_could_not_be_sent_stay_and_are_stored_once(desk: Desk, page: Page, wang: Cadre) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=timezone.now())
    page.goto(f"/console/talk/{talk.pk}")
    page.fill("#reply-text", "请先别急")

    def arrives_but_the_answer_is_lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/reply", arrives_but_the_answer_is_lost)
    page.click("#send")
    expect(page.locator("[data-state=lost]")).to_be_visible()
    assert page.input_value("#reply-text") == "请先别急"
    page.reload()
    assert page.input_value("#reply-text") == "请先别急"
    page.unroute("**/reply")
    page.click("#send")
    expect(page.locator("#reply-text")).to_have_value("")
    page.fill("#reply-text", "请先别急")  # said again on purpose
    page.click("#send")
    expect(page.locator("#messages .line-cadre")).to_have_count(2)
    assert Message.objects.filter(conversation=talk, kind="cadre").count() == 2


def test_the_slower_of_two_cadres_sees_who_was_first(desk: Desk, page: Page, li: Cadre) -> None:
    talk = desk.waiting()
    page.goto(f"/console/talk/{talk.pk}")
    expect(page.locator("#claim")).to_be_visible()
    claim_chat(talk.pk, li, now=timezone.now())
    expect(page.get_by_text("李强已经接手")).to_be_visible(timeout=SOON_MS)
    expect(page.locator("#claim")).to_have_count(0)
    expect(page.locator("#reply-text")).to_have_count(0)
