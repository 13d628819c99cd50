"""How the page looks is the worker's choice: size of the letters, light or dark, nothing that moves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.channels.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DARK, LIGHT = "rgb(29, 26, 24)", "rgb(251, 247, 240)"


def _size(page: Page, selector: str) -> float:
    return float(page.locator(selector).evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)"))


def _choose(page: Page, words: str) -> None:
    page.locator("#all-settings").click()
    page.get_by_role("radio", name=words, exact=True).check(force=True)
    page.locator("#settings [data-close]").click()


def test_larger_letters_make_larger_buttons_and_stay_chosen_everywhere(site: Site) -> None:
    context = site.context()
    page, other = site.open(context), site.open(context)
    before, button = _size(page, "#send"), page.locator("#send").bounding_box()
    _choose(page, "最大")
    assert _size(page, "#send") == pytest.approx(before * 1.5)
    assert page.locator("#send").bounding_box()["height"] > button["height"] * 1.4  # type: ignore[index]
    expect(other.locator("html")).to_have_attribute("data-size", "largest")
    page.reload()
    page.locator("#all-settings").click()
    expect(page.get_by_role("radio", name="最大", exact=True)).to_be_checked()
    page.goto(site.address + "privacy")
    expect(page.locator("html")).to_have_attribute("data-size", "largest")
    _choose(other, "标准")
    assert _size(other, "#send") == pytest.approx(before)


@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 740), (1280, 860)])
def test_the_largest_letters_fit_and_the_box_stays_in_reach(site: Site, width: int, height: int) -> None:
    page = site.open(site.context(width=width))
    page.set_viewport_size({"width": width, "height": height})
    _choose(page, "最大")
    site.says("答" * 300, buttons=[{"title": "长" * 30, "payload": "/a"}])
    expect(page.locator(".message.engine:not(#greeting)")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('#scroll').scrollWidth") <= width
    talk, box = page.locator("#scroll").bounding_box(), page.locator("#box").bounding_box()
    assert talk is not None
    assert box is not None
    assert talk["height"] >= height * 0.25
    assert box["width"] >= 150
    for each in page.locator(".strip a:visible, .leave:visible, .top button:visible, #send").all():
        assert each.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1"), each.inner_text()


def test_dark_and_light_can_be_chosen_against_the_telephones_own(site: Site) -> None:
    page = site.open(site.context(color_scheme="light"))
    body = page.locator("body.chat-page main.chat")
    expect(body).to_have_css("background-color", LIGHT)
    _choose(page, "深色")
    expect(body).to_have_css("background-color", DARK)
    assert page.locator("meta[name='color-scheme']").get_attribute("content") == "dark"
    page.reload()
    expect(body).to_have_css("background-color", DARK)
    _choose(page, "自动")
    expect(body).to_have_css("background-color", LIGHT)
    page.emulate_media(color_scheme="dark")
    expect(body).to_have_css("background-color", DARK)
    _choose(page, "浅色")
    expect(body).to_have_css("background-color", LIGHT)


def test_nothing_moves_for_whom_movement_is_too_much(site: Site) -> None:
    page = site.open(site.context(reduced_motion="reduce"))
    site.write(page, "问")
    site.says("答")
    expect(page.locator(".message.engine:not(#greeting)")).to_have_count(1)
    assert page.evaluate("document.getAnimations().length") == 0
    moving = "[...document.querySelectorAll('*')].some((one) => getComputedStyle(one).transitionDuration !== '0s')"
    assert not page.evaluate(moving)


def test_the_page_works_where_nothing_can_be_kept(site: Site) -> None:
    context = site.context()
    context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new Error('off'); } });"
    )
    page = site.open(context)
    _choose(page, "大")
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    site.write(page, "没有存储也能说")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
