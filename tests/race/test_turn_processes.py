"""Turns in a process of their own: it may die, or never come up; workers are answered all the same."""

from __future__ import annotations

import signal
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
import pytest

from bot.parts import PartNotReady, PartState
from bot.turn_processes import running
from bot.turn_processes.link import LOADED, Link, ends
from bot.turn_processes.running import Process, TurnProcesses
from handoff.wakeups import Topic, bulletin
from tests.served import Served, Worker

QUESTION = "老板拖欠工资怎么办"


class StandIn:
    """Notes when it is asked to answer."""

    def __init__(self) -> None:
        self.stands = threading.Event()

    def start(self) -> None:
        self.stands.set()

    def look(self, *, older_than: timedelta) -> None:
        """Nothing to look for."""

    def stop(self) -> None:
        self.stands.clear()


class Neighbour:
    """A process as `TurnProcesses` sees it, played by a thread with the other end of the line."""

    def __init__(self, end: socket.socket, loaded: int | None) -> None:
        self.link = Link(end.dup())
        self.heard: list[int] = []
        self.ended = threading.Event()
        if loaded is None:
            self.link.close()
            self.ended.set()
        else:
            self.link.tell(LOADED, loaded)
            threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        self.heard += [news.number for news in self.link.news()]
        self.ended.set()

    def wait(self, timeout: float | None = None) -> int:
        """See `Process`."""
        self.ended.wait(timeout)
        return 0

    def kill(self) -> None:
        """See `Process`."""
        self.link.close()


class Street:
    """Neighbours, the next of which comes up as told: 1, 0 (a part is missing) or None (it ends at once)."""

    def __init__(self, *loaded: int | None) -> None:
        self.to_come, self.neighbours = list(loaded), list[Neighbour]()

    def spawn(self, end: socket.socket) -> Process:
        """See `bot.turn_processes.running.Spawn`."""
        self.neighbours.append(Neighbour(end, self.to_come.pop(0)))
        return self.neighbours[-1]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_LONGEST_PAUSE_S", 0.0)


def test_a_line_that_nobody_reads_keeps_nobody_waiting() -> None:
    ours, theirs = ends()
    with theirs:
        link = Link(ours)
        for number in range(50_000):
            link.tell(Topic.INBOUND, number)
        link.close()


def test_wake_ups_go_both_ways() -> None:
    street, heard = Street(1), threading.Event()
    turns = TurnProcesses(1, stand_in=StandIn(), changed=lambda state: None, spawn=street.spawn)
    unsubscribe = bulletin.subscribe(Topic.ALERT, lambda number: heard.set() if number == 7 else None)
    try:
        turns.begin()
        turns.wait_loaded()
        turns.start()
        street.neighbours[0].link.tell(Topic.ALERT, 7)
        assert heard.wait(5)
        bulletin.publish(Topic.INBOUND, 12)
    finally:
        unsubscribe()
        turns.stop()
    assert street.neighbours[0].heard == [12]


def test_one_that_ends_is_begun_anew_and_the_desk_is_not_ready_meanwhile() -> None:
    street, states, again = Street(1, 1), list[PartState](), threading.Event()

    def changed(state: PartState) -> None:
        states.append(state)
        if len(states) == 3:
            again.set()

    stand_in = StandIn()
    turns = TurnProcesses(1, stand_in=stand_in, changed=changed, spawn=street.spawn)
    try:
        turns.begin()
        turns.wait_loaded()
        turns.start()
        street.neighbours[0].kill()
        assert again.wait(5)
    finally:
        turns.stop()
    assert states == [PartState.READY, PartState.LOADING, PartState.READY]
    assert not stand_in.stands.is_set()


def test_when_none_comes_up_this_process_answers_until_one_does() -> None:
    street, stand_in, ready = Street(None, None, None, None, 1), StandIn(), threading.Event()
    may_go_on = threading.Event()

    def spawn(end: socket.socket) -> Process:
        if len(street.neighbours) == 4:
            may_go_on.wait(5)
        return street.spawn(end)

    def changed(state: PartState) -> None:
        if state is PartState.READY:
            ready.set()

    turns = TurnProcesses(1, stand_in=stand_in, changed=changed, spawn=spawn)
    try:
        turns.begin()
        with pytest.raises(PartNotReady):
            turns.wait_loaded()
        turns.start()
        assert stand_in.stands.wait(5)
        may_go_on.set()
        assert ready.wait(5)
        assert not stand_in.stands.is_set()
    finally:
        turns.stop()


def test_when_none_could_be_begun_this_process_answers() -> None:
    street, stand_in = Street(), StandIn()
    turns = TurnProcesses(1, stand_in=stand_in, changed=lambda state: None, spawn=street.spawn)
    turns.start()  # building or loading broke off before
    assert stand_in.stands.is_set()
    turns.stop()
    assert not stand_in.stands.is_set()


def test_a_part_that_is_missing_there_is_told_here() -> None:
    street, stand_in, states = Street(0), StandIn(), list[PartState]()
    turns = TurnProcesses(1, stand_in=stand_in, changed=states.append, spawn=street.spawn)
    try:
        turns.begin()
        with pytest.raises(PartNotReady):
            turns.wait_loaded()
        turns.start()
        assert states == [PartState.FAILED]
        assert not stand_in.stands.is_set()  # that process says the kind words itself
    finally:
        turns.stop()


def _turn_process(server: Served) -> psutil.Process:
    assert server.process is not None
    children = psutil.Process(server.process.pid).children()
    return next(child for child in children if "bot.turn_processes.serving" in child.cmdline())


def test_a_kill_of_the_turn_process_loses_nothing_and_it_ends_with_the_desk(tmp_path: Path) -> None:
    server = Served(tmp_path / "home")
    server.start()
    try:
        server.wait_ready()
        worker = Worker(server.address)
        first = _turn_process(server)
        first.send_signal(signal.SIGSTOP)  # so that the message is surely not answered before the kill
        assert worker.write(QUESTION).status_code == 201
        first.send_signal(signal.SIGKILL)
        first.wait(10)
        assert _becomes(server, 503)
        heard = worker.hear(1, within_s=120)
        assert [message["kind"] for message in heard] == ["engine"]
        assert heard[0]["citations"]
        assert _becomes(server, 200)
        second = _turn_process(server)
        server.kill()
        second.wait(30)
    finally:
        server.stop()


def _becomes(server: Served, status: int) -> bool:
    until = time.monotonic() + 30
    while httpx.get(server.address + "/readyz").status_code != status:
        assert time.monotonic() < until
        time.sleep(0.02)
    return True
