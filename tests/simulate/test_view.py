"""The web view: somebody chats as several people, sees what the platform shows, and switches faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from bot.simulate.view.pages import View
from bot.simulate.wechat.samples import sample
from bot.simulate.wechat.simulator import RunningWechat, new_account, running_wechat
from bot.simulate.wechat.stage import WechatStage
from tests.simulate.desk import SmallDesk, small_desk

LINK = '看：<a href="weixin://bizmsgmenu?msgmenucontent=全文&msgmenuid=7">看全文</a>'
MENU = [{"name": "办事", "sub_button": [{"type": "click", "name": "转人工", "key": "PERSON"}]}]


@dataclass
class Rehearsal:
    desk: SmallDesk
    wechat: RunningWechat
    client: httpx.Client

    def act(self, **form: str) -> httpx.Response:
        return self.client.post("/act", data={"who": "小李"} | form)


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    account = new_account()
    with small_desk(account) as desk, running_wechat(desk.address, account, patience_s=1) as wechat:
        desk.answer = lambda message: LINK
        wechat.platform.menu = MENU
        View(WechatStage(wechat.simulator), menu=lambda: wechat.platform.menu or []).add_to(
            wechat.simulator.application
        )
        with httpx.Client(base_url=wechat.api_base) as client:
            yield Rehearsal(desk, wechat, client)


def test_the_page_has_no_script_of_its_own_and_says_so_to_the_browser(rehearsal: Rehearsal) -> None:
    page = rehearsal.client.get("/")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "<script>" not in page.text
    assert "onclick" not in page.text


def test_another_sites_form_is_refused(rehearsal: Rehearsal) -> None:
    refused = rehearsal.client.post(
        "/act", data={"who": "小李", "action": "says", "words": "x"}, headers={"origin": "http://evil.example"}
    )
    assert refused.status_code == 403
    assert rehearsal.desk.messages == []


def test_words_on_the_screen_are_never_markup(rehearsal: Rehearsal) -> None:
    rehearsal.desk.answer = lambda message: "<script>alert(1)</script>"
    rehearsal.wechat.say("小李", "<img src=x>")
    page = rehearsal.client.get("/screen", params={"who": "小李"}).text
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("form", [{}, {"action": "says"}, {"action": "dance"}, {"action": "sends", "words": "cake"}])
def test_a_form_that_is_not_right_does_nothing(rehearsal: Rehearsal, form: dict[str, str]) -> None:
    assert rehearsal.act(**form).status_code == 400


def test_a_file_of_the_operators_own_is_sent(rehearsal: Rehearsal) -> None:
    rehearsal.client.post("/upload", data={"who": "小李"}, files={"file": ("a.png", sample("picture"), "image/png")})
    while not rehearsal.desk.messages:
        pass
    assert rehearsal.desk.messages[0].type == "image"


@pytest.fixture
def page(rehearsal: Rehearsal) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.goto(rehearsal.wechat.api_base)
        yield page
        browser.close()


@pytest.mark.browser
def test_somebody_chats_taps_and_switches(rehearsal: Rehearsal, page: Page) -> None:
    page.get_by_label("小李 说").fill("你好")
    page.get_by_label("小李 说").press("Enter")
    page.locator(".theirs").get_by_role("button", name="看全文").click()
    expect(page.locator(".own")).to_have_count(2)
    expect(page.locator(".own").last).to_contain_text("全文")
    page.locator("summary", has_text="办事").click()
    page.get_by_role("button", name="转人工").click()
    expect(page.locator(".theirs")).to_have_count(3)
    assert [getattr(one, "key", "") for one in rehearsal.desk.messages][-1] == "PERSON"
    page.get_by_role("button", name="取消关注", exact=True).click()
    expect(page.locator(".standing")).to_have_text("没有关注")
    page.get_by_role("button", name="同一条推送两次").click()
    expect(page.get_by_role("button", name="同一条推送两次")).to_have_attribute("aria-pressed", "true")
    assert [fault.kind.value for fault in rehearsal.wechat.faults.active] == ["push_duplicate"]
    page.get_by_role("button", name="同一条推送两次").click()
    expect(page.get_by_role("button", name="同一条推送两次")).to_have_attribute("aria-pressed", "false")
    page.get_by_label("换一个人").fill("老王")
    page.get_by_role("button", name="去").click()
    expect(page.get_by_label("老王 说")).to_be_visible()
    expect(page.locator(".own")).to_have_count(0)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
