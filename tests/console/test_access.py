"""Who may open what."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from handoff.desk import claim_chat, release
from handoff.kinds import CadreRole
from handoff.models import AuditRow, Cadre, Conversation
from tests.console.conftest import PASSWORD, WORDS, Desk, signed_in
from tests.console.test_sign_in import TALK_ADDRESSES, TALK_DEEDS


@pytest.fixture
def as_operator(desk: Desk) -> Client:
    return signed_in(desk.cadre("weihu", role=CadreRole.OPERATOR, display_name="赵工"))


@pytest.fixture
def as_nobody(db: None) -> Client:
    get_user_model().objects.create_user(username="nobody", password=PASSWORD)
    client = Client()
    client.post("/console/sign-in", {"username": "nobody", "password": PASSWORD})
    return client


@pytest.fixture
def as_neighbour(elsewhere: Desk) -> Client:
    return signed_in(elsewhere.cadre("chen", display_name="陈红"))


@pytest.fixture(params=["as_operator", "as_nobody", "as_neighbour"])
def outsider(request: pytest.FixtureRequest) -> Client:
    client: Client = request.getfixturevalue(request.param)
    return client


@pytest.mark.parametrize("rest", TALK_ADDRESSES)
def test_who_may_not_read_a_talk_finds_nothing_there(desk: Desk, outsider: Client, rest: str) -> None:
    talk = desk.crisis()
    missing = outsider.get(f"/console/talk/999999{rest}")
    answer = outsider.get(f"/console/talk/{talk.pk}{rest}")
    assert answer.status_code == missing.status_code == 404
    assert answer.content == missing.content
    assert WORDS not in answer.content.decode()


@pytest.mark.parametrize("deed", TALK_DEEDS)
def test_who_may_not_read_a_talk_changes_nothing(desk: Desk, outsider: Client, deed: str) -> None:
    talk = desk.crisis()
    answer = outsider.post(f"/console/talk/{talk.pk}/{deed}", {"text": "你好", "key": "k" * 20})
    assert answer.status_code == 404
    after = Conversation.objects.get(pk=talk.pk)
    assert after.alarm_rings
    assert after.holder is None
    assert not AuditRow.objects.filter(subject__startswith="conversation:").exists()


def test_another_unions_list_stays_empty(desk: Desk, as_neighbour: Client) -> None:
    desk.crisis()
    desk.waiting()
    for address in ("", "list", "alarms"):
        page = as_neighbour.get(f"/console/{address}").content.decode()
        assert not re.search(r"T\d{6}", page)


@pytest.mark.parametrize("who", ["as_operator", "as_nobody"])
def test_an_account_that_may_not_read_talks_sees_the_systems_state_only(
    desk: Desk, who: str, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(who)
    desk.crisis()
    answer = client.get("/console/", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/console/state", 302)]
    assert "不能看职工的对话" in page
    assert "系统" in page
    assert not re.search(r"T\d{6}", page)
    assert WORDS not in page
    for address in ("list", "alarms", "stream"):
        assert client.get(f"/console/{address}").status_code == 404


def test_the_state_says_what_nobody_could_read(desk: Desk, elsewhere: Desk, as_operator: Client) -> None:
    page = as_operator.get("/console/state").content.decode()
    assert "青山区总工会没有人能看反映干部或经费的话" in page
    assert "青山区总工会还没有指定谁看紧急求助" in page
    assert "白水县" not in page
    lead = desk.cadre("zhuguan", role=CadreRole.SUPERVISOR)
    Cadre.objects.filter(pk=lead.pk).update(reads_crisis=True)
    page = as_operator.get("/console/state").content.decode()
    assert "没有人能看反映干部" not in page
    assert "谁看紧急求助" not in page


def test_an_operator_does_not_come_on_duty(as_operator: Client) -> None:
    assert as_operator.post("/console/duty", {"on": "1"}).status_code == 404
    assert not Cadre.objects.filter(on_duty=True).exists()


def test_a_talk_that_only_the_desk_answered_is_not_read(desk: Desk, as_wang: Client) -> None:
    talk = desk.talk()
    assert as_wang.get(f"/console/talk/{talk.pk}").status_code == 404


def test_a_talk_that_was_handed_over_once_can_be_read_again(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=timezone.now())
    release(talk.pk, wang, now=timezone.now())
    assert as_wang.get(f"/console/talk/{talk.pk}").status_code == 200


@pytest.mark.parametrize("address", ["duty", "sign-out", *(f"talk/1/{deed}" for deed in TALK_DEEDS)])
def test_nothing_is_done_without_the_pages_own_token(desk: Desk, wang: Cadre, address: str) -> None:
    talk = desk.crisis()
    client = Client(enforce_csrf_checks=True)
    client.force_login(wang.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/console/{address.replace('/1/', f'/{talk.pk}/')}", {"on": "1"})
    assert answer.status_code == 403
    assert "页面放得太久了" in answer.content.decode()
    assert Conversation.objects.get(pk=talk.pk).alarm_rings


@pytest.mark.parametrize("value", ["", "-1", "x", "9" * 40, "１２"])
def test_odd_numbers_in_an_address_find_nothing(desk: Desk, as_wang: Client, value: str) -> None:
    talk = desk.waiting()
    assert as_wang.get(f"/console/talk/{talk.pk}/news", {"after": value}).status_code in (200, 404)
    assert as_wang.get("/console/stream", {"talk": value or "x"}).status_code == 404


def test_pages_hold_no_inline_script_or_style_and_are_not_kept(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.crisis()
    claim_chat(talk.pk, wang, now=timezone.now())
    for address in ("/console/", f"/console/talk/{talk.pk}", "/console/state", "/console/password"):
        answer = as_wang.get(address)
        page = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|hx-on", page)
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]


def test_error_pages_are_kind_and_show_no_workings(as_wang: Client) -> None:
    missing = as_wang.get("/console/nothing-here")
    assert missing.status_code == 404
    page = missing.content.decode()
    assert "没有找到这个页面" in page
    assert "Traceback" not in page
    assert "12356" in page


def test_a_failure_inside_is_answered_with_a_kind_page(as_wang: Client, wang: Cadre, desk: Desk) -> None:
    talk = desk.waiting()
    Conversation.objects.filter(pk=talk.pk).update(level="no such level")
    as_wang.raise_request_exception = False
    answer = as_wang.get(f"/console/talk/{talk.pk}")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "是我们这边的问题" in page
    assert "no such level" not in page
