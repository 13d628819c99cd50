"""Many people who write at once over a simulated platform, and who, like people, send again what got no answer."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from bot.channel_settings import WechatAccount
from bot.channels.wechat.wording import MORE
from bot.simulate.records import Push, Record, Shown
from bot.simulate.telegram import updates
from bot.simulate.telegram.simulator import RunningTelegram, running_telegram
from bot.simulate.wechat import messages
from bot.simulate.wechat.push import TRIES
from bot.simulate.wechat.samples import sample
from bot.simulate.wechat.simulator import RunningWechat, running_wechat
from tests.fault.house import House
from tests.fault.ledger import Asked, Reply, Tally, tally

_AGAIN_AFTER_S = 0.5
# Nobody waits longer than this for an answer before writing on; where no answer comes by itself, not even so long.
_WAITS_S, _WAITS_IN_VAIN_S = 15.0, 2.0
_MOST_TAPS = 60
# Fewer than there are responses held open at once: in a rush the others are told to tap again.
_TAP_AT_ONCE = 20
SECRET = "a-secret-of-the-webhook"


@dataclass(frozen=True)
class Crowd:
    """`users` people ask `each` so many questions, `together` at a time. Every so-many-th is a picture or a position."""

    users: int
    each: int
    together: int = 1
    pictures: int = 0
    positions: int = 0

    @property
    def size(self) -> int:
        """All questions."""
        return self.users * self.each


class Side(Protocol):
    """A platform."""

    settings: str
    record: Record
    waits_s: float

    def submit(self, work: Any) -> Any: ...
    async def ask(self, user: str, number: str, kind: str) -> tuple[str, int]: ...
    async def tap(self, user: str) -> None: ...
    def screen(self, user: str) -> list[Shown]: ...
    def key_of(self, platform_key: str) -> str: ...


class WechatSide:
    """One official account. Of the three deliveries of a push the last one comes through, unless the desk is down."""

    def __init__(self, running: RunningWechat) -> None:
        self.running, self.record, self.settings = running, running.record, running.toml()
        self.waits_s = _WAITS_S if running.account.can_push else _WAITS_IN_VAIN_S
        self._pushes: Any = running.simulator.pushes
        delivered = self._pushes._delivered

        async def mercifully(push: Push, fault: Any) -> Any:
            is_last = len(push.deliveries) % TRIES == TRIES - 1
            return await delivered(push, None if is_last else fault)

        self._pushes._delivered = mercifully

    def submit(self, work: Any) -> Any:
        """Begin in the simulator's loop."""
        return self.running.running.submit(work)

    async def ask(self, user: str, number: str, kind: str) -> tuple[str, int]:
        """Until the desk has it; its key and how often the person had to send it again."""
        push = await self.running.simulator.act(user, self._made(number, kind))
        again = 0
        while not push.arrived:
            await asyncio.sleep(_AGAIN_AFTER_S)
            again += 1
            await self._pushes.deliver(push)
        return push.key, again

    async def tap(self, user: str) -> None:
        """«more»."""
        await self.running.simulator.act(user, messages.text("点这里", tap_id=MORE))

    def screen(self, user: str) -> list[Shown]:
        """What came from the desk."""
        return self.running.platform.shown_to(user)

    def key_of(self, platform_key: str) -> str:
        """The platform's own number in the desk's key."""
        return platform_key.rpartition(":")[2]

    def _made(self, number: str, kind: str) -> Any:
        if kind == "picture":
            return self.running.simulator.picture_of(sample("picture"), "image/png")
        if kind == "position":
            return messages.location(39.9, 116.4, number)
        return messages.text(f"{number} 年假几天")


class TelegramSide:
    """One bot."""

    waits_s = _WAITS_S

    def __init__(self, running: RunningTelegram, house: House) -> None:
        self.running, self.record = running, running.record
        running.set_webhook(f"{house.address}/telegram", SECRET)
        self.settings = (
            f'[telegram]\nenabled = true\ntoken = "{running.token}"\nmode = "webhook"\nsecret = "{SECRET}"\n'
            f'api_base = "{running.api_base}"\n'
        )

    def submit(self, work: Any) -> Any:
        """Begin in the simulator's loop."""
        return self.running.running.submit(work)

    async def ask(self, user: str, number: str, kind: str) -> tuple[str, int]:
        """Telegram itself sends again until the desk has it."""
        push = await self.running.simulator.act(user, self._made(number, kind), within_s=600)
        assert push.arrived
        return push.key, 0

    async def tap(self, user: str) -> None:
        """There is nothing to tap for."""

    def screen(self, user: str) -> list[Shown]:
        """What came from the desk."""
        return self.running.platform.shown_to(user)

    def key_of(self, platform_key: str) -> str:
        """The platform's own number in the desk's key."""
        return platform_key.split(":")[2]

    def _made(self, number: str, kind: str) -> Any:
        if kind == "picture":
            return updates.photo(self.running.platform.keep_file(sample("picture"), "photos/file", "image/png"))
        return updates.text(f"{number} 年假几天")


