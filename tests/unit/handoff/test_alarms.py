"""The alarm's chain: who is called when, until somebody acknowledges, to its named end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from pytest_django import Settings

from handoff.alarm_steps import advance_alarms
from handoff.chain import CLAIMED_WITHIN, LAST_STEP, Step
from handoff.desk import acknowledge, claim_chat
from handoff.kinds import AlertRoad, DayKind, Delivery
from handoff.models import Alert, Conversation, Message, RosterLine
from handoff.sweeps import SWEEPS
from tests.alarms import (
    CRISIS,
    PARTNER,
    in_crisis,
    mailed,
    name_the_end,
    reader,
    set_roads,
    stays,
    steps_of,
    supervisor,
)
from tests.desk import TestDesk


@pytest.fixture(autouse=True)
def _roads(settings: Settings) -> None:
    set_roads(settings)


def _later(desk: TestDesk, seconds: float) -> int:
    desk.clock.forward(seconds=seconds)
    return advance_alarms(now=desk.clock())


def _rostered(desk: TestDesk, cadre: object, rank: int = 0) -> None:
    RosterLine.objects.create(
        cadre=cadre, day_kind=DayKind.EVERY_DAY, starts=time(0), ends=time(0), valid_from=date(2026, 1, 1), rank=rank
    )


def test_the_chain_is_swept() -> None:
    assert advance_alarms in SWEEPS


def test_an_alarm_is_mailed_to_each_present_reader_and_to_the_group(desk: TestDesk) -> None:
    reader(desk, "wang", on_duty=True)
    reader(desk, "zhao")
    supervisor(desk)
    talk = in_crisis(desk)
    assert mailed(talk, Step.FIRST) == {"wang@union.test"}
    assert Alert.objects.filter(conversation=talk, road=AlertRoad.WECOM, address="").count() == 1
    assert talk.alarm_due_at == desk.clock() + timedelta(minutes=2)


def test_with_nobody_present_those_on_the_roster_are_called_at_once(desk: TestDesk) -> None:
    _rostered(desk, reader(desk, "wang"))
    reader(desk, "zhao")
    supervisor(desk)
    assert mailed(in_crisis(desk), Step.FIRST) == {"wang@union.test"}


def test_with_nobody_on_the_roster_all_readers_are_called_at_once_and_the_end_at_five_minutes(desk: TestDesk) -> None:
    reader(desk, "wang")
    supervisor(desk)
    name_the_end(desk)
    talk = in_crisis(desk)
    assert mailed(talk, Step.FIRST) == {"wang@union.test", "lead@union.test"}
    assert _later(desk, 120) == 2
    assert steps_of(talk) == ["step:1 nobody", "step:2 nobody"]
    assert _later(desk, 179) == 0
    assert _later(desk, 1) == 1
    assert PARTNER.mail in mailed(talk, Step.END)


def test_whoever_may_not_read_the_talk_is_never_mailed(desk: TestDesk) -> None:
    wang, zhao = reader(desk, "wang", on_duty=True), reader(desk, "zhao", on_duty=True)
    outsider = desk.cadre("other", on_duty=True)
    outsider.mail = "other@union.test"
    outsider.save()
    lead = supervisor(desk)
    talk = desk.visitor()
    talk.kept_from.add(zhao, lead)
    desk.writes(talk, CRISIS)
    for _ in range(20):
        _later(desk, 120)
        stays(desk, wang, zhao, outsider)
    assert {row.address for row in Alert.objects.filter(road=AlertRoad.MAIL)} == {"wang@union.test"}


def test_the_next_on_the_roster_is_called_after_two_minutes_the_supervisor_after_five(desk: TestDesk) -> None:
    wang, zhao = reader(desk, "wang", on_duty=True), reader(desk, "zhao")
    reader(desk, "sun")
    supervisor(desk)
    _rostered(desk, wang)
    _rostered(desk, zhao, rank=1)
    name_the_end(desk)
    talk = in_crisis(desk)
    assert _later(desk, 119) == 0
    assert _later(desk, 1) == 1
    assert mailed(talk, Step.NEXT) == {"zhao@union.test"}
    assert _later(desk, 179) == 0
    assert _later(desk, 1) == 1
    assert mailed(talk, Step.SUPERVISORS) == {"lead@union.test"}
    assert _later(desk, 179) == 0
    assert _later(desk, 1) == 1
    assert mailed(talk, Step.END) == {f"{name}@union.test" for name in ("wang", "zhao", "sun", "lead")} | {PARTNER.mail}
    assert steps_of(talk) == ["step:1", "step:2", "step:3"]


def test_without_a_roster_the_other_readers_come_second_and_leads_third(desk: TestDesk) -> None:
    reader(desk, "wang", on_duty=True)
    reader(desk, "zhao")
    supervisor(desk)
    talk = in_crisis(desk)
    _later(desk, 120)
    assert mailed(talk, Step.NEXT) == {"zhao@union.test"}
    _later(desk, 180)
    assert mailed(talk, Step.SUPERVISORS) == {"lead@union.test"}


def test_a_step_without_people_hands_on_at_once_and_the_end_waits_for_five_minutes(desk: TestDesk) -> None:
    reader(desk, "wang", on_duty=True)
    supervisor(desk)
    name_the_end(desk)
    talk = in_crisis(desk)
    assert _later(desk, 120) == 2
    assert mailed(talk, Step.SUPERVISORS) == {"lead@union.test"}
    talk.refresh_from_db()
    assert talk.alarm_due_at is not None
    assert talk.alarmed_at is not None
    assert talk.alarm_due_at - talk.alarmed_at == timedelta(minutes=5)


def test_when_nobody_at_all_can_be_alerted_the_end_is_called_at_once(desk: TestDesk, settings: Settings) -> None:
    set_roads(settings, wecom=False)
    desk.cadre("wang")
    name_the_end(desk)
    talk = in_crisis(desk)
    assert _later(desk, 0) == 3
    assert mailed(talk, Step.END) == {PARTNER.mail}


def test_an_open_page_alone_is_somebody(desk: TestDesk, settings: Settings) -> None:
    set_roads(settings, mail=False, wecom=False)
    wang = reader(desk, "wang", on_duty=True)
    talk = in_crisis(desk)
    assert not Alert.objects.exists()
    assert _later(desk, 60) == 0
    stays(desk, wang)
    desk.clock.forward(seconds=60)
    stays(desk, wang)
    assert advance_alarms(now=desk.clock()) == 2
    talk.refresh_from_db()
    assert talk.alarm_step == Step.SUPERVISORS


def test_at_the_end_the_worker_reads_the_crisis_words_again_with_the_partners_number(desk: TestDesk) -> None:
    reader(desk, "wang", on_duty=True)
    name_the_end(desk)
    talk = in_crisis(desk)
    desk.run(talk)
    before = len(desk.heard(talk))
    _later(desk, 120)
    _later(desk, 180)
    desk.run(talk)
    words = desk.heard(talk)[before:]
    assert len(words) == 2
    assert "110" in words[0]
    assert PARTNER.phone in words[1]
    assert PARTNER.name in words[1]


def test_a_held_talk_whose_cadre_is_there_is_not_spoken_into_at_the_end(desk: TestDesk) -> None:
    wang = reader(desk, "wang", on_duty=True)
    talk = desk.visitor()
    claim_chat(talk.pk, wang, now=desk.clock())
    desk.writes(talk, CRISIS)
    said = Message.objects.filter(conversation=talk).count()
    for _ in range(4):
        desk.clock.forward(seconds=120)
        stays(desk, wang)
        advance_alarms(now=desk.clock())
    talk.refresh_from_db()
    assert talk.alarm_step >= Step.END
    assert Message.objects.filter(conversation=talk).count() == said


def test_in_a_held_talk_its_cadre_and_the_supervisors_are_called(desk: TestDesk) -> None:
    wang = reader(desk, "wang", on_duty=True)
    reader(desk, "zhao", on_duty=True)
    supervisor(desk)
    talk = desk.visitor()
    claim_chat(talk.pk, wang, now=desk.clock())
    desk.writes(talk, CRISIS)
    assert mailed(talk, Step.FIRST) == {"wang@union.test", "lead@union.test"}


def test_a_second_crisis_message_neither_restarts_the_clocks_nor_floods(desk: TestDesk) -> None:
    reader(desk, "wang", on_duty=True)
    talk = in_crisis(desk)
    alerts, due = Alert.objects.count(), talk.alarm_due_at
    for number in range(5):
        desk.clock.forward(seconds=10)
        desk.writes(talk, f"{CRISIS}{number}")
    talk.refresh_from_db()
    assert talk.alarm_due_at == due
    assert Alert.objects.count() == alerts


def test_after_an_acknowledgement_a_new_crisis_begins_anew(desk: TestDesk) -> None:
    wang = reader(desk, "wang", on_duty=True)
    talk = in_crisis(desk)
    _later(desk, 120)
    acknowledge(talk.pk, wang, now=desk.clock())
    desk.clock.forward(minutes=1)
    desk.writes(talk, CRISIS)
    talk.refresh_from_db()
    assert talk.alarm_step == Step.FIRST
    assert talk.alarmed_at == desk.clock()
    assert talk.alarm_due_at == desk.clock() + timedelta(minutes=2)


def test_an_acknowledgement_stops_the_chain_and_what_waits(desk: TestDesk) -> None:
    wang = reader(desk, "wang", on_duty=True)
    reader(desk, "zhao")
    talk = in_crisis(desk)
    acknowledge(talk.pk, wang, now=desk.clock())
    talk.refresh_from_db()
    assert set(Alert.objects.values_list("delivery", flat=True)) == {Delivery.CANCELLED}
    assert _later(desk, 250) == 0
    assert steps_of(talk) == []


def test_a_crisis_that_was_seen_and_not_taken_rings_again(desk: TestDesk) -> None:
    wang = reader(desk, "wang", on_duty=True)
    talk = in_crisis(desk)
    acknowledge(talk.pk, wang, now=desk.clock())
    _later(desk, CLAIMED_WITHIN.total_seconds())
    talk.refresh_from_db()
    assert (talk.alarm_rings, talk.alarm_step) == (True, 0)
    acknowledge(talk.pk, wang, now=desk.clock())
    claim_chat(talk.pk, wang, now=desk.clock())
    _later(desk, 3600)
    talk.refresh_from_db()
    assert not talk.alarm_rings


def test_a_takeover_stops_the_chain(desk: TestDesk) -> None:
    wang = reader(desk, "wang", on_duty=True)
    talk = in_crisis(desk)
    claim_chat(talk.pk, wang, now=desk.clock())
    assert _later(desk, 3600) == 0


def test_the_end_is_called_again_eight_times_and_the_page_rings_on(desk: TestDesk) -> None:
    reader(desk, "wang")
    name_the_end(desk)
    talk = in_crisis(desk)
    for _ in range(100):
        _later(desk, 300)
    talk.refresh_from_db()
    assert talk.alarm_step == LAST_STEP
    assert talk.alarm_due_at is None
    assert talk.alarm_rings
    assert Alert.objects.filter(address=PARTNER.mail).count() == 9
    assert Alert.objects.filter(address=PARTNER.mail, delivery=Delivery.PENDING).count() == 1


def test_the_partner_for_those_in_danger_is_not_called_for_an_urgent_matter(desk: TestDesk) -> None:
    reader(desk, "wang", on_duty=True)
    supervisor(desk)
    name_the_end(desk)
    talk = in_crisis(desk)
    Conversation.objects.filter(pk=talk.pk).update(level="sensitive", urgent=True)
    desk.run(talk)
    heard = desk.heard(talk)
    for _ in range(8):
        _later(desk, 300)
    assert mailed(talk, Step.END) == {"wang@union.test", "lead@union.test"}
    assert mailed(talk, Step.END + 1) == {"lead@union.test"}
    assert not Alert.objects.filter(address=PARTNER.mail).exists()
    desk.run(talk)
    assert desk.heard(talk) == heard


def test_without_a_partner_the_leads_are_called_again_and_again(desk: TestDesk) -> None:
    supervisor(desk)
    talk = in_crisis(desk)
    for _ in range(8):
        _later(desk, 300)
    assert mailed(talk, Step.END + 1) == {"lead@union.test"}


def test_a_crisis_message_after_the_last_step_begins_the_chain_again(desk: TestDesk) -> None:
    reader(desk, "wang")
    talk = in_crisis(desk)
    for _ in range(100):
        _later(desk, 300)
    desk.writes(talk, CRISIS)
    talk.refresh_from_db()
    assert talk.alarm_step == Step.FIRST
    assert talk.alarm_due_at is not None


def test_steps_missed_while_nothing_ran_are_caught_up_and_the_end_is_not_called_in_a_burst(desk: TestDesk) -> None:
    reader(desk, "wang", on_duty=True)
    reader(desk, "zhao")
    supervisor(desk)
    name_the_end(desk)
    talk = in_crisis(desk)
    assert _later(desk, 7200) == 3
    assert steps_of(talk) == ["step:1", "step:2", "step:3"]
    assert _later(desk, 14 * 60) == 0
    assert _later(desk, 60) == 1


def test_a_clock_that_was_set_back_delays_no_step_for_long(desk: TestDesk) -> None:
    reader(desk, "wang", on_duty=True)
    reader(desk, "zhao")
    supervisor(desk)
    name_the_end(desk)
    talk = in_crisis(desk)
    desk.clock.forward(hours=-5)
    assert advance_alarms(now=desk.clock()) == 1
    assert advance_alarms(now=desk.clock()) == 0
    for _ in range(8):
        _later(desk, 120)
    talk.refresh_from_db()
    assert talk.alarm_step == Step.END
    assert steps_of(talk) == ["step:1", "step:2", "step:3"]


def test_a_small_correction_of_the_clock_changes_nothing(desk: TestDesk) -> None:
    reader(desk, "wang", on_duty=True)
    in_crisis(desk)
    assert _later(desk, -3) == 0


def test_the_times_are_the_installations(desk: TestDesk, settings: Settings) -> None:
    settings.NIANGJIA = replace(settings.NIANGJIA, alarm_next_s=30, alarm_supervisor_s=60, alarm_end_s=90)
    reader(desk, "wang", on_duty=True)
    reader(desk, "zhao")
    supervisor(desk)
    talk = in_crisis(desk)
    for _ in range(3):
        assert _later(desk, 30) == 1
    talk.refresh_from_db()
    assert talk.alarm_step == Step.END


def test_an_alarm_that_cannot_go_on_keeps_no_other_from_going_on(desk: TestDesk) -> None:
    reader(desk, "wang", on_duty=True)
    reader(desk, "zhao")
    broken, sound = in_crisis(desk), in_crisis(desk)
    Conversation.objects.filter(pk=broken.pk).update(level="no such level")
    desk.clock.forward(minutes=2)
    with pytest.raises(ValueError, match="no such level"):
        advance_alarms(now=desk.clock())
    sound.refresh_from_db()
    assert sound.alarm_step == Step.NEXT


def test_a_spoilt_file_of_holidays_does_not_silence_the_alarm(desk: TestDesk, settings: Settings) -> None:
    _rostered(desk, reader(desk, "wang"))
    supervisor(desk)
    holidays = settings.NIANGJIA.home / "holidays.yml"
    holidays.write_text("holidays: not a list", encoding="utf-8")
    try:
        assert mailed(in_crisis(desk), Step.FIRST) == {"wang@union.test"}
    finally:
        holidays.unlink()


def test_a_graver_matter_begins_an_alarm_that_rings_already_anew(desk: TestDesk) -> None:
    from handoff.alarms import raise_alarm

    reader(desk, "wang", on_duty=True)
    talk = in_crisis(desk)
    _later(desk, 120)
    talk.refresh_from_db()
    raise_alarm(talk, now=desk.clock(), graver=True)
    assert talk.alarm_step == Step.FIRST
    assert talk.alarm_due_at == desk.clock() + timedelta(minutes=2)
