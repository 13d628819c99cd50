"""One night on which nobody answers: a public holiday, through midnight, with roads that fail and a desk that dies.

Real records, rules, sweeps, deliverers, SMTP and HTTP; only time is made.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as installation
from pytest_django import Settings

from bot.alerts.deliverer import AlertDeliverer
from bot.alerts.notes import Note
from bot.composition import Desk, compose
from bot.delivery import SendOutcome
from handoff.chain import LAST_STEP
from handoff.kinds import AlertRoad, DayKind, Delivery
from handoff.models import Alert, Cadre, Conversation, RosterLine
from handoff.roads import dead_roads
from handoff.sweeps import sweep_all
from tests.alarms import PARTNER, in_crisis, name_the_end, reader, set_roads, steps_of, supervisor
from tests.desk import TestDesk
from tests.fakes.group_robot import GroupRobot, group_robot
from tests.fakes.mail_server import MailServer, Mood, mail_server

BEIJING = ZoneInfo("Asia/Shanghai")
WANG, ZHAO, SUN, LEAD = (f"{name}@union.test" for name in ("wang", "zhao", "sun", "lead"))


class Dies:
    """A road on which the process is killed while it sends."""

    def send(self, address: str, note: Note) -> SendOutcome:
        """Nobody hears of it any more."""
        raise KeyboardInterrupt


@dataclass
class Night:
    """The desk by night, with what arrived by when."""

    desk: TestDesk
    mail: MailServer
    robot: GroupRobot
    parts: Desk
    arrived: list[tuple[str, str]] = field(default_factory=list)

    def until(self, clock: str, *, day: int, beat_s: int = 2) -> None:
        """Let time pass, in the runtime's own beat of two seconds or in a slower one."""
        end = datetime(2026, 10, day, *map(int, clock.split(":")), tzinfo=BEIJING)
        while self.desk.clock.now < end:
            self.desk.clock.forward(seconds=beat_s)
            self.beat()

    def beat(self) -> None:
        """What a serving process does in one beat, and what came of it."""
        taken = len(self.mail.mails)
        assert sweep_all(now=self.desk.clock()) == []
        for road in self.parts.alerts:
            for alert_id in road.due():
                road.run(alert_id)
        now = self.desk.clock.now.astimezone(BEIJING).strftime("%H:%M")
        self.arrived += [(now, address) for address, _ in self.mail.mails[taken:]]

    def dies_while_sending(self) -> None:
        """The process is killed while it sends by each road; another one begins over the same database."""
        for road in AlertRoad:
            deliverer = AlertDeliverer(road, Dies(), base="", clock=self.desk.clock, rng=random.Random(1))
            while not (due := deliverer.due()):
                self.desk.clock.forward(seconds=2)
            with suppress(KeyboardInterrupt):
                deliverer.run(due[0])
        assert Alert.objects.filter(delivery=Delivery.SENDING).update(owner="a-dead-host:1:1") == 2
        self.starts_again()

    def starts_again(self) -> None:
        """Another process over the same database."""
        self.parts = self.desk.desk = compose(installation.NIANGJIA, clock=self.desk.clock)


@pytest.fixture
def night(desk: TestDesk, settings: Settings) -> Iterator[Night]:
    with mail_server() as mail, group_robot() as robot:
        set_roads(settings, smtp_port=mail.port, wecom_robot_url=robot.url)
        desk.clock.now = datetime(2026, 10, 1, 23, 58, tzinfo=BEIJING)
        yield Night(desk, mail, robot, compose(settings.NIANGJIA, clock=desk.clock))


def _on_roster(cadre: Cadre, days: DayKind, starts: time, ends: time) -> None:
    RosterLine.objects.create(
        cadre=cadre, day_kind=days, starts=starts, ends=ends, valid_from=date(2026, 1, 1), valid_until=None
    )


