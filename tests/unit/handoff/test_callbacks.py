"""Calls that were agreed: booked once, moved into waking hours, tried, ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from handoff import callbacks
from handoff.call_outcomes import CallSettled, OnlyForLeads, cancel_call, give_up, not_reached, reached
from handoff.call_times import DayPart, Slot, follow_up_slot, later_slot, next_slot, workday_slot
from handoff.callbacks import (
    Agreed,
    CallNotFound,
    access_call,
    book,
    book_follow_ups,
    call_light,
    is_for_lead,
    open_calls,
    part_in,
    remind_of_calls,
    tell_agreed,
)
from handoff.cases import open_case
from handoff.kinds import AuditAction, CadreRole, CallBackReason, CallBackState, CaseKind, CaseState, Flag
from handoff.lights import Light
from handoff.models import AuditRow, Cadre, CallBack, Case, Conversation, Message, Note, Organisation
from handoff.phones import masked, phone_in, phones_in
from handoff.screening.levels import Level
from tests.desk import TestDesk

PHONE = "13812345678"
AGREED = Agreed(PHONE, "明天下午", "工会", voicemail=False, about="工资的事")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def booked(desk: TestDesk, talk: Conversation, agreed: Agreed = AGREED, *, slot: Slot | None = None) -> CallBack:
    slot = slot or next_slot(at(22, 0).date(), DayPart.AFTERNOON, now=desk.clock())
    with transaction.atomic():
        call = book(Conversation.locked(talk.pk), agreed, slot=slot, now=desk.clock())
        tell_agreed(call, now=desk.clock())
    return call


def follow_ups(desk: TestDesk, talk: Conversation, *, when: str = "", voicemail: bool = False) -> list[CallBack]:
    with transaction.atomic():
        return book_follow_ups(
            Conversation.locked(talk.pk),
            phone=PHONE,
            when=when,
            said_as="只说姓，不说工会",
            voicemail=voicemail,
            now=desk.clock(),
        )


def told(talk: Conversation) -> list[str]:
    return [message.body for message in Message.objects.filter(conversation=talk).exclude(kind="worker")]


def in_crisis(desk: TestDesk) -> Conversation:
    talk = desk.visitor()
    with transaction.atomic():
        open_case(Conversation.locked(talk.pk), CaseKind.CRISIS, now=desk.clock())
    return talk


def test_number_time_and_name_are_sealed(desk: TestDesk) -> None:
    call = booked(desk, desk.visitor())
    row = CallBack.objects.filter(pk=call.pk).values_list("details_sealed", flat=True)[0]
    assert PHONE.encode() not in bytes(row)
    assert CallBack.objects.get(pk=call.pk).details == {
        "phone": PHONE, "when": "明天下午", "said_as": "工会", "about": "工资的事", "voicemail": "no",
    }  # fmt: skip


def test_the_notice_masks_the_number_and_says_nothing_of_the_matter(desk: TestDesk) -> None:
    talk = desk.visitor()
    booked(desk, talk)
    [words] = told(talk)
    assert words.startswith("约好了：11月22日13:30到18:00")
    assert "138****5678" in words
    assert PHONE not in words
    assert "工资" not in words


def test_booking_again_changes_the_call_that_stands(desk: TestDesk) -> None:
    talk = desk.visitor()
    first = booked(desk, talk)
    again = booked(desk, talk, Agreed("13900001111"))
    assert again.pk == first.pk
    assert CallBack.objects.get().details["phone"] == "13900001111"


def test_a_booking_lets_cadres_see_the_talk_without_putting_it_into_the_queue(desk: TestDesk) -> None:
    talk = desk.visitor()
    call = booked(desk, talk)
    assert call.case is not None
    assert call.case.kind == CaseKind.HANDOFF
    assert Conversation.objects.get(pk=talk.pk).waiting_since is None


def test_who_wants_no_voicemail_gets_the_flag(desk: TestDesk) -> None:
    talk, other = desk.visitor(), desk.visitor()
    booked(desk, talk)
    booked(desk, other, Agreed(PHONE, voicemail=True))
    assert Flag.NO_VOICEMAIL in Conversation.objects.get(pk=talk.pk).flags
    assert Flag.NO_VOICEMAIL not in Conversation.objects.get(pk=other.pk).flags


def test_follow_ups_come_after_a_day_and_a_week_and_belong_to_the_crisis(desk: TestDesk) -> None:
    talk = in_crisis(desk)
    desk.clock.now = at(21, 15)
    day, week = follow_ups(desk, talk)
    assert (day.reason, week.reason) == (CallBackReason.NEXT_DAY, CallBackReason.NEXT_WEEK)
    assert (day.due_from, week.due_from) == (at(22, 15), at(28, 15))
    assert day.case == week.case == Case.objects.get(kind=CaseKind.CRISIS)


def test_follow_ups_are_booked_once_however_often_a_talk_is_closed(desk: TestDesk) -> None:
    talk = in_crisis(desk)
    follow_ups(desk, talk)
    follow_ups(desk, talk)
    assert CallBack.objects.count() == 2


def test_the_notice_of_follow_ups_is_neutral(desk: TestDesk) -> None:
    talk = in_crisis(desk)
    follow_ups(desk, talk)
    words = told(talk)[-1]
    assert words.startswith("约好了：")
    for word in ("回访", "危机", "紧急", "心理", "工会", "自杀"):
        assert word not in words


@pytest.mark.parametrize(
    ("closed", "starts", "ends"),
    [
        (at(21, 15), at(21, 15), at(21, 18)),
        (at(21, 3), at(21, 9), at(21, 12)),
        (at(21, 22), at(21, 19), at(21, 20)),
        (at(21, 19, 30), at(21, 19), at(21, 20)),
        (at(21, 18), at(21, 18), at(21, 20)),
    ],
)
def test_a_follow_up_is_moved_into_waking_hours_of_the_same_day(
    closed: datetime, starts: datetime, ends: datetime
) -> None:
    assert follow_up_slot(None, at=closed.astimezone(UTC)) == Slot(starts, ends)


def test_a_follow_up_keeps_to_the_part_of_the_day_that_was_wished_for() -> None:
    assert follow_up_slot(DayPart.EVENING, at=at(21, 10)) == Slot(at(21, 18), at(21, 20))
    assert part_in("下班以后") is DayPart.EVENING
    assert part_in("morning") is DayPart.MORNING
    assert part_in("随便") is None


def test_a_workday_is_found_over_the_weekend() -> None:
    assert workday_slot(DayPart.MORNING, now=at(20, 11, 30)) == Slot(at(23, 9), at(23, 12))


def test_the_next_try_is_two_hours_later_or_the_next_morning() -> None:
    two_hours = timedelta(hours=2)
    assert later_slot(now=at(21, 10), after=two_hours).due_from == at(21, 12)
    assert later_slot(now=at(21, 18), after=two_hours).due_from == at(22, 9)
    assert later_slot(now=at(21, 5), after=two_hours).due_from == at(21, 9)


def test_a_light_is_calm_then_due_then_late(desk: TestDesk) -> None:
    call = booked(desk, desk.visitor())
    lights = [call_light(call, now=now) for now in (at(22, 13), at(22, 13, 30), at(22, 17, 59), at(22, 18))]
    assert lights == [Light.GREEN, Light.AMBER, Light.AMBER, Light.RED]


def test_a_call_that_was_made_is_over_and_its_note_stays_with_the_cadres(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏")
    call = booked(desk, talk)
    reached(call.pk, cadre, note="说好了，下周来补材料", now=desk.clock())
    stored = CallBack.objects.get()
    assert (stored.state, stored.settled_by) == (CallBackState.DONE, cadre)
    assert Note.objects.get().body == "说好了，下周来补材料"
    assert Case.objects.get().state == CaseState.CLOSED


def test_the_crisis_stays_open_until_the_last_follow_up_is_made(desk: TestDesk) -> None:
    talk, cadre = in_crisis(desk), desk.cadre("王敏", role=CadreRole.DUTY_LEAD)
    day, week = follow_ups(desk, talk)
    reached(day.pk, cadre, note="", now=desk.clock())
    assert Case.objects.get().state == CaseState.REGISTERED
    reached(week.pk, cadre, note="", now=desk.clock())
    assert Case.objects.get().state == CaseState.CLOSED


def test_a_crisis_does_not_end_because_its_calls_are_not_wanted(desk: TestDesk) -> None:
    talk, cadre = in_crisis(desk), desk.cadre("王敏")
    for call in follow_ups(desk, talk):
        cancel_call(call.pk, cadre, now=desk.clock())
    assert Case.objects.get().state == CaseState.REGISTERED


def test_a_missed_call_comes_again_and_the_worker_is_told(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏")
    call = booked(desk, talk)
    desk.clock.now = at(22, 14)
    not_reached(call.pk, cadre, now=desk.clock())
    call = CallBack.objects.get()
    assert (call.state, call.tried, call.due_from) == (CallBackState.OPEN, 1, at(22, 16))
    assert "没有打通" in told(talk)[-1]


def test_after_three_tries_the_lead_decides(desk: TestDesk) -> None:
    talk, cadre, lead = desk.visitor(), desk.cadre("王敏"), desk.cadre("陈红", role=CadreRole.DUTY_LEAD)
    call = booked(desk, talk)
    for _ in range(3):
        not_reached(call.pk, cadre, now=desk.clock())
    call = CallBack.objects.get()
    assert is_for_lead(call)
    assert call_light(call, now=desk.clock()) is Light.RED
    with pytest.raises(OnlyForLeads):
        give_up(call.pk, cadre, note="", now=desk.clock())
    give_up(call.pk, lead, note="去家访", now=desk.clock())
    assert CallBack.objects.get().state == CallBackState.UNREACHED


def test_a_call_is_settled_once(desk: TestDesk) -> None:
    cadre = desk.cadre("王敏")
    call = booked(desk, desk.visitor())
    reached(call.pk, cadre, note="", now=desk.clock())
    for again in (not_reached, cancel_call):
        with pytest.raises(CallSettled):
            again(call.pk, cadre, now=desk.clock())


def test_a_settled_call_gives_way_to_a_new_one(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏")
    cancel_call(booked(desk, talk).pk, cadre, now=desk.clock())
    booked(desk, talk)
    assert CallBack.objects.filter(state=CallBackState.OPEN).count() == 1
    assert CallBack.objects.count() == 2


def strangers(desk: TestDesk, talk: Conversation) -> list[Cadre]:
    """Another union's cadre, an operator, and a cadre complained of."""
    elsewhere = Organisation.objects.create(name="别处总工会", kind=desk.union.kind)
    far = desk.cadre("外人")
    Cadre.objects.filter(pk=far.pk).update(organisation=elsewhere)
    complained_of = desk.cadre("被反映的人")
    talk.kept_from.add(complained_of)
    operator = desk.cadre("运维", role=CadreRole.OPERATOR)
    return list(Cadre.objects.filter(pk__in=[far.pk, complained_of.pk, operator.pk]))


