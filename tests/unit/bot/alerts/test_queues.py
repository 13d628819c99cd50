"""The background threads of the roads: alarms are taken up at once, and no road waits for another."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest
from pytest_django import Settings

from bot.alerts.deliverer import AlertDeliverer
from bot.alerts.notes import Note
from bot.alerts.queues import AlertQueues
from bot.delivery import SendOutcome, SendResult
from handoff.kinds import AlertRoad, Delivery
from handoff.models import Alert
from tests.alarms import in_crisis, reader, set_roads
from tests.desk import TestDesk, make_desk
from tests.fakes.dialogue import FakeDialogue

pytestmark = pytest.mark.django_db(transaction=True)
LONG_S = 20


class Road:
    """Takes a note once `ready`, and says that it has."""

    def __init__(self, ready: Callable[[], object] = lambda: None) -> None:
        self.taken = threading.Event()
        self._ready = ready

    def send(self, address: str, note: Note) -> SendOutcome:
        """Taken."""
        self._ready()
        self.taken.set()
        return SendOutcome(SendResult.SENT)


@pytest.fixture
def desk(settings: Settings) -> TestDesk:
    set_roads(settings)
    desk = make_desk(FakeDialogue())
    reader(desk, "wang", on_duty=True)
    return desk


def _queues(desk: TestDesk, mail: Road, group: Road) -> AlertQueues:
    rng = random.Random(1)
    roads = {AlertRoad.MAIL: mail, AlertRoad.WECOM: group}
    return AlertQueues(
        [AlertDeliverer(road, sender, base="", clock=desk.clock, rng=rng) for road, sender in roads.items()]
    )


def test_an_alarm_is_taken_up_when_it_is_committed(desk: TestDesk) -> None:
    mail, group = Road(), Road()
    queues = _queues(desk, mail, group)
    queues.start()
    in_crisis(desk)
    assert mail.taken.wait(LONG_S)
    assert group.taken.wait(LONG_S)
    queues.stop()
    assert set(Alert.objects.values_list("delivery", flat=True)) == {Delivery.SENT}


def test_a_mail_server_that_does_not_answer_holds_up_no_other_road(desk: TestDesk) -> None:
    group = Road()
    mail = Road(ready=lambda: group.taken.wait(LONG_S))
    queues = _queues(desk, mail, group)
    queues.start()
    in_crisis(desk)
    assert group.taken.wait(LONG_S)
    assert mail.taken.wait(LONG_S)
    queues.stop()


def test_what_was_written_before_the_process_began_is_found(desk: TestDesk) -> None:
    in_crisis(desk)
    mail, group = Road(), Road()
    queues = _queues(desk, mail, group)
    queues.look()
    assert mail.taken.wait(LONG_S)
    assert group.taken.wait(LONG_S)
    queues.stop()
    assert set(Alert.objects.values_list("delivery", flat=True)) == {Delivery.SENT}
