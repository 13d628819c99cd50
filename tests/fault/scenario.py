"""One scenario: a crowd, a desk, a platform, and something that goes wrong all the while."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.channel_settings import WechatAccount
from tests.fault.house import House, standing, wait_until_quiet
from tests.fault.ledger import Tally
from tests.fault.mortal import Orders
from tests.fault.traffic import Crowd, Side, Traffic, telegram_side, wechat_side
from tests.fault.troubles import Trouble
from tests.figures import note_figure


def no_trouble(house: House, side: Any, traffic: Traffic) -> None:
    """Everything works."""


_QUIET_WITHIN_S = 300.0
# Until the process has died everywhere, people write on.
_MOST_ROUNDS = 10
PLAIN = Orders()


@dataclass(frozen=True)
class Scenario:
    """`trouble` is called when everybody has begun, and returns when all is well again."""

    crowd: Crowd
    trouble: Trouble = no_trouble
    orders: Orders = PLAIN
    within_s: float = 900.0

    def on_wechat(self, home: Path, account: WechatAccount) -> Tally:
        """Play it with an official account."""
        house = House(home, self.orders)
        with wechat_side(house, account) as side:
            return self._play(house, side, taps=True)

    def on_telegram(self, home: Path) -> Tally:
        """Play it with a bot."""
        house = House(home, self.orders)
        with telegram_side(house) as side:
            return self._play(house, side, taps=False)

    def _play(self, house: House, side: Side, *, taps: bool) -> Tally:
        with standing(house, side.settings):
            traffic = Traffic(side, self.crowd)
            traffic.begin()
            self.trouble(house, side, traffic)
            traffic.finish(within_s=self.within_s)
            for _ in range(_MOST_ROUNDS if house.is_to_die() else 0):
                traffic.begin(each=2)
                traffic.finish(within_s=self.within_s)
                if not house.is_to_die():
                    break
            wait_until_quiet(house, within_s=_QUIET_WITHIN_S)
            if taps:
                traffic.fetch_the_rest(house, within_s=self.within_s)
                wait_until_quiet(house, within_s=_QUIET_WITHIN_S)
            return traffic.result(house)


def proven(name: str, found: Tally) -> None:
    """Nothing lost, crossed or doubled; the figures are noted under the name."""
    if name:
        note_figure(f"faults: {name}", found.figures())
    assert (found.lost, found.crossed, found.doubled) == (0, 0, 0), "\n".join(found.details[:20])
    assert found.answered + found.uncertain == found.messages
    assert found.pictures == found.pictures_kept
