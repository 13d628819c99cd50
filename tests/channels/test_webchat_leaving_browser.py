"""Leaving at once: nothing of the talk on the screen, behind the back button, or in another tab."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.channels.webchat.leaving import ONWARD
from tests.channels.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "他又打我了"


def _context(site: Site, width: int = 390) -> BrowserContext:
    context = site.context(width=width)
    context.route(f"{ONWARD}**", lambda route: route.fulfill(body="<title>天气</title>晴", content_type="text/html"))
    return context


def _talk(site: Site, context: BrowserContext) -> Page:
    page = site.open(context)
    site.write(page, WORDS)
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    return page


def _shows_nothing(page: Page) -> None:
    assert WORDS not in page.content()
    assert "工会" not in page.title()


def test_one_tap_leaves_and_the_way_back_does_not_lead_to_the_talk(site: Site) -> None:
    context = _context(site)
    page = _talk(site, context)
    page.goto(site.address + "privacy")
    page.goto(site.address)  # the talk stands in the history twice
    expect(page.locator(".message.worker")).to_have_count(1)
    page.locator("#leave").click()
    page.wait_for_url(ONWARD)
    _shows_nothing(page)
    for address in ("privacy", ""):
        page.go_back()
        assert page.url == site.address + address
        _shows_nothing(page)
    expect(page.locator("#notice")).to_be_visible()
    expect(page.locator("#box")).to_be_hidden()


def test_the_talk_is_there_again_once_it_is_asked_for(site: Site) -> None:
    context = _context(site)
    page = _talk(site, context)
    page.locator("#box").fill("还没写完")
    page.locator("#leave").click()
    page.wait_for_url(ONWARD)
    page.goto(site.address)
    expect(page.locator("#begin")).to_be_enabled()
    _shows_nothing(page)
    page.locator("#begin").click()
    expect(page.locator(".message.worker .words")).to_have_text(WORDS)
    expect(page.locator("#box")).to_have_value("还没写完")
    page.reload()
    expect(page.locator(".message.worker .words")).to_have_text(WORDS)


def test_escape_three_times_leaves_and_twice_does_not(site: Site) -> None:
    page = _talk(site, _context(site, width=1280))
    page.locator("#box").press("Escape")
    page.locator("#box").press("Escape")
    page.locator("#box").press("a")
    page.locator("#box").press("Escape")
    expect(page.locator(".message.worker .words")).to_have_text(WORDS)
    page.locator("#all-settings").click()
    page.keyboard.press("Escape")  # closes the sheet, and counts
    page.keyboard.press("Escape")
    page.wait_for_url(ONWARD)
    _shows_nothing(page)


def test_the_other_tabs_leave_too(site: Site) -> None:
    context = _context(site)
    one = _talk(site, context)
    two = site.open(context)
    expect(two.locator(".message.worker")).to_have_count(1)
    one.locator("#leave").click()
    for page in (one, two):
        page.wait_for_url(ONWARD)
        _shows_nothing(page)


def test_leaving_needs_no_network(site: Site) -> None:
    context = _context(site)
    page = _talk(site, context)
    context.set_offline(True)
    page.locator("#leave").click()
    expect(page.locator(".calendar")).to_be_visible()
    assert page.title() == "日历"
    assert page.url == site.address + "calendar"
    assert "工会" not in page.locator("body").inner_text()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    _shows_nothing(page)


def test_a_page_without_its_scripts_can_be_left_as_well(site: Site) -> None:
    context = _context(site)
    page = context.new_page()
    page.route("**/*.js", lambda route: route.abort())
    page.goto(site.address)
    page.locator("#leave").click()
    expect(page.locator(".calendar")).to_be_visible()
    assert "工会" not in page.content()
