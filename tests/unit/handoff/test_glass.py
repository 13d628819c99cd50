"""Break-glass: two people or a lead, a reason, only in danger, every look written down."""

from __future__ import annotations

import pytest
from django.db import transaction

from handoff.call_times import DayPart, next_slot
from handoff.callbacks import Agreed, book
from handoff.cases import open_case
from handoff.desk_errors import ConversationNotFound
from handoff.glass import (
    GlassClosed,
    NotInDanger,
    ReasonTooShort,
    SamePerson,
    ask,
    confirm,
    open_glass,
    pending_glass,
    reveal,
)
from handoff.kinds import AuditAction, CadreRole, CaseKind, Channel
from handoff.models import AuditRow, BreakGlass, Cadre, Conversation, Organisation
from tests.desk import TestDesk

WHY = "职工说要跳楼，现在不回话了"


def in_danger(desk: TestDesk) -> Conversation:
    talk = desk.visitor()
    desk.writes(talk, "我不想活了", network={"ip": "203.0.113.9", "port": 51044})
    desk.writes(talk, "我在城南工地3号楼", network={"ip": "203.0.113.9", "port": 51050})
    talk.refresh_from_db()
    return talk


def reader(desk: TestDesk, name: str, *, role: CadreRole = CadreRole.CADRE) -> Cadre:
    cadre = desk.cadre(name, role=role)
    Cadre.objects.filter(pk=cadre.pk).update(reads_crisis=True)
    return Cadre.objects.get(pk=cadre.pk)


def broken(desk: TestDesk, talk: Conversation) -> Cadre:
    """The glass broken by a lead."""
    lead = desk.cadre("陈红", role=CadreRole.DUTY_LEAD)
    ask(talk.pk, lead, WHY, now=desk.clock())
    return lead


def details() -> list[str]:
    return list(AuditRow.objects.filter(action=AuditAction.BREAK_GLASS).order_by("pk").values_list("detail", flat=True))


def test_two_people_open_it(desk: TestDesk) -> None:
    talk, wang, li = in_danger(desk), reader(desk, "王敏"), reader(desk, "李强")
    glass = ask(talk.pk, wang, WHY, now=desk.clock())
    assert pending_glass(talk, now=desk.clock()) == glass
    with pytest.raises(GlassClosed):
        reveal(talk.pk, wang, now=desk.clock())
    confirm(glass.pk, li, now=desk.clock())
    assert reveal(talk.pk, wang, now=desk.clock()).places == ("我在城南工地3号楼",)
    assert details() == ["asked", "confirmed", "read"]


def test_nobody_confirms_their_own_request(desk: TestDesk) -> None:
    talk, wang = in_danger(desk), reader(desk, "王敏")
    glass = ask(talk.pk, wang, WHY, now=desk.clock())
    with pytest.raises(SamePerson):
        confirm(glass.pk, wang, now=desk.clock())
    assert open_glass(talk, now=desk.clock()) is None


def test_asking_twice_is_one_request_and_no_confirmation(desk: TestDesk) -> None:
    talk, wang, li = in_danger(desk), reader(desk, "王敏"), reader(desk, "李强")
    for cadre in (wang, wang, li):
        ask(talk.pk, cadre, WHY, now=desk.clock())
    assert BreakGlass.objects.count() == 1
    assert open_glass(talk, now=desk.clock()) is None


@pytest.mark.parametrize("role", [CadreRole.DUTY_LEAD, CadreRole.SUPERVISOR])
def test_a_lead_opens_it_alone(desk: TestDesk, role: CadreRole) -> None:
    talk, lead = in_danger(desk), desk.cadre("陈红", role=role)
    ask(talk.pk, lead, WHY, now=desk.clock())
    assert reveal(talk.pk, lead, now=desk.clock()).network
    assert details() == ["alone", "read"]


def test_a_lead_need_not_wait_for_a_request_that_stands(desk: TestDesk) -> None:
    talk = in_danger(desk)
    ask(talk.pk, reader(desk, "王敏"), WHY, now=desk.clock())
    broken(desk, talk)
    assert open_glass(talk, now=desk.clock()) is not None


def test_without_danger_there_is_no_ground(desk: TestDesk) -> None:
    talk = desk.visitor()
    with pytest.raises(NotInDanger):
        ask(talk.pk, desk.cadre("陈红", role=CadreRole.SUPERVISOR), WHY, now=desk.clock())


def test_an_urgent_matter_is_no_ground_while_nobody_is_in_danger(desk: TestDesk) -> None:
    lead, talk = desk.cadre("陈红", role=CadreRole.SUPERVISOR), desk.visitor()
    desk.writes(talk, "我们三十多个工人都没拿到工资，准备停工")
    Conversation.objects.filter(pk=talk.pk).update(urgent=True)
    with pytest.raises(NotInDanger):
        ask(talk.pk, lead, "想知道是谁在带头闹事", now=desk.clock())


