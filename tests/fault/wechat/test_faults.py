"""What goes wrong between WeChat and the desk while many people write: nothing lost, nothing crossed, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from bot.channel_settings import AccountKind, WechatAccount
from bot.simulate.wechat.simulator import new_account
from tests.fault import points, troubles
from tests.fault.house import small_disk
from tests.fault.mortal import Orders
from tests.fault.scenario import Scenario, proven
from tests.fault.traffic import Crowd

SEND: Final = "custom/send"
FEW, MANY = Crowd(users=12, each=3, positions=5), Crowd(users=100, each=20, positions=20)
MIXED: Final = Orders(slow=10)
# As in a rush: no response is held open, and every answer goes by the API.
RUSHED: Final = Orders(held=0)

PASSIVE: Final = {
    "responses lost": Scenario(MANY, troubles.responses_lost(), MIXED),
    "duplicates during the turn": Scenario(MANY, troubles.duplicates(), MIXED),
    "reordered": Scenario(replace(MANY, together=4), troubles.reordered(), MIXED),
    "database locked": Scenario(MANY, troubles.database_locked, MIXED),
    "clock jumps": Scenario(MANY, troubles.clock_jumps, MIXED),
    "platform clock jumps": Scenario(MANY, troubles.platform_clock_jumps, MIXED),
}
PUSHING: Final = PASSIVE | {
    "platform 5xx": Scenario(MANY, troubles.platform_5xx(), RUSHED),
    "timeouts": Scenario(MANY, troubles.timeouts(SEND), RUSHED),
    "connection reset": Scenario(MANY, troubles.resets(SEND), RUSHED),
}
_FIRST_POINTS: Final = (points.PASSIVE[2], points.INBOX[2])
SAMPLE: Final = Scenario(
    FEW,
    troubles.all_at_once(
        troubles.responses_lost(),
        troubles.duplicates(),
        troubles.resets(SEND),
        troubles.killed_at(_FIRST_POINTS, apart=5),
    ),
    replace(MIXED, pace=0.25),
    within_s=120,
)
AT_LEAST: Final = 20
NewHome = Callable[[], Path]


def _verified() -> WechatAccount:
    return new_account()


def _unverified() -> WechatAccount:
    return new_account(kind=AccountKind.SUBSCRIPTION, verified=False)


@pytest.mark.parametrize("make", [_verified, _unverified])
def test_a_few_are_all_answered(make: Callable[[], WechatAccount], new_home: NewHome) -> None:
    proven("", SAMPLE.on_wechat(new_home(), make()))


@pytest.mark.prove
@pytest.mark.parametrize("name", PUSHING)
def test_all_are_answered(name: str, new_home: NewHome) -> None:
    proven(f"wechat, {name}", PUSHING[name].on_wechat(new_home(), _verified()))


@pytest.mark.prove
@pytest.mark.parametrize("name", PASSIVE)
def test_all_of_an_account_that_may_not_send_are_answered(name: str, new_home: NewHome) -> None:
    proven(f"wechat passive only, {name}", PASSIVE[name].on_wechat(new_home(), _unverified()))


@pytest.mark.prove
@pytest.mark.parametrize("make", [_verified, _unverified])
def test_all_are_answered_when_the_disk_was_full(make: Callable[[], WechatAccount], new_home: NewHome) -> None:
    home = new_home()
    with small_disk(home, megabytes=48) as disk:
        new_home()
        found = Scenario(MANY, troubles.disk_full, MIXED).on_wechat(disk, make())
    proven(f"wechat{'' if make is _verified else ' passive only'}, disk full", found)


@pytest.mark.prove
@pytest.mark.parametrize(("make", "where"), [(_verified, points.VERIFIED), (_unverified, points.UNVERIFIED)])
def test_a_desk_that_is_killed_again_and_again_answers_all(
    make: Callable[[], WechatAccount], where: tuple[points.Point, ...], new_home: NewHome
) -> None:
    crowd = replace(MANY, pictures=10, together=2)
    found = Scenario(crowd, troubles.killed_at(where), MIXED).on_wechat(new_home(), make())
    assert found.kills >= AT_LEAST
    proven(f"wechat{'' if make is _verified else ' passive only'}, kill -9 at {found.kills} points", found)
