"""Alerts go out by mail and to the group: once, again when they failed, and never with more than a number."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import Settings

from bot.alerts.deliverer import MOST_TRIES, AlertDeliverer
from bot.alerts.notes import TALK_PATH, TRIAL_PATH, Note
from bot.alerts.queues import alert_deliverers
from bot.delivery import SendOutcome, SendResult
from handoff.alerts import try_road
from handoff.desk import acknowledge, claim_chat
from handoff.kinds import AlertRoad, Channel, Delivery
from handoff.models import Alert, Cadre, Conversation
from handoff.roads import road_states
from tests.alarms import CRISIS, in_crisis, name_the_end, reader, set_roads, supervisor
from tests.desk import TestDesk
from tests.fakes.group_robot import GroupRobot, group_robot
from tests.fakes.mail_server import MailServer, Mood, mail_server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def robot() -> Iterator[GroupRobot]:
    with group_robot() as robot:
        yield robot


@pytest.fixture
def roads(desk: TestDesk, settings: Settings, mail: MailServer, robot: GroupRobot) -> tuple[AlertDeliverer, ...]:
    set_roads(settings, smtp_port=mail.port, wecom_robot_url=robot.url)
    return alert_deliverers(settings.NIANGJIA, clock=desk.clock)


def _run(roads: tuple[AlertDeliverer, ...]) -> None:
    for road in roads:
        for alert_id in road.due():
            road.run(alert_id)


def test_an_alarm_arrives_by_both_roads(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer, robot: GroupRobot
) -> None:
    reader(desk, "wang", on_duty=True)
    talk = in_crisis(desk)
    _run(roads)
    assert mail.addresses == {"wang@union.test"}
    assert robot.words == [f"红 {talk.number}\nhttps://desk.union.test/console/talk/{talk.pk}"]
    assert set(Alert.objects.values_list("delivery", flat=True)) == {Delivery.SENT}
    _run(roads)
    assert (mail.tries, robot.tries) == (1, 1)


def test_an_alert_holds_a_number_a_colour_and_a_link_and_nothing_else(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer, robot: GroupRobot
) -> None:
    reader(desk, "王敏", on_duty=True)
    Cadre.objects.update(mail="w@union.test")
    talk = in_crisis(desk)
    _run(roads)
    message = mail.to("w@union.test")[0]
    whole = "\n".join([message["subject"], *message.get_content().split()])
    link = rf"https://desk\.union\.test/console/talk/{talk.pk}"
    assert re.fullmatch(rf"红 T\d{{6}}\n红\nT\d{{6}}\n{link}", whole)
    assert re.fullmatch(rf"红 T\d{{6}}\n{link}", robot.words[0])
    for text in (str(message), str(robot.posts)):
        for never in ("王敏", "不想活", "楼顶", "自杀", "轻生", "测试总工会", "紧急求助", CRISIS):
            assert never not in text


def test_what_is_urgent_without_danger_to_life_is_orange(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], robot: GroupRobot
) -> None:
    talk = in_crisis(desk)
    Conversation.objects.filter(pk=talk.pk).update(level="sensitive")
    _run(roads)
    assert robot.words[0].startswith(f"橙 {talk.number}")


def test_a_refused_mail_is_tried_again_with_growing_pauses_and_then_given_up(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer
) -> None:
    reader(desk, "wang", on_duty=True)
    mail.mood = Mood.REFUSES
    in_crisis(desk)
    pauses = []
    while mail.tries < MOST_TRIES:
        _run(roads)
        alert = Alert.objects.get(road=AlertRoad.MAIL)
        pauses.append(alert.due_at - desk.clock())
        assert alert.reason == "smtp:451"
        desk.clock.now = max(desk.clock.now, alert.due_at)
    assert pauses[:-1] == sorted(pauses[:-1])
    assert alert.delivery == Delivery.FAILED
    assert desk.clock() - alert.created_at < timedelta(minutes=10)
    desk.clock.forward(minutes=5)
    _run(roads)
    assert mail.tries == MOST_TRIES


def test_a_road_that_recovers_delivers_what_waited(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer, robot: GroupRobot
) -> None:
    reader(desk, "wang", on_duty=True)
    mail.mood, robot.errcode = Mood.REFUSES, 45009
    in_crisis(desk)
    _run(roads)
    assert Alert.objects.get(road=AlertRoad.WECOM).reason == "errcode:45009"
    mail.mood, robot.errcode = Mood.TAKES, 0
    desk.clock.forward(seconds=7)
    _run(roads)
    assert mail.addresses == {"wang@union.test"}
    assert len(robot.posts) == 1


def test_an_alarm_whose_arrival_is_uncertain_is_sent_again(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer
) -> None:
    reader(desk, "wang", on_duty=True)
    mail.mood = Mood.HANGS_UP
    in_crisis(desk)
    _run(roads)
    assert Alert.objects.get(road=AlertRoad.MAIL).delivery == Delivery.PENDING
    mail.mood = Mood.TAKES
    desk.clock.forward(seconds=7)
    _run(roads)
    assert mail.addresses == {"wang@union.test"}


@pytest.mark.parametrize(("status", "errcode", "reason"), [(502, 0, "http:502"), (200, 93000, "errcode:93000")])
def test_a_robot_that_refuses_is_a_failure_with_its_code(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], robot: GroupRobot, status: int, errcode: int, reason: str
) -> None:
    robot.status, robot.errcode = status, errcode
    in_crisis(desk)
    _run(roads)
    assert Alert.objects.get(road=AlertRoad.WECOM).reason == reason
    assert robot.posts == []


def test_a_server_that_is_not_there_is_a_failure(desk: TestDesk, settings: Settings) -> None:
    reader(desk, "wang", on_duty=True)
    set_roads(settings, smtp_port=1, wecom_robot_url="http://127.0.0.1:1/send")
    roads = alert_deliverers(settings.NIANGJIA, clock=desk.clock)
    in_crisis(desk)
    _run(roads)
    assert list(Alert.objects.values_list("reason", flat=True)) == ["no_connection"] * 2
    assert [state.dead for state in road_states(desk.union, now=desk.clock())] == [True, True]


def test_nothing_is_sent_after_an_acknowledgement(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer, robot: GroupRobot
) -> None:
    wang = reader(desk, "wang", on_duty=True)
    talk = in_crisis(desk)
    waiting = list(Alert.objects.values_list("pk", flat=True))
    acknowledge(talk.pk, wang, now=desk.clock())
    for road in roads:
        for alert_id in waiting:
            assert not road.run(alert_id)
    assert (mail.tries, robot.tries) == (0, 0)


def test_a_failure_after_an_acknowledgement_is_not_tried_again(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer
) -> None:
    wang = reader(desk, "wang", on_duty=True)
    talk = in_crisis(desk)

    class Acknowledged:
        def send(self, address: str, note: Note) -> SendOutcome:
            acknowledge(talk.pk, wang, now=desk.clock())
            return SendOutcome(SendResult.FAILED, "no_connection")

    road = AlertDeliverer(AlertRoad.MAIL, Acknowledged(), base="", clock=desk.clock, rng=random.Random(1))
    _run((road,))
    assert Alert.objects.get(road=AlertRoad.MAIL).delivery == Delivery.FAILED


def test_a_cadre_who_is_kept_from_the_talk_meanwhile_gets_no_mail(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer
) -> None:
    wang = reader(desk, "wang", on_duty=True)
    reader(desk, "zhao", on_duty=True)
    in_crisis(desk).kept_from.add(wang)
    _run(roads)
    assert mail.addresses == {"zhao@union.test"}


def test_what_a_process_that_died_had_begun_is_sent_by_the_next(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], robot: GroupRobot
) -> None:
    in_crisis(desk)
    Alert.objects.update(delivery=Delivery.SENDING, owner="elsewhere:1:1", attempts=1, changed_at=desk.clock())
    _run(roads)
    assert robot.tries == 0
    desk.clock.forward(seconds=61)
    _run(roads)
    assert len(robot.posts) == 1


def test_a_newer_step_takes_the_place_of_what_still_waits(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], robot: GroupRobot
) -> None:
    from handoff.alarm_steps import advance_alarms

    reader(desk, "wang", on_duty=True)
    supervisor(desk)
    robot.errcode = 45009
    in_crisis(desk)
    _run(roads)
    desk.clock.forward(minutes=2)
    advance_alarms(now=desk.clock())
    assert Alert.objects.filter(road=AlertRoad.WECOM, delivery=Delivery.PENDING).count() == 1
    robot.errcode = 0
    _run(roads)
    assert len(robot.posts) == 1


def test_a_clock_that_was_set_back_does_not_hold_an_alert(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], robot: GroupRobot
) -> None:
    in_crisis(desk)
    desk.clock.forward(hours=-3)
    _run(roads)
    assert len(robot.posts) == 1


def test_a_trial_says_at_once_what_became_of_it(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer
) -> None:
    wang = reader(desk, "wang")
    mail.mood = Mood.REFUSES
    trial = try_road(wang, AlertRoad.MAIL, now=desk.clock())
    _run(roads)
    trial.refresh_from_db()
    assert (trial.delivery, trial.reason) == (Delivery.FAILED, "smtp:451")
    assert next(state for state in road_states(desk.union, now=desk.clock()) if state.road == AlertRoad.MAIL).dead
    mail.mood = Mood.TAKES
    desk.clock.forward(minutes=1)
    try_road(wang, AlertRoad.MAIL, now=desk.clock())
    _run(roads)
    assert mail.to("wang@union.test")[0]["subject"].startswith("试 ")
    assert not any(state.dead for state in road_states(desk.union, now=desk.clock()))


def test_a_second_press_sends_no_second_trial(desk: TestDesk, roads: tuple[AlertDeliverer, ...]) -> None:
    wang = reader(desk, "wang")
    first = try_road(wang, AlertRoad.WECOM, now=desk.clock())
    assert try_road(wang, AlertRoad.WECOM, now=desk.clock()).pk == first.pk


def test_a_road_is_to_be_tried_when_it_never_was_or_not_for_thirty_days(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...]
) -> None:
    assert all(state.untried for state in road_states(desk.union, now=desk.clock()))
    wang = reader(desk, "wang")
    for road in AlertRoad:
        try_road(wang, road, now=desk.clock())
    _run(roads)
    assert not any(state.untried for state in road_states(desk.union, now=desk.clock()))
    desk.clock.forward(days=31)
    assert all(state.untried for state in road_states(desk.union, now=desk.clock()))


def test_no_secret_and_no_address_stands_in_the_log(
    desk: TestDesk,
    roads: tuple[AlertDeliverer, ...],
    mail: MailServer,
    robot: GroupRobot,
    caplog: pytest.LogCaptureFixture,
) -> None:
    reader(desk, "wang", on_duty=True)
    robot.status = 500
    mail.mood = Mood.HANGS_UP
    with caplog.at_level(logging.INFO):
        in_crisis(desk)
        _run(roads)
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "a-secret-key" not in said
    assert "wang@union.test" not in said
    assert logging.getLogger("httpx").getEffectiveLevel() >= logging.WARNING


def test_the_worker_on_a_pushing_channel_is_no_matter_for_the_roads(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer
) -> None:
    wang = reader(desk, "wang", on_duty=True)
    talk = desk.visitor(Channel.WECHAT)
    claim_chat(talk.pk, wang, now=desk.clock())
    desk.writes(talk, CRISIS)
    _run(roads)
    assert mail.addresses == {"wang@union.test"}


def test_the_partner_at_the_end_gets_no_more_than_others(
    desk: TestDesk, roads: tuple[AlertDeliverer, ...], mail: MailServer
) -> None:
    from handoff.alarm_steps import advance_alarms

    name_the_end(desk)
    talk = in_crisis(desk)
    for _ in range(3):
        desk.clock.forward(minutes=5)
        advance_alarms(now=desk.clock())
        _run(roads)
    message = mail.to("hotline@partner.test")[0]
    link = f"https://desk.union.test/console/talk/{talk.pk}"
    assert message.get_content().strip().splitlines() == [f"红 {talk.number}", link]


def test_the_links_are_the_consoles_own() -> None:
    assert reverse("console:talk", args=[7]) == TALK_PATH.format(pk=7)
    assert reverse("console:alerts") == TRIAL_PATH


def test_secrets_do_not_print(settings: Settings) -> None:
    shown = repr(replace(settings.NIANGJIA, smtp_password="pass-phrase", wecom_robot_url="https://x.test/?key=k"))
    assert "pass-phrase" not in shown
    assert "key=k" not in shown
