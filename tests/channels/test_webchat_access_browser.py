"""Every state of the page without a violation that axe-core finds, on a phone and on a desk, light, dark and large."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from handoff import desk as live
from handoff.kinds import MessageKind
from tests.channels.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = pytest.mark.parametrize("width", [390, 1280])
LAW = {
    "law": "中华人民共和国劳动合同法",
    "text": "用人单位应当按照劳动合同约定和国家规定，向劳动者及时足额支付劳动报酬。",
    "status": "现行有效",
    "version_date": "2012-12-28",
    "kind": "verbatim",
}


def _check(page: Page) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    violations = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]]
    assert not violations, violations


def _with_everything(site: Site, page: Page) -> None:
    site.write(page, "老板拖欠工资怎么办？")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    laws = [LAW | {"article_no": f"第{number}条"} for number in range(30, 35)]
    laws.append(LAW | {"article_no": "第一条", "kind": "reference", "status": "", "text": ""})
    site.says("可以投诉，也可以打12351。", citations=laws, buttons=[{"title": "投诉", "payload": "/a"}])
    expect(page.locator(".message.engine:not(#greeting)")).to_have_count(1)
    page.locator(".cite summary").first.click()
    page.locator(".cites-more > summary").click()
    page.locator(".cites-more .cite summary").last.click()
    site.says("有危险，打110、120。", MessageKind.FIXED)
    expect(page.locator(".message.fixed")).to_have_count(1)


def _full(site: Site, page: Page) -> None:
    _with_everything(site, page)
    _check(page)


def _large(site: Site, page: Page) -> None:
    page.evaluate("localStorage.setItem('niangjia.size', 'largest')")
    page.reload()
    _full(site, page)


def _empty(site: Site, page: Page) -> None:
    _check(page)
    page.locator("#file").set_input_files({"name": "工资条.jpg", "mimeType": "image/jpeg", "buffer": b"x"})
    expect(page.locator("#chosen")).to_be_visible()
    _check(page)
    page.locator("#unchoose").click()


def _broken(site: Site, page: Page) -> None:
    page.route("**/chat/messages", lambda route: route.fulfill(status=400, json={"words": "没有收下"}))
    site.write(page, "发不出去")
    expect(page.locator(".message.worker .state button")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator("#banner")).to_be_visible()
    _check(page)


def _sheets(site: Site, page: Page) -> None:
    names = {"clear": "confirm", "all-settings": "settings", "all-lines": "lines"}
    for button, sheet in names.items():
        if not page.locator(f"#{button}").is_visible():  # a desk shows the numbers beside the talk
            continue
        page.locator(f"#{button}").click()
        expect(page.locator(f"#{sheet}")).to_be_visible()
        _check(page)
        page.keyboard.press("Escape")
        page.keyboard.press("a")


def _waiting_and_held(site: Site, page: Page) -> None:
    site.write(page, "我不想活了")
    expect(page.locator("#keep")).to_be_visible()
    _check(page)
    live.claim_chat(site.conversation.pk, site.desk.cadre("王敏"), now=site.desk.clock())
    expect(page.locator("#standing")).to_have_text("王敏（真人）")
    _check(page)


def _over(site: Site, page: Page) -> None:
    page.locator("#clear").click()
    page.locator("#clear-now").click()
    expect(page.locator("#over")).to_be_visible()
    _check(page)


def _from_beginning_to_end(site: Site, page: Page) -> None:
    for state in (_empty, _full, _sheets, _waiting_and_held, _over):
        state(site, page)


@WIDTHS
@pytest.mark.parametrize("states", [_from_beginning_to_end, _large, _broken], ids=lambda states: states.__name__[1:])
def test_the_talk_can_be_used_by_everybody(site: Site, width: int, states: Callable[[Site, Page], None]) -> None:
    states(site, site.open(site.context(width=width, reduced_motion="reduce")))


@WIDTHS
def test_the_dark_page_can_be_read_by_everybody(site: Site, width: int) -> None:
    context = site.context(width=width, reduced_motion="reduce", color_scheme="dark")
    page = context.new_page()
    page.goto(site.address)
    _check(page)
    page.close()
    page = site.open(context)
    _full(site, page)
    _sheets(site, page)


@WIDTHS
def test_the_pages_to_read_can_be_read_by_everybody(site: Site, width: int) -> None:
    context = site.context(width=width)
    context.route("**/onward.js", lambda route: route.abort())  # stay at the calendar
    page = context.new_page()
    for address in ("", "privacy", "calendar", "nothing-here"):
        page.goto(site.address + address)
        _check(page)