def test_nobody_else_sees_or_settles_a_call(desk: TestDesk) -> None:
    talk = desk.visitor()
    call = booked(desk, talk)
    for stranger in strangers(desk, talk):
        assert open_calls(stranger) == []
        with pytest.raises(CallNotFound):
            access_call(stranger, call.pk)
        with pytest.raises(CallNotFound):
            reached(call.pk, stranger, note="", now=desk.clock())
    assert CallBack.objects.get().state == CallBackState.OPEN


def test_a_call_after_a_crisis_is_for_those_who_may_read_crises(desk: TestDesk) -> None:
    talk = in_crisis(desk)
    Conversation.objects.filter(pk=talk.pk).update(level=Level.CRISIS.value)
    named, other = desk.cadre("王敏"), desk.cadre("李强")
    Cadre.objects.filter(pk=named.pk).update(reads_crisis=True)
    follow_ups(desk, talk)
    assert len(open_calls(Cadre.objects.get(pk=named.pk))) == 2
    assert open_calls(other) == []


def test_pages_are_reminded_of_a_late_call_once(desk: TestDesk) -> None:
    booked(desk, desk.visitor())
    assert remind_of_calls(now=at(22, 17)) == 0
    assert remind_of_calls(now=at(22, 18)) == 1
    assert remind_of_calls(now=at(22, 18, 1)) == 0


