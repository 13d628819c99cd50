"""The chat page under faults, in a real Chromium: cut networks, dead streams, reloads, sleeping phones, the back button."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections
from playwright.sync_api import Page, Route, expect

from handoff.models import Attachment
from tests import samples
from tests.channels.site import Site
from tests.fakes.dialogue import FakeDialogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE_AND_DESK = pytest.mark.parametrize("width", [360, 1280])
PICTURE = {"name": "工资条.jpg", "mimeType": "image/jpeg", "buffer": samples.JPEG}
# A stream that dies without a word, as a phone's does while it sleeps.
DEAF_ON_DEMAND = """
window.streams = [];
window.EventSource = class extends EventSource {
  constructor(address) { super(address); window.streams.push(this); }
  addEventListener(name, handle) { super.addEventListener(name, (event) => this.isDead || handle(event)); }
};
"""


def _says_of_its_network(page: Page, *, online: bool, aloud: bool = True) -> None:
    """What the phone knows, and aloud: what it tells the page. The stream itself lives on."""
    page.evaluate(
        """([online, aloud]) => {
          Object.defineProperty(navigator, "onLine", { get: () => online, configurable: true });
          if (aloud) window.dispatchEvent(new Event(online ? "online" : "offline"));
        }""",
        [online, aloud],
    )


@contextmanager
def _answering(site: Site) -> Iterator[threading.Event]:
    """A turn is under way until the event is set; it has ended and its answer is delivered when this is left."""
    go_on, begun = threading.Event(), threading.Event()
    dialogue = site.desk.desk.parts.dialogue
    assert isinstance(dialogue, FakeDialogue)
    dialogue.before = lambda: (begun.set(), go_on.wait(20))[0]

    def turn() -> None:
        try:
            site.answers()
        finally:
            connections.close_all()

    thread = threading.Thread(target=turn)
    thread.start()
    assert begun.wait(20)
    try:
        yield go_on
    finally:
        go_on.set()
        thread.join()


def _answers(page: Page) -> list[str]:
    return page.locator(".message.engine:not(#greeting) .words").all_inner_texts()


@PHONE_AND_DESK
def test_a_reload_in_the_middle_of_an_answer_shows_it_once(site: Site, width: int) -> None:
    page = site.open(site.context(width=width))
    site.write(page, "拖欠工资怎么办")
    expect(page.locator("#thinking")).to_be_visible()
    with _answering(site) as go_on:
        page.reload()
        expect(page.locator("#thinking")).to_be_visible()
        go_on.set()
        expect(page.locator(".message.engine:not(#greeting)")).to_have_count(1)
    expect(page.locator("#thinking")).to_be_hidden()
    assert site.said(page) == ["拖欠工资怎么办", "answer to 拖欠工资怎么办"]
    assert site.stored() == 1


@PHONE_AND_DESK
def test_a_network_cut_in_the_middle_of_an_answer_loses_and_doubles_nothing(site: Site, width: int) -> None:
    context = site.context(width=width)
    page = site.open(context)
    site.write(page, "一")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    with _answering(site):
        context.set_offline(True)
        expect(page.locator("#banner")).to_contain_text("网络断了")
        site.write(page, "二")
    context.set_offline(False)
    expect(page.locator("#banner")).to_be_hidden(timeout=10_000)
    expect(page.locator(".message.pending")).to_have_count(0, timeout=10_000)
    site.answers()
    expect(page.locator(".message.engine:not(#greeting)")).to_have_count(2)
    assert site.said(page) == ["一", "answer to 一", "二", "answer to 二"]
    assert site.stored() == 2


def test_a_stream_that_outlives_a_cut_takes_the_banner_away_when_it_speaks(site: Site) -> None:
    page = site.open(site.context())
    site.write(page, "一")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    _says_of_its_network(page, online=False)
    expect(page.locator("#banner")).to_be_visible()
    _says_of_its_network(page, online=True, aloud=False)
    site.says("还连着")
    expect(page.locator(".message.engine:not(#greeting)")).to_have_count(1)
    expect(page.locator("#banner")).to_be_hidden()


def test_a_network_that_comes_back_in_the_millisecond_of_a_message_is_connected_anew(site: Site) -> None:
    page = site.open(site.context())
    site.write(page, "一")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    page.evaluate("const now = Date.now(); Date.now = () => now")
    site.says("就在这时")
    expect(page.locator(".message.engine:not(#greeting)")).to_have_count(1)
    _says_of_its_network(page, online=False)
    expect(page.locator("#banner")).to_be_visible()
    with page.expect_request("**/chat/stream*"):
        _says_of_its_network(page, online=True)
    expect(page.locator("#banner")).to_be_hidden()


@PHONE_AND_DESK
def test_two_tabs_over_a_bad_line_show_each_message_once(site: Site, width: int) -> None:
    context = site.context(width=width)
    one, two = site.open(context), site.open(context)
    lost: list[int] = []

    def lose_each_first_answer(route: Route) -> None:
        if len(lost) % 2:
            lost.append(0)
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    context.route("**/chat/messages", lose_each_first_answer)
    site.write(one, "甲")
    site.write(two, "乙")
    site.write(one, "丙")
    for page in (one, two):
        expect(page.locator(".message.worker .state", has_text="已收到")).to_have_count(3, timeout=10_000)
        assert sorted(site.said(page)) == sorted("甲乙丙")
    assert site.said(one) == site.said(two)
    assert site.stored() == 3


def test_a_phone_that_slept_catches_up_when_it_wakes(site: Site) -> None:
    context = site.context()
    context.add_init_script(DEAF_ON_DEMAND)
    context.clock.install()
    page = site.open(context)
    page.evaluate("window.streams.forEach((stream) => (stream.isDead = true))")
    site.says("睡着时说的")
    page.clock.fast_forward(600_000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".message.engine:not(#greeting)")).to_have_count(1)
    site.says("醒来后说的")
    expect(page.locator(".message.engine:not(#greeting)")).to_have_count(2)
    assert _answers(page) == ["睡着时说的", "醒来后说的"]


def test_a_stream_that_is_held_back_on_the_way_is_replaced_by_asking(site: Site) -> None:
    context = site.context()
    context.route("**/chat/stream*", lambda route: None)  # never answered, never refused
    page = site.open(context)
    site.write(page, "没有流")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    site.answers()
    expect(page.locator(".message.engine:not(#greeting)")).to_have_count(1, timeout=10_000)
    expect(page.locator("#banner")).to_be_hidden()
    assert site.said(page) == ["没有流", "answer to 没有流"]


def test_a_browser_without_event_streams_asks_and_hears_that_the_talk_has_ended(site: Site) -> None:
    context = site.context()
    context.add_init_script("delete window.EventSource")
    one, two = site.open(context), site.open(context)
    site.write(one, "老浏览器")
    expect(one.locator(".message.worker .state")).to_have_text("已收到")
    site.answers()
    for page in (one, two):
        expect(page.locator(".message.engine:not(#greeting)")).to_have_count(1, timeout=10_000)
        assert site.said(page) == ["老浏览器", "answer to 老浏览器"]
    one.locator("#clear").click()
    one.locator("#clear-now").click()
    expect(two.locator("#over")).to_contain_text("已经收起来了", timeout=10_000)
    assert "老浏览器" not in two.locator("body").inner_text()


def test_a_page_kept_for_the_back_button_keeps_no_words_and_has_them_all_when_it_comes_back(site: Site) -> None:
    page = site.open(site.context())
    page.route(
        "**/chat/messages",
        lambda route: route.abort() if "路上" in (route.request.post_data or "") else route.continue_(),
    )
    site.write(page, "说过的话")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    site.write(page, "还在路上")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert site.said(page) == []
    site.says("离开时说的")
    page.unroute("**/chat/messages")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator(".message.worker .state", has_text="已收到")).to_have_count(2, timeout=10_000)
    assert site.said(page) == ["说过的话", "离开时说的", "还在路上"]
    assert site.stored() == 2


def test_what_was_refused_is_back_in_the_box_after_a_reload(site: Site) -> None:
    page = site.open(site.context())
    page.route("**/chat/messages", lambda route: route.fulfill(status=403, body="{}"))
    site.write(page, "页面放久了才写的")
    expect(page.locator(".message.worker .state")).to_contain_text("请刷新再发")
    page.unroute("**/chat/messages")
    page.reload()
    expect(page.locator("#box")).to_have_value("页面放久了才写的")
    expect(page.locator(".message.worker")).to_have_count(0)
    page.locator("#send").click()
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    page.reload()
    expect(page.locator(".message.worker")).to_have_count(1)
    expect(page.locator("#box")).to_have_value("")


def test_a_picture_cut_off_by_a_reload_is_said_to_be_missing_until_it_is_chosen_again(site: Site) -> None:
    page = site.open(site.context())
    page.route("**/chat/files", lambda route: None)
    page.locator("#file").set_input_files(PICTURE)
    site.write(page, "请看这张")
    expect(page.locator(".message.worker.pending .file")).to_have_count(1)
    page.reload()
    page.unroute_all(behavior="ignoreErrors")
    cut_off = page.locator(".message.worker")
    expect(cut_off.locator(".state")).to_contain_text("还没有传完")
    expect(cut_off.locator(".file")).to_have_text("文件：工资条.jpg")
    cut_off.get_by_role("button", name="放回去改").click()
    expect(page.locator("#box")).to_have_value("请看这张")
    page.locator("#file").set_input_files(PICTURE)
    page.locator("#send").click()
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    assert Attachment.objects.count() == 1


def test_a_picture_that_was_stored_all_the_same_is_not_said_to_be_missing(site: Site) -> None:
    page = site.open(site.context())
    page.route("**/chat/files", lambda route: route.fetch() and None)  # stored; the answer never comes
    page.locator("#file").set_input_files(PICTURE)
    with page.expect_request("**/chat/files"):
        page.locator("#send").click()
    expect(page.locator(".message.worker .file")).to_have_text("图片：工资条.jpg")
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.locator(".message.worker .file")).to_have_text("图片：工资条.jpg")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    assert Attachment.objects.count() == 1


def test_files_sent_very_fast_wait_here_and_go_by_themselves(site: Site) -> None:
    page = site.open(site.context())
    told: list[int] = []

    def too_fast_once(route: Route) -> None:
        if told:
            route.continue_()
            return
        told.append(429)
        route.fulfill(status=429, headers={"Retry-After": "1"}, json={"code": "many_files", "words": "先排着"})

    page.route("**/chat/files", too_fast_once)
    page.locator("#file").set_input_files(PICTURE)
    page.locator("#send").click()
    expect(page.locator(".message.worker .state")).to_have_text("先排着")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    assert Attachment.objects.count() == 1


def test_a_page_whose_scripts_did_not_come_says_so(site: Site) -> None:
    context = site.context()
    context.clock.install()
    page = context.new_page()
    page.route("**/talk.js", lambda route: route.abort())
    page.goto(site.address)
    expect(page.locator("#not-started")).to_be_hidden()
    page.clock.fast_forward(9_000)
    expect(page.locator("#not-started")).to_contain_text("没有加载完整")
    expect(page.locator("#not-started a[href='tel:12351']")).to_be_visible()
