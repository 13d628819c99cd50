"""`niangjia serve` as a process that can be told to die: an engine that needs no loading, shorter waits, a movable clock.

Run by `tests.fault.house`; orders come by standard input. What is shortened are lengths of time, all in the same
proportion to the platform's five seconds; nothing of what the desk does is changed. The modules are imported once, and
each serving process is a fork of that: it begins within a second however busy the machine is.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from tests.fault.nursery import Nursery
from tests.fault.points import ALL, arm

SHIFT = "clock-shift"
_LEARNT_BEFORE = (
    "uvicorn",
    "uvicorn.lifespan.off",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "bot.backups.upgrade",
    "bot.command.main",
    "bot.composition",
    "bot.urls",
    "bot.channels.wechat.api.sync",
    "bot.channels.telegram.channel",
    "nlu.engine",
    "handoff.screening.screener",
    "tests.fakes.dialogue",
    "bot.turn_processes.serving",
)


@dataclass(frozen=True)
class Orders:
    """`pace`: how long waits are beside the real ones. `slow`: so many of 100 turns last longer than a response is
    held open. `point` and `call`: where to die. `held`: how many responses are held open at once."""

    pace: float = 0.4
    slow: int = 0
    point: str = ""
    call: int = 1
    held: int | None = None

    def as_text(self) -> str:
        """For the environment."""
        return json.dumps(asdict(self))


def main() -> int:
    """For each line of orders a process that serves by them: «its pid», then, when it has ended, «its exit code»."""
    _move_clock(Path(os.environ["NIANGJIA_HOME"]) / SHIFT)
    from bot.command.loading import set_up

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.settings")
    set_up()
    for name in _LEARNT_BEFORE:
        import_module(name)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _serve(Orders(**json.loads(line)))
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
    return 0


def _serve(orders: Orders) -> NoReturn:
    from bot.command.main import main as niangjia

    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        _hurry(orders)
        _without_loading(orders)
        _bear_turn_processes(orders)
        _arm(orders)
        code = niangjia(["serve", "--no-backup"])
    finally:
        os._exit(code)


def _arm(orders: Orders) -> None:
    if orders.point:
        arm(ALL[orders.point], call=orders.call)


def _bear_turn_processes(orders: Orders) -> None:
    """Turns run in a process of their own, as they do by default; it too dies where it is told to."""
    from bot.command.loading import composed_desk
    from bot.turn_processes import running, serving
    from bot.turn_processes.link import Link

    def serve(end: socket.socket, is_first: bool) -> int:
        if is_first:
            _arm(orders)
        return serving.serve(composed_desk(), Link(end))

    running.TurnProcesses.__init__.__kwdefaults__["spawn"] = Nursery(serve).spawn


def _move_clock(file: Path) -> None:
    """The desk's clock is as far off as the file says, looked at anew all the time."""
    from django.utils import timezone

    right = timezone.now

    def now() -> datetime:
        try:
            return right() + timedelta(seconds=float(file.read_text()))
        except (OSError, ValueError, OverflowError):
            return right()

    timezone.now = now


def _hurry(orders: Orders) -> None:
    import httpx

    from bot import delivery, media, runtime
    from bot.channels.telegram import connection
    from bot.channels.wechat import edge, passive, waiting
    from bot.channels.wechat.api.sync import Wechat
    from bot.inbox import writer

    pace: Any = orders.pace
    edge.ANSWERED_WITHIN_S *= pace
    edge._STORED_WITHIN_S *= pace
    waiting._MARGIN_S *= pace
    waiting._MARGIN_BEHIND_S *= pace
    writer.TRIES_FOR_S *= pace
    runtime.SWEEP_EVERY_S = 1.0
    delivery._FIRST_RETRY_S *= 0.2
    media._CLAIMED_FOR = timedelta(seconds=20)
    passive._DELIVERED_WITHIN *= max(1.0, pace)
    Wechat.__init__.__kwdefaults__["timeout"] = httpx.Timeout(connect=1.0, read=1.0, write=1.0, pool=10.0)
    if orders.held is not None:
        waiting.MANY = orders.held
    connection._READ_S = 1.0


def _without_loading(orders: Orders) -> None:
    from bot.command import serve
    from bot.composition import Desk
    from handoff.screening.screener import Screener
    from tests.fakes.dialogue import FakeDialogue

    dialogue = FakeDialogue()
    respond: Any = dialogue.respond

    def slowly(turn: str, text: str, snapshot: Any, **named: Any) -> Any:
        if zlib.crc32(text.encode()) % 100 < orders.slow:
            time.sleep(5.5 * orders.pace)
        return respond(turn, text, snapshot, **named)

    dialogue.respond = slowly  # type: ignore[method-assign]
    loaders: Any = lambda desk: {  # noqa: E731
        "knowledge": lambda parts: None,
        "screening": lambda parts: Screener(desk.rules, None),
        "dialogue": lambda parts: dialogue,
    }
    Desk.loaders = loaders  # type: ignore[method-assign]
    serve.build_if_stale = lambda configuration: None


if __name__ == "__main__":
    sys.exit(main())
