"""Canned replies: picked on a talk's page, kept by the leads."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from handoff.canned import ensure_starters
from handoff.desk import claim_chat
from handoff.first_run import ensure_union
from handoff.kinds import AuditAction, CadreRole, DepartmentKind, MessageKind
from handoff.models import AuditRow, Cadre, CannedReply, Department, Message, Organisation
from tests.console.conftest import Desk, signed_in

NEW = {"title": "夜里", "text": "夜里请打12356。\r\n天亮我们再说。"}


@pytest.fixture
def lead(desk: Desk) -> Client:
    return signed_in(desk.cadre("zhao", role=CadreRole.DUTY_LEAD, display_name="赵红梅"))


def reply_of(desk: Desk, title: str = "打招呼", department: Department | None = None) -> CannedReply:
    return CannedReply.objects.create(
        organisation=desk.union, title=title, text="您好，我在。", department=department, changed_at=desk.now
    )


def test_a_lead_adds_changes_and_removes_a_reply(desk: Desk, lead: Client) -> None:
    assert "加好了" in lead.post("/console/canned/add", NEW, follow=True).content.decode()
    reply = CannedReply.objects.get()
    assert (reply.text, reply.changed_by.display_name) == ("夜里请打12356。\n天亮我们再说。", "赵红梅")  # type: ignore[union-attr]
    lead.post(f"/console/canned/{reply.pk}", {"title": "夜里", "text": "请打110。"})
    reply.refresh_from_db()
    assert reply.text == "请打110。"
    lead.post(f"/console/canned/{reply.pk}", {"remove": "1"})
    assert not CannedReply.objects.exists()
    rows = AuditRow.objects.filter(action=AuditAction.WORDS).order_by("pk")
    assert [row.detail for row in rows] == ["added", "changed", "removed"]


def test_other_cadres_see_the_list_and_change_nothing(desk: Desk, as_wang: Client) -> None:
    reply = reply_of(desk)
    page = as_wang.get("/console/canned").content.decode()
    assert "您好，我在。" in page
    assert "添一条" not in page
    assert as_wang.post("/console/canned/add", NEW).status_code == 404
    assert as_wang.post(f"/console/canned/{reply.pk}", NEW).status_code == 404
    assert as_wang.post(f"/console/canned/{reply.pk}", {"remove": "1"}).status_code == 404
    assert list(CannedReply.objects.values_list("title", flat=True)) == ["打招呼"]


def test_the_replies_of_another_union_are_not_there(desk: Desk, elsewhere: Desk, lead: Client) -> None:
    other = reply_of(elsewhere)
    assert "您好，我在。" not in lead.get("/console/canned").content.decode()
    assert lead.post(f"/console/canned/{other.pk}", NEW).status_code == 404
    assert lead.post(f"/console/canned/{other.pk}", {"remove": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("filled", "why"),
    [
        ({"title": "", "text": "好"}, "请写一个名字"),
        ({"title": "甲", "text": " "}, "请写上内容"),
        ({"title": "长" * 41, "text": "好"}, "太长了"),
        ({"title": "打招呼", "text": "好"}, "换个名字"),
    ],
)
def test_what_cannot_be_kept_says_why_and_stays_typed(
    desk: Desk, lead: Client, filled: dict[str, str], why: str
) -> None:
    reply_of(desk)
    answer = lead.post("/console/canned/add", filled)
    assert answer.status_code in (400, 409)
    assert why in answer.content.decode()
    assert filled["title"] in answer.content.decode()
    assert CannedReply.objects.count() == 1


def test_a_cadre_is_offered_the_general_ones_and_those_of_their_department(
    desk: Desk, wang: Cadre, as_wang: Client
) -> None:
    women = Department.objects.create(organisation=desk.union, kind=DepartmentKind.WOMEN, name="女职工部")
    rights = Department.objects.create(organisation=desk.union, kind=DepartmentKind.RIGHTS, name="权益部")
    for title, of in (("大家的", None), ("女工的", women), ("权益的", rights)):
        reply_of(desk, title, of)
    Cadre.objects.filter(pk=wang.pk).update(department=women)
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    page = as_wang.get(f"/console/talk/{talk.pk}").content.decode()
    assert "大家的" in page
    assert "女工的" in page
    assert "权益的" not in page


def test_picking_without_script_fills_the_box_and_sends_nothing(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    reply, talk = reply_of(desk), desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    page = as_wang.get(f"/console/talk/{talk.pk}?canned={reply.pk}").content.decode()
    assert "required>您好，我在。</textarea>" in page
    assert not Message.objects.filter(conversation=talk, kind=MessageKind.CADRE).exists()
    assert "required></textarea>" in as_wang.get(f"/console/talk/{talk.pk}?canned=999").content.decode()


def test_a_union_starts_with_replies_and_those_taken_off_do_not_come_back(db: None) -> None:
    union = ensure_union("新区总工会")
    assert 8 <= CannedReply.objects.filter(organisation=union).count() <= 10
    CannedReply.objects.all().delete()
    ensure_union("新区总工会")
    assert not CannedReply.objects.exists()


def test_a_union_from_before_gets_them_once_and_keeps_its_own(desk: Desk) -> None:
    assert ensure_union("随便") == desk.union
    assert CannedReply.objects.filter(organisation=desk.union).count() >= 8
    other = Organisation.objects.create(name="有自己的", kind=desk.union.kind)
    CannedReply.objects.create(organisation=other, title="自己的", text="自己的", changed_at=timezone.now())
    ensure_starters(other, now=timezone.now())
    assert CannedReply.objects.filter(organisation=other).count() == 1
