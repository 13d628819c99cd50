"""Signing in and out of the console."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from handoff.kinds import AuditAction
from handoff.models import AuditRow, Cadre, Conversation
from tests.console.conftest import PASSWORD, Desk, signed_in

TALK_ADDRESSES = ["", "/news?after=0", "/earlier?before=9"]
TALK_DEEDS = ["acknowledge", "assign", "claim", "reply", "release"]


def sign_in(client: Client, name: str, password: str):
    return client.post("/console/sign-in", {"username": name, "password": password})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["", "list", "alarms", "stream", "state", "password", *(f"talk/1{rest}" for rest in TALK_ADDRESSES)]
)
def test_a_stranger_meets_the_sign_in_page(address: str) -> None:
    answer = Client().get(f"/console/{address}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/console/sign-in?next=/console/")


@pytest.mark.parametrize("deed", TALK_DEEDS)
def test_a_stranger_can_do_nothing_to_a_talk(desk: Desk, deed: str) -> None:
    talk = desk.crisis()
    answer = Client().post(f"/console/talk/{talk.pk}/{deed}", {"text": "x", "key": "k" * 20})
    assert answer["Location"].startswith("/console/sign-in")
    after = Conversation.objects.get(pk=talk.pk)
    assert after.alarm_rings
    assert after.holder is None


def test_a_part_of_a_page_tells_the_whole_page_to_sign_in(db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/console/talk/7"}
    answer = Client().get("/console/list", headers=headers)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/console/sign-in?next=/console/talk/7"


def test_a_cadre_signs_in_and_it_is_written_down(wang: Cadre) -> None:
    client = signed_in(wang)
    assert "现在没有人在等" in client.get("/console/").content.decode()
    row = AuditRow.objects.get(action=AuditAction.SIGN_IN)
    assert (row.cadre, row.subject) == (wang, f"user:{wang.user_id}")


def test_a_wrong_name_and_a_wrong_password_read_alike(wang: Cadre) -> None:
    pages = []
    for name in ("wangmin", "nobody"):
        answer = sign_in(Client(), name, "wrong")
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors()[0].startswith("账号或密码不对")
        pages.append(answer.context["form"].non_field_errors()[0])
    assert pages[0] == pages[1]
    assert not AuditRow.objects.filter(action=AuditAction.SIGN_IN).exists()


def test_after_six_wrong_passwords_the_right_one_must_wait_too(wang: Cadre) -> None:
    client = Client()
    answers = [sign_in(client, "wangmin", f"wrong {attempt}") for attempt in range(6)]
    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    assert answers[5].status_code == 429
    assert "请15分钟后再试" in answers[5].content.decode()
    assert sign_in(client, "wangmin", PASSWORD).status_code == 429
    assert "_auth_user_id" not in client.session


def test_one_locked_name_does_not_lock_a_colleague(wang: Cadre, li: Cadre) -> None:
    client = Client()
    for attempt in range(6):
        sign_in(client, "wangmin", f"wrong {attempt}")
    assert sign_in(client, "liqiang", PASSWORD).status_code == 302


def test_signing_out_goes_off_duty(wang: Cadre, as_wang: Client) -> None:
    as_wang.post("/console/duty", {"on": "1"})
    assert as_wang.post("/console/sign-out")["Location"] == "/console/sign-in"
    wang.refresh_from_db()
    assert not wang.on_duty
    assert as_wang.get("/console/").status_code == 302


def test_a_link_elsewhere_cannot_sign_a_cadre_out(as_wang: Client) -> None:
    assert as_wang.get("/console/sign-out").status_code == 405
    assert as_wang.get("/console/").status_code == 200


def test_sign_in_leads_nowhere_outside(wang: Cadre) -> None:
    answer = Client().post(
        "/console/sign-in", {"username": "wangmin", "password": PASSWORD, "next": "https://example.com/"}
    )
    assert answer["Location"] == "/console/"


def test_a_cadre_changes_their_password(wang: Cadre, as_wang: Client) -> None:
    page = as_wang.get("/console/password").content.decode()
    assert "修改密码" in page
    new = "xin-mi-ma-2027"
    answer = as_wang.post(
        "/console/password", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}, follow=True
    )
    assert "密码已经改好了" in answer.content.decode()
    assert get_user_model().objects.get(username="wangmin").check_password(new)


def test_a_weak_password_is_refused_in_chinese(as_wang: Client) -> None:
    answer = as_wang.post(
        "/console/password", {"old_password": "wrong", "new_password1": "12345", "new_password2": "12345"}
    )
    page = answer.content.decode()
    for words in ("现在的密码不对", "至少要10个字符", "太常见", "不能全是数字"):
        assert words in page
    assert "This password" not in page
