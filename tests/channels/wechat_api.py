"""What the tests of WeChat's interface share: a simulated platform, and our client on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from bot.channel_settings import AccountKind, WechatSettings
from bot.channels.wechat.api.client import WechatApi
from bot.channels.wechat.api.sync import Wechat
from bot.simulate.clock import Clock
from bot.simulate.wechat.simulator import RunningWechat, new_account, running_wechat

NO_DESK = "http://127.0.0.1:9"
QUICK = httpx.Timeout(connect=0.5, read=0.5, write=0.5, pool=5)


@dataclass(frozen=True)
class Line:
    """Our client and the platform at the other end."""

    platform: RunningWechat
    wechat: Wechat

    @property
    def api(self) -> WechatApi:
        return self.wechat.api("main")

    def openid(self, who: str = "小李") -> str:
        """A follower who has just written."""
        user = self.platform.platform.user(who)
        user.wrote(self.platform.platform.clock())
        return user.openid

    def calls(self, name: str) -> int:
        return len(self.platform.record.calls_of(name))


def settings_of(platform: RunningWechat) -> WechatSettings:
    return WechatSettings(api_base=platform.api_base, mp_base=platform.mp_base, accounts=(platform.account,))


@contextmanager
def line(
    *, kind: AccountKind = AccountKind.SERVICE, verified: bool = True, clock: Clock | None = None
) -> Iterator[Line]:
    with running_wechat(NO_DESK, new_account(kind=kind, verified=verified), clock=clock) as platform:
        wechat = Wechat(settings_of(platform), timeout=QUICK)
        try:
            yield Line(platform, wechat)
        finally:
            wechat.close()