def test_a_call_that_is_late_again_reminds_again(desk: TestDesk) -> None:
    call, cadre = booked(desk, desk.visitor()), desk.cadre("王敏")
    remind_of_calls(now=at(22, 18))
    not_reached(call.pk, cadre, now=at(22, 18))
    assert remind_of_calls(now=at(23, 13)) == 1


def test_audit_rows_hold_ids_only(desk: TestDesk) -> None:
    talk, cadre = in_crisis(desk), desk.cadre("王敏")
    for call in follow_ups(desk, talk):
        not_reached(call.pk, cadre, now=desk.clock())
        reached(call.pk, cadre, note="睡得好些了", now=desk.clock())
    rows = AuditRow.objects.filter(action=AuditAction.CALL_BACK)
    assert rows
    for row in rows:
        assert row.subject.startswith("call:")
        assert PHONE not in row.detail
        assert row.detail.isascii()


def test_a_number_does_not_stand_in_a_log_line() -> None:
    assert PHONE not in repr(AGREED)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("138 1234 5678", "13812345678"),
        ("打+86-13812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("座机0512-65123456", "051265123456"),
        ("010 87654321", "01087654321"),
        ("身份证11010519491231002X", None),
        ("工资5000元欠了3个月", None),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, found: str | None) -> None:
    assert phone_in(text) == found


