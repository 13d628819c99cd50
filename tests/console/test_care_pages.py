"""Calls, sheets and the broken glass in a real browser: readable and reachable by thumb on a phone."""
# ruff: noqa: F811  (the fixtures are those of the console's other browser tests)

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from handoff.kinds import CadreRole, CallBackState, Flag
from handoff.models import Cadre, CallBack, Case, Conversation
from tests.console.conftest import PASSWORD, Desk
from tests.console.test_browser import address, browser, complaints, context  # noqa: F401
from tests.console.test_care import PHONE, WHY, agreed, collective, dangerous

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALLEST_PX = 44
WIDTHS = (390, 1280)
SMALL = """(least) => [...document.querySelectorAll('main a, main button, main select, main textarea, main summary')]
  .filter((one) => one.offsetParent && one.getBoundingClientRect().height < least).map((one) => one.outerHTML)"""


@pytest.fixture
def page(context: BrowserContext, desk: Desk, complaints: list[str]) -> Page:
    """The duty lead's browser."""
    desk.cadre("chenhong", role=CadreRole.DUTY_LEAD, display_name="陈红")
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto("/console/")
    page.get_by_label("账号").fill("chenhong")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    return page


def fits(page: Page, where: str) -> None:
    """No sideways scrolling, nothing too small for a thumb."""
    page.goto(where)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (where, width)
        assert page.evaluate(SMALL, SMALLEST_PX) == [], (where, width)


def test_every_page_fits_a_phone_and_a_thumb(desk: Desk, page: Page, complaints: list[str]) -> None:
    fits(page, "/console/calls")
    talk, many = dangerous(desk), collective(desk)
    call = agreed(desk, talk, said_as="只说姓，不说工会")
    CallBack.objects.filter(pk=call.pk).update(tried=3)
    Conversation.objects.filter(pk=talk.pk).update(flags=[flag.value for flag in Flag])
    Case.objects.filter(conversation=many).update(opened_at=timezone.now() - timedelta(minutes=45))
    for where in ("calls", f"calls/{call.pk}", f"talk/{talk.pk}/call", f"talk/{talk.pk}/sheet/police"):
        fits(page, f"/console/{where}")
    fits(page, f"/console/talk/{many.pk}/sheet/first")
    expect(page.get_by_text("已超 15分钟，先打电话报告")).to_be_visible()
    assert complaints == []


def test_a_call_is_made_from_the_list_to_its_end(desk: Desk, page: Page) -> None:
    talk = desk.waiting()
    agreed(desk, talk, hours=-0.5)
    page.goto("/console/calls")
    page.get_by_role("link", name=re.compile(talk.number)).click()
    expect(page.get_by_role("link", name=PHONE)).to_have_attribute("href", f"tel:{PHONE}")
    page.get_by_label("说了什么，接下来做什么").fill("下周来补材料")
    page.get_by_role("button", name="打通了").click()
    expect(page.get_by_text("今天没有要打的电话")).to_be_visible()
    assert CallBack.objects.get().state == CallBackState.DONE


def test_the_police_sheet_is_one_page_of_paper(desk: Desk, page: Page, complaints: list[str]) -> None:
    talk = dangerous(desk)
    page.goto(f"/console/talk/{talk.pk}/sheet/police")
    page.get_by_label("发生了什么").fill("有人在楼顶")
    page.get_by_role("button", name="存好").click()
    page.get_by_role("link", name="看一页纸的样子").click()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    pages = re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))
    assert len(pages) == 1
    assert complaints == []


def test_a_lead_breaks_the_glass_from_the_talk(desk: Desk, page: Page) -> None:
    talk = dangerous(desk)
    page.goto(f"/console/talk/{talk.pk}")
    if page.get_by_label("为什么要查").is_hidden():
        page.locator("summary").filter(has_text="紧急查看").click()
    page.get_by_label("为什么要查").fill(WHY)
    page.get_by_role("button", name="紧急查看").click()
    expect(page.get_by_role("link", name=PHONE)).to_be_visible()
    assert Cadre.objects.get(user__username="chenhong").pk == talk.broken_glass.get().confirmed_by_id
