"""The page of the alarm's chain and the roads; the end of the chain on the alarm's card; the strip of dead roads."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from handoff.chain_ends import Partner, record_chain_end
from handoff.kinds import AlertRoad, AuditAction, CadreRole, Delivery
from handoff.models import Alert, AuditRow, Cadre, ChainEnd, Conversation
from tests.alarms import set_roads
from tests.console.conftest import PASSWORD, Desk, signed_in

PAGE = "/console/alerts"
ENTRY = {"name": "市心理援助热线", "phone": "0531-12345678", "mail": "a@b.test", "agreed_on": "2026-11-01"}


@pytest.fixture
def lead(desk: Desk) -> Cadre:
    return desk.cadre("zhuguan", role=CadreRole.SUPERVISOR, display_name="周主管")


@pytest.fixture
def as_lead(lead: Cadre) -> Client:
    return signed_in(lead)


def _end(desk: Desk) -> ChainEnd:
    partner = Partner("市心理援助热线", "0531-12345678", "", date(2026, 11, 1))
    return record_chain_end(desk.union, partner, cadre=None, now=desk.now)


def _failed(desk: Desk, road: AlertRoad, reason: str) -> None:
    Alert.objects.create(
        organisation=desk.union,
        road=road,
        created_at=desk.now,
        due_at=desk.now,
        changed_at=desk.now,
        attempts=6,
        delivery=Delivery.FAILED,
        reason=reason,
    )


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_every_cadre_sees_the_chain_and_only_supervisors_its_form(as_wang: Client, as_lead: Client, desk: Desk) -> None:
    _end(desk)
    for client, edits in ((as_wang, False), (as_lead, True)):
        page = client.get(PAGE).content.decode()
        assert "市心理援助热线" in page
        assert 'href="tel:053112345678"' in page
        assert ("id_phone" in page) is edits


def test_the_chain_names_who_would_be_called_right_now(
    desk: Desk, wang: Cadre, lead: Cadre, as_li: Client, li: Cadre, settings: Settings
) -> None:
    set_roads(settings)
    Cadre.objects.update(reads_crisis=True)
    Cadre.objects.filter(pk__in=[wang.pk, lead.pk]).update(mail="x@union.test")
    Cadre.objects.filter(pk=li.pk).update(on_duty=True, seen_at=timezone.now())
    page = _words(as_li.get(PAGE).content.decode())
    steps = re.search(r"马上 (.*) 2分钟没有人应 (.*) 5分钟没有人应 (.*) 8分钟没有人应 (.*) 提醒走哪几条路", page)
    assert steps is not None, page
    assert "李强 页面会响" in steps[1]
    assert "王敏 发邮件" in steps[2]
    assert "周主管 发邮件" in steps[3]
    assert "还没有登记" in steps[4]


def test_a_step_without_people_says_so_and_the_end_comes_at_five_minutes(
    desk: Desk, as_li: Client, li: Cadre, settings: Settings
) -> None:
    set_roads(settings, wecom=False)
    Cadre.objects.filter(pk=li.pk).update(on_duty=True, seen_at=timezone.now())
    page = _words(as_li.get(PAGE).content.decode())
    assert page.count("没有别人可以叫") == 2
    assert "8分钟" not in page


def test_who_cannot_be_reached_is_named(desk: Desk, wang: Cadre, as_li: Client) -> None:
    assert "现在叫不到：" in as_li.get(PAGE).content.decode()
    assert "王敏" in as_li.get(PAGE).content.decode()


def test_a_supervisor_records_the_end_of_the_chain(desk: Desk, lead: Cadre, as_lead: Client) -> None:
    answer = as_lead.post(f"{PAGE}/end", ENTRY, follow=True)
    assert "已经记下" in answer.content.decode()
    end = ChainEnd.objects.get()
    assert (end.organisation, end.phone, end.recorded_by) == (desk.union, "0531-12345678", lead)
    assert AuditRow.objects.get(action=AuditAction.ALERTS).cadre == lead
    as_lead.post(f"{PAGE}/end", ENTRY | {"phone": "12356"})
    assert ChainEnd.objects.get().phone == "12356"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "这里要填"),
        ("name", "长" * 61, "太长了"),
        ("phone", "打给老王", "电话只写数字"),
        ("phone", "1", "电话只写数字"),
        ("mail", "not an address", "邮箱地址不对"),
        ("agreed_on", "昨天", "日期写成"),
        ("agreed_on", "2999-01-01", "不能晚于今天"),
    ],
)
def test_what_is_not_right_is_said_and_what_was_written_stays(
    as_lead: Client, field: str, value: str, words: str
) -> None:
    answer = as_lead.post(f"{PAGE}/end", ENTRY | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert all(written in page for name, written in ENTRY.items() if name != field)
    assert not ChainEnd.objects.exists()


@pytest.mark.parametrize("role", [CadreRole.CADRE, CadreRole.DUTY_LEAD])
def test_nobody_but_a_supervisor_records_the_end(desk: Desk, role: CadreRole) -> None:
    client = signed_in(desk.cadre("other", role=role))
    assert client.post(f"{PAGE}/end", ENTRY).status_code == 403
    assert not ChainEnd.objects.exists()


def test_operators_and_accounts_without_a_role_find_nothing(desk: Desk) -> None:
    operator = signed_in(desk.cadre("weihu", role=CadreRole.OPERATOR))
    get_user_model().objects.create_user(username="nobody", password=PASSWORD)
    nobody = Client()
    nobody.post("/console/sign-in", {"username": "nobody", "password": PASSWORD})
    for client in (operator, nobody):
        for address in ("", "/roads", "/strip"):
            assert client.get(PAGE + address).status_code == 404
        for deed in ("end", "try"):
            assert client.post(f"{PAGE}/{deed}", ENTRY | {"road": "mail"}).status_code == 404


def test_another_unions_end_and_roads_are_not_shown(desk: Desk, elsewhere: Desk, as_wang: Client) -> None:
    _end(elsewhere)
    _failed(elsewhere, AlertRoad.WECOM, "http:500")
    page = as_wang.get(PAGE).content.decode()
    assert "市心理援助热线" not in page
    assert "代码500" not in page


def test_a_road_is_tried_from_the_page_and_its_outcome_shown(
    desk: Desk, wang: Cadre, as_wang: Client, settings: Settings
) -> None:
    set_roads(settings)
    assert "还没有登记邮箱" in as_wang.get(PAGE).content.decode()
    Cadre.objects.filter(pk=wang.pk).update(mail="wang@union.test")
    part = as_wang.post(f"{PAGE}/try", {"road": "mail"}, headers={"HX-Request": "true"}).content.decode()
    assert "正在发" in part
    trial = Alert.objects.get()
    assert (trial.road, trial.address, trial.conversation, trial.cadre) == ("mail", "wang@union.test", None, wang)
    Alert.objects.update(delivery=Delivery.FAILED, reason="auth", attempts=1, changed_at=timezone.now())
    part = as_wang.get(f"{PAGE}/roads").content.decode()
    assert "没发出去：邮箱账号或密码不对" in part
    assert "发不出去：邮箱账号或密码不对" in part


def test_a_road_without_settings_cannot_be_tried(as_wang: Client) -> None:
    page = as_wang.get(PAGE).content.decode()
    assert "发一条试试" not in page
    assert page.count("还没有设置") == 2
    for road in ("mail", "wecom", "pigeon", ""):
        assert "不能试发" in as_wang.post(f"{PAGE}/try", {"road": road}, follow=True).content.decode()
    assert not Alert.objects.exists()


def test_a_dead_road_stands_on_every_page_of_those_on_duty(
    desk: Desk, wang: Cadre, as_wang: Client, settings: Settings
) -> None:
    set_roads(settings)
    _failed(desk, AlertRoad.MAIL, "no_connection")
    talk = desk.waiting()
    strip = "邮件提醒发不出去：连不上对方的服务器"
    assert strip not in as_wang.get("/console/").content.decode()
    Cadre.objects.filter(pk=wang.pk).update(on_duty=True, seen_at=timezone.now())
    for address in ("/console/", f"/console/talk/{talk.pk}", PAGE, f"{PAGE}/strip"):
        assert strip in as_wang.get(address).content.decode(), address


def test_a_road_that_is_not_set_up_any_more_is_not_dead(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    _failed(desk, AlertRoad.MAIL, "no_connection")
    Cadre.objects.filter(pk=wang.pk).update(on_duty=True, seen_at=timezone.now())
    assert "发不出去" not in as_wang.get("/console/").content.decode()


def test_the_alarms_card_names_the_partner_once_the_chain_is_at_its_end(desk: Desk, as_wang: Client) -> None:
    _end(desk)
    talk = desk.crisis()
    before = as_wang.get("/console/alarms").content.decode()
    assert "tel:" not in before
    Conversation.objects.filter(pk=talk.pk).update(alarm_step=3)
    after = as_wang.get("/console/alarms").content.decode()
    assert "请马上打电话给 <b>市心理援助热线</b>" in after
    assert 'href="tel:053112345678"' in after
    assert _fingerprint(before) != _fingerprint(after)


def test_without_a_partner_the_card_at_the_end_names_110(desk: Desk, as_wang: Client) -> None:
    Conversation.objects.filter(pk=desk.crisis().pk).update(alarm_step=4)
    assert 'href="tel:110"' in as_wang.get("/console/alarms").content.decode()


def _fingerprint(page: str) -> str:
    found = re.search(r'data-fingerprint="(\w+)"', page)
    assert found is not None
    return found[1]


def test_the_page_holds_no_inline_script_or_style_and_no_latin_words(
    desk: Desk, as_lead: Client, settings: Settings
) -> None:
    set_roads(settings)
    settings.NIANGJIA = replace(settings.NIANGJIA, alarm_next_s=90)
    _end(desk)
    page = as_lead.get(PAGE).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", page)
    shown = _words(page.split("<main", 1)[1].split(">", 1)[1])
    assert not re.search(r"[A-Za-z]{2,}", shown), shown
    assert "90秒没有人应" in shown


def test_a_trial_long_ago_is_not_shown_any_more(desk: Desk, wang: Cadre, as_wang: Client, settings: Settings) -> None:
    set_roads(settings)
    long_ago = timezone.now() - timedelta(days=40)
    Alert.objects.create(
        organisation=desk.union,
        road=AlertRoad.WECOM,
        cadre=wang,
        created_at=long_ago,
        due_at=long_ago,
        changed_at=long_ago,
        attempts=1,
        delivery=Delivery.SENT,
    )
    page = as_wang.get(PAGE).content.decode()
    assert "已经发出" not in page
    assert "已经很久了。该试一试了" in page