def test_all_numbers_are_found_once() -> None:
    assert phones_in("我13812345678，我老婆13900001111，还是13812345678") == ["13812345678", "13900001111"]
    assert masked("051265123456") == "0512****3456"


def many_calls(desk: TestDesk, count: int, *, hidden_from: Cadre | None = None) -> None:
    """Booked calls, each due before all that are booked later."""
    for hours in range(count):
        talk, starts = desk.visitor(), desk.clock() + timedelta(minutes=hours)
        if hidden_from is not None:
            talk.kept_from.add(hidden_from)
        booked(desk, talk, slot=Slot(starts, starts + timedelta(hours=3)))


def test_many_booked_calls_leave_out_no_call_after_a_danger(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "_AT_ONCE", 2)
    cadre = desk.cadre("王敏")
    many_calls(desk, 4)
    follow_ups(desk, in_crisis(desk))
    reasons = [call.reason for call in open_calls(cadre)]
    assert reasons == ["booked", "booked", CallBackReason.NEXT_DAY, CallBackReason.NEXT_WEEK]


def test_calls_that_a_cadre_may_not_read_take_no_place_in_their_list(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "_AT_ONCE", 2)
    cadre, _ = desk.cadre("王敏"), desk.cadre("李强")
    many_calls(desk, 5, hidden_from=cadre)
    last = desk.visitor()
    starts = desk.clock() + timedelta(hours=9)
    call = booked(desk, last, slot=Slot(starts, starts + timedelta(hours=3)))
    assert [found.pk for found in open_calls(cadre)] == [call.pk]


def test_calls_after_a_danger_say_who_agreed_them(desk: TestDesk) -> None:
    talk, cadre = in_crisis(desk), desk.cadre("王敏")
    with transaction.atomic():
        book_follow_ups(
            Conversation.locked(talk.pk),
            phone=PHONE,
            when="",
            said_as="",
            voicemail=True,
            cadre=cadre,
            now=desk.clock(),
        )
    assert set(AuditRow.objects.filter(action=AuditAction.CALL_BACK).values_list("cadre", flat=True)) == {cadre.pk}