@contextmanager
def wechat_side(house: House, account: WechatAccount, *, clock: Any = None) -> Iterator[WechatSide]:
    """The platform of one account, waiting as long as the house's pace wants."""
    patience_s = 5.0 * house.orders.pace
    with running_wechat(house.address, account, patience_s=patience_s, clock=clock) as running:
        yield WechatSide(running)


@contextmanager
def telegram_side(house: House) -> Iterator[TelegramSide]:
    """The platform of one bot."""
    with running_telegram(patience_s=5.0 * house.orders.pace, pause_s=0.2) as running:
        yield TelegramSide(running, house)


class Traffic:
    """A crowd on its way. `asked` grows while it runs."""

    def __init__(self, side: Side, crowd: Crowd) -> None:
        self._side, self._crowd = side, crowd
        self.asked: list[Asked] = []
        self.again = 0
        self._going: Any = None
        self._begun = 0

    def begin(self, each: int | None = None) -> None:
        """Everybody starts to write, or writes on: `each` so many questions, else as many as they had in mind."""
        first, self._begun = self._begun, self._begun + (each or self._crowd.each)
        self._going = self._side.submit(self._all(range(first, self._begun)))

    @property
    def size(self) -> int:
        """All questions."""
        return self._crowd.size

    @property
    def is_over(self) -> bool:
        """Whether the desk has acknowledged everything."""
        return bool(self._going.done())

    def finish(self, *, within_s: float) -> None:
        """Wait for that."""
        self._going.result(within_s)

    def fetch_the_rest(self, house: House, *, within_s: float) -> None:
        """Everybody taps until nothing waits for them: the way of accounts that may not send."""
        until = time.monotonic() + within_s
        for _ in range(_MOST_TAPS):
            waiting = self._waiting_for_a_tap(house)
            if not waiting:
                return
            assert time.monotonic() < until, f"{len(waiting)} still wait for a tap"
            for first in range(0, len(waiting), _TAP_AT_ONCE):
                self._side.submit(self._taps(waiting[first : first + _TAP_AT_ONCE])).result(within_s)

    def result(self, house: House) -> Tally:
        """What came of it all."""
        users = sorted({one.user for one in self.asked})
        found = tally(
            self.asked,
            {user: self._side.screen(user) for user in users},
            self._replies(house),
            pictures=self._pictures(house),
        )
        found.sent_again_by_worker, found.kills = self.again, len(house.deaths)
        return found

    async def _all(self, numbers: range) -> None:
        await asyncio.gather(*(self._person(place, numbers) for place in range(self._crowd.users)))

    async def _person(self, place: int, some: range) -> None:
        numbers = [f"q{place}x{number}" for number in some]
        for first in range(0, len(numbers), self._crowd.together):
            at_once = numbers[first : first + self._crowd.together]
            await asyncio.gather(*(self._ask(f"u{place:03d}", number) for number in at_once))

    async def _ask(self, user: str, number: str) -> None:
        kind = self._kind(number)
        key, again = await self._side.ask(user, number, kind)
        self.asked.append(Asked(number, user, key, picture=kind == "picture"))
        self.again += again
        until = time.monotonic() + self._side.waits_s
        while kind != "picture" and time.monotonic() < until and not self._is_answered(user, number):
            await asyncio.sleep(0.1)

    def _is_answered(self, user: str, number: str) -> bool:
        """Their newest lines are enough: an answer that has come is one of them."""
        return any(re.search(rf"{number}\b", shown.text) for shown in self._side.screen(user)[-6:])

    def _kind(self, number: str) -> str:
        user, _, place = number[1:].partition("x")
        turn = int(user) * 7 + int(place)
        if self._crowd.pictures and turn % self._crowd.pictures == 0:
            return "picture"
        return "position" if self._crowd.positions and turn % self._crowd.positions == 1 else "text"

    async def _taps(self, users: list[str]) -> None:
        await asyncio.gather(*(self._side.tap(user) for user in users))

    def _waiting_for_a_tap(self, house: House) -> list[str]:
        users = {one.key: one.user for one in self.asked}
        rows = house.rows(
            "SELECT w.platform_key FROM handoff_message m JOIN handoff_message w ON w.id = m.in_reply_to_id "
            "WHERE m.delivery IN ('waiting', 'pending', 'sending')"
        )
        unanswered = house.rows("SELECT platform_key FROM handoff_message WHERE kind='worker' AND answered_at IS NULL")
        keys = {self._side.key_of(str(row[0])) for row in [*rows, *unanswered]}
        return sorted({users[key] for key in keys if key in users})

    def _replies(self, house: House) -> list[Reply]:
        rows = house.rows(
            "SELECT w.platform_key, m.kind, m.delivery, m.attempts FROM handoff_message m "
            "JOIN handoff_message w ON w.id = m.in_reply_to_id WHERE m.kind != 'worker' ORDER BY m.id"
        )
        return [Reply(self._side.key_of(str(key)), str(kind), str(state), int(str(n))) for key, kind, state, n in rows]

    def _pictures(self, house: House) -> Counter[str]:
        rows = house.rows(
            "SELECT w.platform_key, COUNT(*) FROM handoff_attachment a JOIN handoff_message w ON w.id = a.message_id "
            "GROUP BY w.platform_key"
        )
        return Counter({self._side.key_of(str(key)): int(str(count)) for key, count in rows})
