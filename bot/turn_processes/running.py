"""The serving process's side: begins the processes that run turns, passes wake-ups on, begins anew what has ended."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final, Protocol

from bot.parts import PartNotReady, PartState
from bot.turn_processes.link import LOADED, Link, News, ends
from bot.turn_work import TurnsRunner
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.turns")

# So many ends in a row before anything was loaded: then this process answers, with kind words, until one is there.
EARLY_ENDS: Final = 3
_LONGEST_PAUSE_S: Final = 60.0
_STOPS_WITHIN_S: Final = 20.0


class Process(Protocol):
    """What is asked of a process: `subprocess.Popen` is one."""

    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...


Spawn = Callable[[socket.socket], Process]
Changed = Callable[[PartState], None]


def spawn(end: socket.socket) -> Process:
    """A process of the same program with the same settings, holding that end."""
    command = [sys.executable, "-m", "bot.turn_processes.serving", str(end.fileno())]
    return subprocess.Popen(command, pass_fds=[end.fileno()], stdin=subprocess.DEVNULL)


class TurnProcesses:
    """A `TurnsRunner` whose turns run elsewhere. `changed` hears how far the dialogue is from then on."""

    def __init__(self, count: int, *, stand_in: TurnsRunner, changed: Changed, spawn: Spawn = spawn) -> None:
        """`stand_in`: answers in this process while no other can be begun."""
        self._stand_in, self._changed = stand_in, changed
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._begun = self._stands_in = self._may_stand_in = False
        self._kept = [_Kept(spawn, self._told, self._stopping) for _ in range(count)]
        self._unsubscribe: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """Begin the processes; they load while this one goes on."""
        self._begun = True
        self._unsubscribe = bulletin.subscribe(Topic.INBOUND, self._wake)
        for kept in self._kept:
            kept.start()

    def wait_loaded(self) -> TurnProcesses:
        """When all have loaded their parts. Raises PartNotReady when one cannot."""
        for kept in self._kept:
            kept.settled.wait()
        if not all(kept.loaded for kept in self._kept):
            raise PartNotReady("dialogue")
        return self

    def start(self) -> None:
        """See `TurnsRunner`. Where loading broke off before any process was begun, this one answers."""
        self._may_stand_in = True
        self._told()

    def look(self, *, older_than: timedelta) -> None:
        """See `TurnsRunner`: each process looks for itself."""
        if self._stands_in:
            self._stand_in.look(older_than=older_than)

    def stop(self) -> None:
        """See `TurnsRunner`."""
        self._stopping.set()
        self._unsubscribe()
        for kept in self._kept:
            kept.stop()
        self._stand_in.stop()

    def close(self) -> None:
        """As for an engine in this process; `stop` has ended them."""

    def _wake(self, conversation_id: int) -> None:
        self._kept[conversation_id % len(self._kept)].tell(Topic.INBOUND, conversation_id)

    def _told(self) -> None:
        """Something of a process has changed."""
        if self._stopping.is_set() or not self._may_stand_in:
            return
        with self._lock:
            lost = not self._begun or all(kept.is_lost for kept in self._kept)
            if lost and not self._stands_in:
                log.error("no process runs turns: this one answers that the desk is out of order")
                self._stand_in.start()
            elif self._stands_in and not lost:
                self._stand_in.stop()
            self._stands_in = lost
        if all(kept.loaded for kept in self._kept):
            self._changed(PartState.READY)
        else:
            failed = lost or any(kept.loaded is False for kept in self._kept)
            self._changed(PartState.FAILED if failed else PartState.LOADING)


class _Kept:
    """One process that is begun anew whenever it ends. `settled`: it has loaded, or will not for now.

    `loaded`: whether every part could be loaded there; None until it has told.
    """

    def __init__(self, spawn: Spawn, told: Callable[[], None], stopping: threading.Event) -> None:
        self.settled = threading.Event()
        self.loaded: bool | None = None
        self._early_ends = 0
        self._spawn, self._told, self._stopping = spawn, told, stopping
        self._link: Link | None = None
        self._process: Process | None = None
        self._keeper = threading.Thread(target=self._keep, name="turn-process", daemon=True)

    @property
    def is_lost(self) -> bool:
        """Whether it ends again and again before it has loaded."""
        return self._early_ends >= EARLY_ENDS

    def start(self) -> None:
        self._keeper.start()

    def tell(self, topic: Topic, number: int) -> None:
        if (link := self._link) is not None:
            link.tell(topic, number)

    def stop(self) -> None:
        """It finishes its turns when it reads the end of the line; one that does not is killed."""
        if (link := self._link) is not None:
            link.close()
        if self._keeper.is_alive():
            self._keeper.join(_STOPS_WITHIN_S)
        if self._keeper.is_alive() and self._process is not None:
            self._process.kill()
            self._keeper.join(_STOPS_WITHIN_S)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._once()
            except OSError as error:
                log.error("a process for turns could not be begun: %s", type(error).__name__)
            if self._stopping.is_set():
                return
            self._note_end(lasted_s=time.monotonic() - began)
            self._stopping.wait(min(_LONGEST_PAUSE_S, 2.0**self._early_ends - 1.0))

    def _once(self) -> None:
        """From its beginning to its end."""
        ours, theirs = ends()
        link = self._link = Link(ours)
        try:
            with theirs:
                if self._stopping.is_set():  # `stop` may have come before there was a link to close
                    return
                self._process = self._spawn(theirs)
            for news in link.news():
                self._heard(news)
            self._process.wait()
        finally:
            self._link = None
            link.close()

    def _heard(self, news: News) -> None:
        if news.about != LOADED:
            bulletin.publish(Topic(news.about), news.number)
            return
        self._early_ends, self.loaded = 0, bool(news.number)
        self.settled.set()
        self._told()

    def _note_end(self, *, lasted_s: float) -> None:
        log.error("a process for turns ended after %.0f s; it is begun anew", lasted_s)
        self._early_ends = 0 if self.loaded else self._early_ends + 1
        self.loaded = None
        if self.is_lost:
            self.settled.set()
        self._told()