@pytest.mark.parametrize("category", ["hazard", "forced_labour", "death_or_injury", "child_labour", "minor"])
def test_danger_to_life_or_health_is_ground_also_where_no_crisis_is(desk: TestDesk, category: str) -> None:
    lead, talk = desk.cadre("陈红", role=CadreRole.SUPERVISOR), desk.visitor()
    Conversation.objects.filter(pk=talk.pk).update(level="sensitive", categories=["petition", category])
    assert ask(talk.pk, lead, "棚里还关着人，要告诉110", now=desk.clock()).confirmed_at is not None


def test_a_confirmation_after_the_danger_is_refused(desk: TestDesk) -> None:
    talk, wang, li = in_danger(desk), reader(desk, "王敏"), reader(desk, "李强")
    glass = ask(talk.pk, wang, WHY, now=desk.clock())
    Conversation.objects.filter(pk=talk.pk).update(level="ordinary", urgent=False)
    with pytest.raises(NotInDanger):
        confirm(glass.pk, li, now=desk.clock())


def test_a_reason_is_wanted(desk: TestDesk) -> None:
    talk, lead = in_danger(desk), desk.cadre("陈红", role=CadreRole.DUTY_LEAD)
    with pytest.raises(ReasonTooShort):
        ask(talk.pk, lead, "  救人  ", now=desk.clock())


def test_it_closes_after_a_day(desk: TestDesk) -> None:
    talk = in_danger(desk)
    lead = broken(desk, talk)
    desk.clock.forward(hours=24)
    with pytest.raises(GlassClosed):
        reveal(talk.pk, lead, now=desk.clock())
    ask(talk.pk, lead, WHY, now=desk.clock())
    assert reveal(talk.pk, lead, now=desk.clock())


def test_an_old_request_cannot_be_confirmed(desk: TestDesk) -> None:
    talk, wang, li = in_danger(desk), reader(desk, "王敏"), reader(desk, "李强")
    glass = ask(talk.pk, wang, WHY, now=desk.clock())
    desk.clock.forward(hours=25)
    with pytest.raises(GlassClosed):
        confirm(glass.pk, li, now=desk.clock())


def test_it_gathers_numbers_from_everywhere_the_person_left_one(desk: TestDesk) -> None:
    talk = in_danger(desk)
    with transaction.atomic():
        locked = Conversation.locked(talk.pk)
        open_case(locked, CaseKind.JOIN, now=desk.clock(), fields={"name": "王小明", "mobile": "13900001111"})
        slot = next_slot(desk.clock().date(), DayPart.MORNING, now=desk.clock())
        book(locked, Agreed("051265123456"), slot=slot, now=desk.clock())
    other = Conversation.objects.create(
        contact=talk.contact, organisation=desk.union, channel=Channel.WECHAT, created_at=desk.clock()
    )
    desk.writes(other, "我电话13812345678")
    found = reveal(talk.pk, broken(desk, talk), now=desk.clock())
    assert set(found.phones) == {"13900001111", "051265123456", "13812345678"}


def test_it_tells_address_port_and_time(desk: TestDesk) -> None:
    talk = in_danger(desk)
    found = reveal(talk.pk, broken(desk, talk), now=desk.clock())
    assert found.network == (
        "203.0.113.9，端口 51050，2026年11月21日 18:00",
        "203.0.113.9，端口 51044，2026年11月21日 18:00",
    )


def test_nothing_of_another_person_is_shown(desk: TestDesk) -> None:
    desk.writes(desk.visitor(), "我电话13812345678")
    talk = in_danger(desk)
    assert reveal(talk.pk, broken(desk, talk), now=desk.clock()).phones == ()


def test_who_may_not_read_the_talk_can_neither_ask_confirm_nor_look(desk: TestDesk) -> None:
    talk = in_danger(desk)
    glass = ask(talk.pk, reader(desk, "王敏"), WHY, now=desk.clock())
    far = reader(desk, "外人", role=CadreRole.SUPERVISOR)
    elsewhere = Organisation.objects.create(name="别处总工会", kind=desk.union.kind)
    Cadre.objects.filter(pk=far.pk).update(organisation=elsewhere)
    complained_of, plain = reader(desk, "被反映的人", role=CadreRole.SUPERVISOR), desk.cadre("李强")
    talk.kept_from.add(complained_of)
    operator = desk.cadre("运维", role=CadreRole.OPERATOR)
    for stranger in (Cadre.objects.get(pk=far.pk), complained_of, plain, operator):
        with pytest.raises(ConversationNotFound):
            ask(talk.pk, stranger, WHY, now=desk.clock())
        with pytest.raises(ConversationNotFound):
            confirm(glass.pk, stranger, now=desk.clock())
        with pytest.raises(ConversationNotFound):
            reveal(talk.pk, stranger, now=desk.clock())


def test_reason_and_findings_stand_in_no_audit_row_and_no_repr(desk: TestDesk) -> None:
    talk = in_danger(desk)
    desk.writes(talk, "我电话13812345678")
    found = reveal(talk.pk, broken(desk, talk), now=desk.clock())
    assert "13812345678" not in repr(found)
    for row in AuditRow.objects.all():
        assert row.detail.isascii()
    assert WHY.encode() not in bytes(BreakGlass.objects.values_list("reason_sealed", flat=True)[0])
    assert BreakGlass.objects.get().reason == WHY
