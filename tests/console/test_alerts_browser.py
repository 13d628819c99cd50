"""The page of the chain and the roads, and the alarm's end, in a real browser."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from handoff.kinds import AlertRoad, CadreRole, Delivery
from handoff.models import Alert, Cadre, ChainEnd, Conversation
from handoff.wakeups import Topic, bulletin
from tests.alarms import set_roads
from tests.console.conftest import PASSWORD, Desk
from tests.console.test_alerts import _end, _failed
from tests.console.test_browser import address, browser, complaints, context

__all__ = ["address", "browser", "complaints", "context"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(context: BrowserContext, desk: Desk, complaints: list[str]) -> Page:
    """A supervisor on duty, on the list."""
    lead = desk.cadre("zhuguan", role=CadreRole.SUPERVISOR, display_name="周主管")
    Cadre.objects.filter(pk=lead.pk).update(on_duty=True, seen_at=timezone.now(), mail="lead@union.test")
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.goto("/console/")
    page.fill("#id_username", "zhuguan")
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    expect(page.locator("#queue")).to_be_visible()
    return page


def test_a_trial_shows_its_outcome_by_itself(page: Page, settings: Settings, complaints: list[str]) -> None:
    set_roads(settings)
    page.click(".menu summary")
    page.click("text=警报和提醒")
    page.click("#try-mail")
    expect(page.locator("#roads")).to_contain_text("正在发……")
    expect(page.locator("#try-mail")).to_be_disabled()
    now = timezone.now()
    Alert.objects.update(delivery=Delivery.FAILED, reason="auth", attempts=1, changed_at=now)
    expect(page.locator("#roads")).to_contain_text("没发出去：邮箱账号或密码不对", timeout=8_000)
    assert complaints == []


def test_the_end_of_the_chain_is_recorded_and_appears_on_the_card_of_an_alarm(
    page: Page, desk: Desk, complaints: list[str]
) -> None:
    page.goto("/console/alerts")
    page.fill("#id_name", "市心理援助热线")
    page.fill("#id_phone", "0531-12345678")
    page.fill("#id_agreed_on", "2026-11-01")
    page.click("#save-end")
    expect(page.locator(".chain-end")).to_contain_text("0531-12345678")
    assert ChainEnd.objects.get().name == "市心理援助热线"
    talk = desk.crisis()
    expect(page.locator(f"#alarm-{talk.pk}")).to_be_visible()
    expect(page.locator(".alarm-phone")).to_have_count(0)
    Conversation.objects.filter(pk=talk.pk).update(alarm_step=3)
    bulletin.publish(Topic.QUEUE, talk.pk)
    expect(page.locator(".alarm-phone")).to_have_attribute("href", "tel:053112345678")
    assert complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_runs_over_the_edge_and_what_is_pressed_is_large(
    page: Page, desk: Desk, settings: Settings, width: int
) -> None:
    set_roads(settings)
    _end(desk)
    _failed(desk, AlertRoad.MAIL, "no_connection")
    Conversation.objects.filter(pk=desk.crisis().pk).update(alarm_step=3)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/console/alerts")
    expect(page.locator("#road-strip")).to_contain_text("邮件提醒发不出去")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for target in page.locator("main button:visible, main summary:visible, .alarm-phone, .strip-link").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44