def _people(desk: TestDesk) -> None:
    """Wang serves by day on workdays, Zhao in the evening of holidays, Sun from midnight on; the lead never."""
    _on_roster(reader(desk, "wang"), DayKind.WORKDAYS, time(0), time(0))
    _on_roster(reader(desk, "zhao"), DayKind.REST_DAYS, time(18), time(0))
    _on_roster(reader(desk, "sun"), DayKind.EVERY_DAY, time(0), time(8))
    supervisor(desk)
    name_the_end(desk)


def _state(talk: Conversation) -> dict[str, Any]:
    return {"rings": Conversation.objects.get(pk=talk.pk).alarm_rings, "steps": steps_of(talk)}


def test_a_night_on_which_nobody_answers_goes_step_by_step_to_the_named_end(night: Night) -> None:
    _people(night.desk)
    night.until("23:59", day=1)
    talk = in_crisis(night.desk)
    night.beat()
    assert night.arrived == [("23:59", ZHAO)], "the holiday's roster, not the workday's"
    assert len(night.robot.posts) == 1

    night.until("23:59:30", day=1)
    night.mail.mood, night.robot.errcode = Mood.REFUSES, 45009
    night.until("00:01:10", day=2)
    assert _state(talk) == {"rings": True, "steps": ["step:1"]}
    assert night.arrived == [("23:59", ZHAO)]
    assert {state.road for state in dead_roads(night.desk.union, now=night.desk.clock())} == set(AlertRoad)

    night.dies_while_sending()
    night.mail.mood, night.robot.errcode = Mood.TAKES, 0
    night.until("00:03", day=2)
    assert night.arrived[1:] == [("00:02", SUN)], "who serves after midnight, a minute after the sender died"
    assert len(night.robot.posts) == 2

    night.until("00:04:02", day=2)
    assert night.arrived[2:] == [("00:04", LEAD)]
    assert steps_of(talk) == ["step:1", "step:2"]
    night.starts_again()

    night.until("00:07:02", day=2)
    assert set(night.arrived[3:]) == {("00:07", address) for address in (WANG, ZHAO, SUN, LEAD, PARTNER.mail)}
    assert steps_of(talk) == ["step:1", "step:2", "step:3"]
    night.desk.run(talk)
    assert PARTNER.phone in night.desk.heard(talk)[-1]
    assert dead_roads(night.desk.union, now=night.desk.clock()) == ()

    night.until("02:30", day=2, beat_s=20)
    again = night.arrived[8:]
    assert [address for _, address in again] == [PARTNER.mail] * 8
    assert [clock for clock, _ in again][:3] == ["00:22", "00:37", "00:52"]
    assert _state(talk) == {"rings": True, "steps": [f"step:{step}" for step in range(1, LAST_STEP + 1)]}


def test_with_all_roads_dead_the_whole_night_the_chain_still_comes_to_its_end_on_the_page(night: Night) -> None:
    _people(night.desk)
    night.mail.mood, night.robot.status = Mood.HANGS_UP, 500
    talk = in_crisis(night.desk)
    night.until("00:08", day=2)
    assert steps_of(talk) == ["step:1", "step:2", "step:3"]
    assert Conversation.objects.get(pk=talk.pk).alarm_rings
    assert night.arrived == []
    assert len(dead_roads(night.desk.union, now=night.desk.clock())) == 2


def test_the_one_who_answers_after_midnight_stops_the_night(night: Night) -> None:
    from handoff.desk import claim_chat, reply

    _people(night.desk)
    talk = in_crisis(night.desk)
    night.until("00:02", day=2)
    sun = Cadre.objects.get(display_name="sun")
    claim_chat(talk.pk, sun, now=night.desk.clock())
    reply(talk.pk, sun, "我在", key="k1", now=night.desk.clock())
    told = (len(night.mail.mails), len(night.robot.posts), steps_of(talk))
    night.until("00:30", day=2, beat_s=20)
    assert (len(night.mail.mails), len(night.robot.posts), steps_of(talk)) == told
