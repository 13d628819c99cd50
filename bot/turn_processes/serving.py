"""A process that runs turns: `python -m bot.turn_processes.serving FD`, begun by `niangjia serve`, ended with it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bot.command.loading import composed_desk, set_up
from bot.interpreter import keep_what_is_loaded, switch_often
from bot.journal import log_failure
from bot.turn_processes.link import LOADED, OF_A_TURN, Link

if TYPE_CHECKING:
    from bot.composition import Desk

log = logging.getLogger("niangjia.turns")


def main() -> int:
    """Until the serving process ends, which is also how it says that this one is to end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # as in every command: other people's deprecations
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.settings")
    switch_often()
    set_up()
    return serve(composed_desk(), Link(socket.socket(fileno=int(sys.argv[1]))))


def serve(desk: Desk, link: Link) -> int:
    """Load the parts, run turns; the exit code."""
    from bot.backups.locks import hold_desk
    from handoff.wakeups import Topic, bulletin

    hold_desk(desk.configuration.home)
    for topic in OF_A_TURN:
        bulletin.subscribe(topic, partial(link.tell, topic))
    working = _Working(desk, link)
    working.start()
    for news in link.news():
        bulletin.publish(Topic(news.about), news.number)
    working.end()
    return 0


class _Working:
    """Loads, then runs turns, and looks every few seconds for those that nobody told it about."""

    def __init__(self, desk: Desk, link: Link) -> None:
        from bot.turn_work import TurnWork

        self._desk, self._link = desk, link
        self._work = TurnWork(desk.turns, threads=desk.configuration.turn_threads)
        self._watch = desk.knowledge_watch()
        self._loaded, self._ending = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="turns", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Finish what runs; loading is left where it is."""
        self._ending.set()
        self._watch.stop()
        if self._loaded.is_set():
            self._thread.join()
            self._work.stop()

    def _run(self) -> None:
        from bot import runtime

        try:
            self._desk.load()
        except Exception as error:
            log_failure(log, "loading failed: workers are told so, and a person is called", error)
        keep_what_is_loaded()
        self._loaded.set()
        self._trying(self._work.start)
        self._watch.start()
        self._link.tell(LOADED, int(self._desk.parts.ready))
        while not self._ending.wait(runtime.SWEEP_EVERY_S):
            self._trying(lambda: self._work.look(older_than=runtime.MISSED_AFTER))

    def _trying(self, work: Callable[[], None]) -> None:
        from django.db import connections

        try:
            work()
        except Exception as error:
            log_failure(log, "looking for missed messages failed; tried again soon", error)
            connections.close_all()


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    os._exit(code)  # the engine's native threads have nothing to say any more
