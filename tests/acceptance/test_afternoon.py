"""One scripted afternoon in Chromium: five cadres, twenty workers; nothing is lost, nothing crosses over."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.served import Served, served

pytestmark = [pytest.mark.browser, pytest.mark.prove]

PICTURES = Path(__file__).parents[2] / "prove" / "pictures"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PASSWORD = re.compile(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}")
WITHIN_MS = 60_000

CADRES = {
    "wangmin": ("王敏", ["--role", "duty_lead", "--reads-crisis"]),
    "liqiang": ("李强", ["--department", "rights"]),
    "zhoulan": ("周兰", ["--department", "women", "--woman"]),
    "chenfa": ("陈法", ["--department", "legal"]),
    "laowu": ("老吴", ["--department", "discipline"]),
}
# What a worker says first, and who takes the talk (nobody: the desk answers).
AFTERNOON = [
    *[("老板拖欠工资两个月了怎么办", None)] * 4,
    *[("年休假有几天", None)] * 3,
    *[("转人工", "wangmin")] * 4,
    *[("我不想活了", "wangmin")] * 2,
    *[("主管对我动手动脚", "zhoulan")] * 2,
    *[("我们大家都没拿到工资，准备停工", "liqiang")] * 3,
    *[("我要举报工会干部贪污会费", "laowu")] * 2,
]


@dataclass
class Seat:
    """A worker's page with what was typed there and what must be read there."""

    token: str
    page: Page
    number: int
    cadre: str | None
    typed: list[str] = field(default_factory=list)
    due: list[str] = field(default_factory=list)

    def writes(self, text: str) -> None:
        """Type and send."""
        self.typed.append(text)
        self.page.locator("#box").fill(text)
        self.page.locator("#send").click()
        expect(self.page.locator("#talk .message.worker").last).to_contain_text(text, timeout=WITHIN_MS)

    def said(self, kind: str) -> Locator:
        """What the page shows of one kind."""
        return self.page.locator(f"#talk .message.{kind}:not(#greeting)")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("afternoon") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


def _consoles(server: Served, browser: Browser) -> dict[str, Page]:
    consoles = {}
    for name, (display_name, options) in CADRES.items():
        output = server.command("cadre", "add", name, "--display-name", display_name, *options)
        password = PASSWORD.search(output)
        assert password is not None, output
        page = browser.new_context(viewport=LAPTOP).new_page()  # type: ignore[arg-type]
        page.goto(server.address + "/console/")
        page.get_by_label("账号").fill(name)
        page.get_by_label("密码").fill(password[0])
        page.get_by_role("button", name="登录").click()
        page.get_by_role("button", name="上岗").click()
        expect(page.get_by_text("您在岗")).to_be_visible()
        consoles[name] = page
    return consoles


def _seats(server: Served, browser: Browser) -> list[Seat]:
    seats = []
    for place, (_, cadre) in enumerate(AFTERNOON):
        page = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
        page.goto(server.address + "/")
        with page.expect_response("**/chat/begin") as begun:
            page.get_by_role("button", name="知道了，开始").click()
        assert begun.value.status == 201
        seats.append(Seat(f"甲{place:02d}乙", page, _newest_talk(server), cadre))
    return seats


def _newest_talk(server: Served) -> int:
    with sqlite3.connect(server.home / "niangjia.sqlite3", timeout=30) as database:
        return int(database.execute("SELECT max(id) FROM handoff_conversation").fetchone()[0])


def _claims(server: Served, console: Page, seat: Seat) -> None:
    console.goto(f"{server.address}/console/")
    console.locator(f"#open-{seat.number}, #alarm-open-{seat.number}").first.click()
    console.locator("#claim").click()
    expect(console.locator("#reply-text")).to_be_visible()


def _replies(server: Served, console: Page, seat: Seat, text: str) -> None:
    words = f"{text}{seat.token}"
    console.goto(f"{server.address}/console/talk/{seat.number}")
    console.locator("#reply-text").fill(words)
    console.locator("#send").click()
    expect(console.locator("#reply-text")).to_have_value("", timeout=WITHIN_MS)
    seat.due.append(words)
    expect(seat.said("cadre").last).to_contain_text(words, timeout=WITHIN_MS)


