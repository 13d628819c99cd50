"""A desk that serves WeChat's callbacks in this process, and the simulated platform on the other side."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils import timezone

from bot.channel_settings import WechatAccount, WechatSettings
from bot.channels.wechat.edge import PREFIX
from bot.composition import Desk, compose
from bot.parts import PartState
from bot.runtime import Runtime
from bot.simulate.clock import MovableClock
from bot.simulate.running import Running
from bot.simulate.wechat.simulator import running_wechat
from handoff.first_run import ensure_union
from handoff.models import Conversation, Organisation
from handoff.screening.screener import Screener
from tests.fakes.dialogue import FakeDialogue
from tests.served import free_port

WITHIN_S = 20.0


@dataclass
class WechatDesk:
    """The desk with its background running, and the platform that calls it."""

    desk: Desk
    runtime: Runtime
    platform: Any
    dialogue: FakeDialogue
    union: Organisation

    def shows(self, who: str, count: int, *, within_s: float = WITHIN_S) -> list[str]:
        """What stands on somebody's screen from the desk, once there are so many texts."""
        wait_for(lambda: len(self.platform.platform.texts_to(who)) >= count, within_s=within_s)
        texts: list[str] = self.platform.platform.texts_to(who)
        return texts

    def talk(self) -> Conversation:
        """The one conversation."""
        return Conversation.objects.select_related("contact").get()


@contextmanager
def wechat_desk(
    account: WechatAccount, *, dialogue: FakeDialogue | None = None, patience_s: float = 5.0
) -> Iterator[WechatDesk]:
    """Both sides running. Needs a database that threads share (`transaction=True`)."""
    port, dialogue = free_port(), dialogue or FakeDialogue()
    with running_wechat(f"http://127.0.0.1:{port}", account, patience_s=patience_s, clock=MovableClock()) as platform:
        wechat = WechatSettings(
            api_base=platform.api_base, mp_base=platform.mp_base, picture_hosts=("127.0.0.1",), accounts=(account,)
        )
        desk = compose(dataclasses.replace(settings.NIANGJIA, wechat=wechat))
        union = ensure_union("测试总工会")
        desk.parts.dialogue = dialogue  # type: ignore[assignment]
        desk.parts.screening = Screener(desk.rules, None)
        for name in desk.parts.states:
            desk.parts.states[name] = PartState.READY
        served = Running(desk.doors.edges[PREFIX], port=port)
        runtime = desk.runtime()
        served.start()
        runtime.start({}, when_loaded=lambda ready: None)
        try:
            yield WechatDesk(desk, runtime, platform, dialogue, union)
        finally:
            served.stop()
            runtime.stop()
            desk.doors.close()
            connections.close_all()


def wait_for(condition: Callable[[], bool], *, within_s: float = WITHIN_S) -> None:
    """Until it holds; an assertion fails when it does not in time."""
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def now() -> Any:
    """The desk's clock."""
    return timezone.now()
