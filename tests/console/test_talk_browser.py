# ruff: noqa: F811  (fixtures are imported and taken as arguments)
"""A talk's page in a real browser: nothing typed is lost, nothing is sent by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from handoff import suggestions
from handoff.desk import claim_chat
from handoff.kinds import MessageKind
from handoff.models import Cadre, CannedReply, Conversation, Message, Note
from handoff.screening.levels import Category, Level
from handoff.suggestions import Suggestion
from handoff.together import consult
from tests.console.conftest import Desk, screen, signed_in
from tests.console.test_browser import (  # noqa: F401  fixtures
    address,
    browser,
    complaints,
    context,
    page,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# How soon news arrives is measured elsewhere; here only that it does.
LONG_MS = 15_000


class OneAnswer:
    """Has one answer for everything."""

    def suggest(self, question: str, *, today: date) -> tuple[Suggestion, ...]:
        return (Suggestion("怎么要工资？", "可以向劳动监察投诉。", ()),)


@pytest.fixture
def one_answer() -> Iterator[None]:
    before = suggestions._Registered.suggester
    suggestions.register(OneAnswer())
    yield
    suggestions._Registered.suggester = before


def cadre_words(talk: Conversation) -> list[str]:
    return [message.body for message in Message.objects.filter(conversation=talk, kind=MessageKind.CADRE)]


@pytest.mark.parametrize("width", [390, 1280])
def test_picked_words_go_into_the_box_to_be_changed_and_are_not_sent_by_themselves(
    desk: Desk,
    page: Page,
    wang: Cadre,
    one_answer: None,
    complaints: list[str],
    width: int,
) -> None:
    CannedReply.objects.create(organisation=desk.union, title="打招呼", text="您好，我在。", changed_at=desk.now)
    talk = desk.waiting("老板不发工资")
    claim_chat(talk.pk, wang, now=timezone.now())
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/console/talk/{talk.pk}")
    page.click("#canned-list > summary")
    page.click("text=打招呼")
    expect(page.locator("#reply-text")).to_have_value("您好，我在。")
    card = page.locator("#suggestions-card")
    if card.get_attribute("open") is None:
        card.locator("summary").first.click()
    page.click("#find-suggestions")
    page.click("#insert-1")
    expect(page.locator("#reply-text")).to_have_value("您好，我在。\n可以向劳动监察投诉。")
    assert cadre_words(talk) == []
    page.fill("#reply-text", "您好，可以向劳动监察投诉。")
    page.click("#send")
    expect(page.locator("#messages .line-cadre")).to_have_count(1, timeout=LONG_MS)
    assert cadre_words(talk) == ["您好，可以向劳动监察投诉。"]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert complaints == []


def test_a_keystroke_holds_the_desks_words_back_and_one_key_sends_them(
    desk: Desk,
    page: Page,
    wang: Cadre,
    complaints: list[str],
) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=timezone.now())
    page.goto(f"/console/talk/{talk.pk}")
    page.fill("#reply-text", "我在")
    desk.hears(talk, "我不想活了", at=timezone.now(), finding=screen(Level.CRISIS, Category.SELF_HARM))
    expect(page.locator("#due")).to_be_visible(timeout=LONG_MS)
    expect(page.locator("#send-words")).to_be_visible()
    Conversation.objects.filter(pk=talk.pk).update(words_due_at=timezone.now() + timedelta(seconds=30))
    with page.expect_response("**/typing") as answer:
        page.locator("#reply-text").press_sequentially("，您说")
    assert answer.value.status == 204
    due = Conversation.objects.get(pk=talk.pk).words_due_at
    assert due is not None
    assert due > timezone.now() + timedelta(seconds=50)
    page.keyboard.press("F9")
    expect(page.locator("#due")).to_be_hidden(timeout=LONG_MS)
    expect(page.locator("#reply-text")).to_have_value("我在，您说")
    assert Message.objects.filter(conversation=talk, words_name="self").count() == 1
    assert complaints == []


def test_a_form_half_filled_outlives_what_colleagues_do_meanwhile(
    desk: Desk,
    page: Page,
    wang: Cadre,
    li: Cadre,
) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=timezone.now())
    page.goto(f"/console/talk/{talk.pk}")
    page.click("#more > summary")
    page.click("#act-note > summary")
    page.fill("#note", "单位是青山建筑")
    consult(talk.pk, li, wang, "要我帮忙吗", now=timezone.now())
    signed_in(li).post(f"/console/talk/{talk.pk}/flags", {"flag": "a_woman"})
    expect(page.locator(".wishes")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_text("要我帮忙吗")).to_be_visible()
    expect(page.locator("#note")).to_have_value("单位是青山建筑")
    expect(page.locator("#note")).to_be_focused()
    page.click("#save-note")
    expect(page.locator("#messages .note").last).to_contain_text("单位是青山建筑")
    assert Note.objects.count() == 2


def test_a_colleague_who_opens_the_talk_is_seen_at_once(desk: Desk, page: Page, li: Cadre) -> None:
    talk = desk.waiting()
    page.goto(f"/console/talk/{talk.pk}")
    signed_in(li).get(f"/console/talk/{talk.pk}")
    expect(page.get_by_text("李强也在看")).to_be_visible(timeout=LONG_MS)


def test_a_refused_act_can_be_reloaded_without_being_sent_again(desk: Desk, page: Page, wang: Cadre) -> None:
    talk = desk.crisis()
    claim_chat(talk.pk, wang, now=timezone.now())
    page.goto(f"/console/talk/{talk.pk}")
    page.click("#finish > summary")
    page.select_option("#outcome", "safe")
    page.fill("#close-when", "下午")
    page.click("#close")
    expect(page.locator("#refused")).to_contain_text("请先问他明天能不能打电话")
    expect(page.locator("#close-when")).to_have_value("下午")
    assert page.url.endswith(f"/talk/{talk.pk}")
    page.reload()
    expect(page.locator("#reply-text")).to_be_visible()
    expect(page.locator("#refused")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_taking_over_needs_no_scrolling(desk: Desk, page: Page, width: int) -> None:
    talk = desk.crisis("我不想活了", "真的")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/console/talk/{talk.pk}")
    page.evaluate("window.scrollTo(0, 0)")
    box = page.locator("#claim").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    page.click("#claim")
    expect(page.locator("#reply-text")).to_be_in_viewport()
    expect(page.locator("#messages > li").last).to_be_in_viewport()
