"""The whole story in two real browsers: a cited answer, a worker in despair, a cadre who takes over and gives back."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.served import PASSWORD, Served, served

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "prove" / "pictures"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUESTION = "老板拖欠工资两个月了怎么办"
DESPAIR = "我不想活了"
WORKER_LINES = ("我叫刘建国，在城南工地", "电话一三八零零一三八零零零")
CADRE_LINES = ("刘师傅，我是王敏，我在听", "您先坐下，喝口水，慢慢说")
QUESTION_AFTER = "年休假有几天"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("story") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


def _worker_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address + "/")
    page.get_by_role("button", name="知道了，开始").click()
    return page


def _cadre_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address + "/console/")
    page.get_by_label("账号").fill("admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="上岗").click()
    expect(page.get_by_text("您在岗")).to_be_visible()
    return page


def _write(page: Page, text: str) -> None:
    page.locator("#box").fill(text)
    page.locator("#send").click()


def _said(page: Page, kind: str) -> Locator:
    return page.locator(f"#talk .message.{kind}:not(#greeting)")


def _picture(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png")


def _reply(console: Page, text: str) -> None:
    console.locator("#reply-text").fill(text)
    console.locator("#send").click()
    expect(console.locator("#reply-text")).to_have_value("")


def test_from_a_question_to_a_cadre_and_back(server: Served, browser: Browser) -> None:
    phone = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)  # type: ignore[arg-type]
    laptop = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    worker, console = _worker_page(phone, server.address), _cadre_page(laptop, server.address)
    _picture(console, "console-empty-desk")

    _asks_and_opens_the_article(worker)
    _despairs(worker, console)
    _is_taken_over(worker, console)
    _is_given_back(worker, console)
    phone.close()
    laptop.close()
    server.stop()
    _nothing_typed_is_readable(server.home)


def _asks_and_opens_the_article(worker: Page) -> None:
    _write(worker, QUESTION)
    answer = _said(worker, "engine").last
    expect(answer.locator("details.cite").first).to_be_visible(timeout=15_000)
    citation = answer.locator("details.cite").first
    citation.locator("summary").click()
    expect(citation).to_contain_text("第")
    assert len(citation.inner_text()) > 40, "the article's text is not there"
    _picture(worker, "chat-phone")


def _despairs(worker: Page, console: Page) -> None:
    heading = console.locator("#alarms .alarm")
    expect(heading).to_have_count(0)
    _write(worker, DESPAIR)
    began = time.monotonic()
    words = _said(worker, "fixed").last
    expect(words).to_contain_text("12356", timeout=1_000)
    expect(words).to_contain_text("110")
    expect(heading).to_have_count(1, timeout=max(1, (began + 2 - time.monotonic()) * 1000))
    _picture(worker, "chat-crisis-phone")
    _picture(console, "console-desk")
    console.set_viewport_size(PHONE)  # type: ignore[arg-type]
    _picture(console, "console-phone")
    console.set_viewport_size(DESK)  # type: ignore[arg-type]


def _is_taken_over(worker: Page, console: Page) -> None:
    console.get_by_role("button", name="我看到了").click()
    expect(console.locator("#alarms .alarm")).to_have_count(0)
    console.locator("#queue .row a").first.click()
    engine_before = _said(worker, "engine").count()
    fixed_before = _said(worker, "fixed").count()
    console.get_by_role("button", name="接管").click()
    expect(_said(worker, "fixed")).to_have_count(fixed_before + 1)
    for cadre_line, worker_line in zip(CADRE_LINES, WORKER_LINES, strict=True):
        _reply(console, cadre_line)
        expect(_said(worker, "cadre").last).to_contain_text(cadre_line, timeout=3_000)
        _write(worker, worker_line)
        expect(console.locator("#messages")).to_contain_text(worker_line, timeout=3_000)
    assert _said(worker, "engine").count() == engine_before, "the bot spoke over a cadre"
    assert _said(worker, "fixed").count() == fixed_before + 1
    _picture(worker, "chat-held-phone")
    _picture(console, "console-talk-desk")


def _is_given_back(worker: Page, console: Page) -> None:
    console.locator("#finish > summary").click()
    console.locator("#close-phone").fill("13800138000")
    console.locator("#close-when").fill("明天下午")
    console.locator("#outcome").select_option("safe")
    console.locator("#close").click()
    expect(worker.locator("#talk")).to_contain_text("您随时可以在这里写", timeout=3_000)
    before = _said(worker, "engine").count()
    _write(worker, QUESTION_AFTER)
    expect(_said(worker, "engine")).to_have_count(before + 1, timeout=15_000)
    _picture(worker, "chat-released-phone")
    worker.set_viewport_size(DESK)  # type: ignore[arg-type]
    _picture(worker, "chat-desk")


def _nothing_typed_is_readable(home: Path) -> None:
    """Neither in a dump of the database, nor in its raw pages, nor in any log or output."""
    typed = (QUESTION, DESPAIR, QUESTION_AFTER, *WORKER_LINES, *CADRE_LINES, "刘建国", "刘师傅")
    with sqlite3.connect(home / "niangjia.sqlite3") as database:
        dump = "\n".join(database.iterdump()).encode()
    assert b"handoff_message" in dump
    for path in [home / "dump", *home.rglob("*")]:
        content = dump if path.name == "dump" else path.read_bytes() if path.is_file() else b""
        for words in typed:
            assert words.encode() not in content, f"{words} can be read in {path.name}"
            assert words.encode().hex().upper().encode() not in content, f"{words} can be read in {path.name} (hex)"
