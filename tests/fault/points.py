"""The named points at which a process is killed, and how a function is made to die there.

A point is a function of the desk, and whether death comes before it begins or after it has ended. Nothing of this is in
the program itself: the process that is to die wraps the function before it serves.
"""

from __future__ import annotations

import inspect
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Point:
    """`where`: module:name or module:class.name. `after`: when the function has ended, else before it begins."""

    name: str
    where: str
    after: bool = False


INBOX = (
    Point("before a push is stored", "bot.inbox.writer:InboxWriter._in_transaction"),
    Point("stored, not committed", "bot.inbox.writer:_store", after=True),
    Point("stored, nobody told", "bot.inbox.writer:InboxWriter._in_transaction", after=True),
    Point("stored and told, the edge not", "bot.inbox.queues:Stored.tell", after=True),
    Point("before a push is taken in", "bot.inbox.taking:Inbox._take"),
    Point("taken in, not marked", "bot.inbox.taking:Inbox._take_locked"),
    Point("taken in and marked, not committed", "bot.inbox.taking:Inbox._take_locked", after=True),
    Point("taken in, nobody told", "bot.inbox.taking:Inbox._take", after=True),
)
TURNS = (
    Point("a turn's lease taken", "bot.turns:Turns._take", after=True),
    Point("before the engine answers", "bot.turns:Turns._answer"),
    Point("the engine has answered", "bot.turns:Turns._commit"),
    Point("answered, not committed", "bot.turns:Turns._finish", after=True),
    Point("answered and committed", "bot.turns:Turns._commit", after=True),
)
PASSIVE = (
    Point("before a response is decided", "bot.channels.wechat.passive:PassiveReplies._decide"),
    Point("carried in a response, not committed", "bot.channels.wechat.passive:PassiveReplies._words", after=True),
    Point("carried in a response, not written", "bot.channels.wechat.passive:PassiveReplies._decide", after=True),
    Point("before a response is written", "bot.channels.wechat.edge:_respond"),
    Point("a response written, not noted", "bot.channels.wechat.edge:_respond", after=True),
    Point("before a written response is noted", "bot.inbox.writer:InboxWriter.note_written"),
)
DELIVERY = (
    Point("before a message is claimed", "bot.delivery:Deliverer.claim"),
    Point("a message claimed", "bot.delivery:Deliverer.send"),
    Point("sent, outcome not kept", "bot.delivery:Deliverer._after"),
    Point("sent, outcome not committed", "bot.delivery:Deliverer._settle", after=True),
    Point("sent and kept", "bot.delivery:Deliverer.send", after=True),
)
API = (
    Point("before a part is sent", "bot.channels.wechat.sender:WechatSender._send_part"),
    Point("the platform has taken a part", "bot.channels.wechat.api.client:WechatApi.send_text", after=True),
)
MEDIA = (
    Point("before a picture is fetched", "bot.media:MediaFetching._fetched"),
    Point("a picture's file written, its row not", "bot.media:keep", after=True),
    Point("a picture's row not committed", "bot.media:add_file", after=True),
)
TELEGRAM = (
    Point("before an update is acknowledged", "bot.channels.telegram.edge:_respond"),
    Point("an update acknowledged", "bot.channels.telegram.edge:_respond", after=True),
    Point("before a part is sent by the bot", "bot.channels.telegram.sender:TelegramSender._send_part"),
    Point("Telegram has taken a part", "bot.channels.telegram.sender:TelegramSender._send_part", after=True),
)
VERIFIED = INBOX + TURNS + PASSIVE + DELIVERY + API + MEDIA
UNVERIFIED = INBOX + TURNS + PASSIVE + DELIVERY[:2] + MEDIA
ON_TELEGRAM = INBOX + TURNS + DELIVERY + TELEGRAM + MEDIA
ALL = {point.name: point for point in VERIFIED + TELEGRAM}


def arm(point: Point, *, call: int) -> None:
    """Let this process die like by `kill -9` at the point, when it is passed for the `call`-th time."""
    module, _, path = point.where.partition(":")
    owner: Any = import_module(module)
    *classes, name = path.split(".")
    for part in classes:
        owner = getattr(owner, part)
    setattr(owner, name, _dying(getattr(owner, name), _Countdown(call), after=point.after))


class _Countdown:
    def __init__(self, calls: int) -> None:
        self._left = calls
        self._lock = threading.Lock()

    def pass_by(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _dying(function: Callable[..., Any], countdown: _Countdown, *, after: bool) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def later(*given: Any, **named: Any) -> Any:
            if not after:
                countdown.pass_by()
            outcome = await function(*given, **named)
            if after:
                countdown.pass_by()
            return outcome

        return later

    @wraps(function)
    def now(*given: Any, **named: Any) -> Any:
        if not after:
            countdown.pass_by()
        outcome = function(*given, **named)
        if after:
            countdown.pass_by()
        return outcome

    return now