def test_an_afternoon(server: Served, browser: Browser) -> None:
    consoles, seats = _consoles(server, browser), _seats(server, browser)
    for seat, (text, _) in zip(seats, AFTERNOON, strict=True):
        seat.writes(text)
    for console in consoles.values():
        console.goto(f"{server.address}/console/")
    consoles["wangmin"].screenshot(path=PICTURES / "afternoon-queue-desk.png")
    served_by_people = [seat for seat in seats if seat.cadre]
    for seat in served_by_people:
        _claims(server, consoles[str(seat.cadre)], seat)
    for round_ in ("您好，我在看，", "您接着说，"):
        for seat in served_by_people:
            _replies(server, consoles[str(seat.cadre)], seat, round_)
            seat.writes(f"我是{seat.token}，{round_}")
    for seat in seats:
        if seat.cadre is None:
            seat.writes("加班费怎么算")
            expect(seat.said("engine")).to_have_count(2, timeout=WITHIN_MS)
    consoles["wangmin"].goto(f"{server.address}/console/talk/{served_by_people[4].number}")
    consoles["wangmin"].screenshot(path=PICTURES / "afternoon-crisis-desk.png", full_page=True)
    _pass_on(server, consoles, served_by_people)
    _nothing_lost_nothing_crossed(server, seats)
    _only_readers_read(server, consoles, seats)


def _pass_on(server: Served, consoles: dict[str, Page], seats: list[Seat]) -> None:
    """The rights department refers one talk to the legal cadre, who answers; the duty lead gives one back."""
    referred = next(seat for seat in seats if seat.cadre == "liqiang")
    console = consoles["liqiang"]
    console.goto(f"{server.address}/console/talk/{referred.number}")
    _act(console, "refer", department="法律援助")
    _claims(server, consoles["chenfa"], referred)
    _replies(server, consoles["chenfa"], referred, "材料我看到了，")
    given_back = next(seat for seat in seats if seat.cadre == "wangmin")
    console = consoles["wangmin"]
    console.goto(f"{server.address}/console/talk/{given_back.number}")
    _act(console, "release")
    expect(given_back.said("fixed").last).to_contain_text("自动助手", timeout=WITHIN_MS)
    before = given_back.said("engine").count()
    given_back.writes("加班费怎么算")
    expect(given_back.said("engine")).to_have_count(before + 1, timeout=WITHIN_MS)


def _act(console: Page, name: str, **chosen: str) -> None:
    """One of the folded acts of the talk's page, with its confirming button."""
    for fold in console.locator(f"details:has(#act-{name}), details:has(#{name})").all():
        if not fold.evaluate("fold => fold.open"):
            fold.locator("summary").first.click()
    for field_name, label in chosen.items():
        console.locator(f"form:has(#{name}) select[name={field_name}]").select_option(label=label)
    console.locator(f"#{name}").click()


def _nothing_lost_nothing_crossed(server: Served, seats: list[Seat]) -> None:
    tokens = {seat.token for seat in seats}
    for seat in seats:
        shown = seat.page.locator("#talk").inner_text()
        for words in (*seat.typed, *seat.due):
            assert words in shown, f"{seat.token}: {words}"
        for words in seat.due:
            assert shown.count(words) == 1, f"{seat.token}: {words} is shown twice"
        assert not [token for token in tokens - {seat.token} if token in shown], f"{seat.token} reads another's words"
    with sqlite3.connect(server.home / "niangjia.sqlite3", timeout=30) as database:
        rows = database.execute(
            "SELECT conversation_id, count(*) FROM handoff_message WHERE kind = 'worker' GROUP BY conversation_id"
        )
        assert dict(rows.fetchall()) == {seat.number: len(seat.typed) for seat in seats}


def _only_readers_read(server: Served, consoles: dict[str, Page], seats: list[Seat]) -> None:
    """Each talk's page as each cadre: those of others' departments and complaints are not there at all."""
    complaint = next(seat for seat in seats if seat.cadre == "laowu")
    crisis = next(seat for seat in seats if "不想活" in seat.typed[0])
    for name, page in consoles.items():
        for seat, readers in ((complaint, {"laowu"}), (crisis, {"wangmin"})):
            response = page.goto(f"{server.address}/console/talk/{seat.number}")
            assert response is not None
            assert response.status == (200 if name in readers else 404), f"{name} on {seat.number}"
