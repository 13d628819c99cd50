"""What goes wrong. Each begins when everybody has begun to write, and returns when all is well again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from bot.simulate.faults import Fault, FaultKind
from tests.fault.house import House
from tests.fault.points import Point
from tests.fault.traffic import Traffic

Trouble = Callable[[House, Any, Traffic], None]
MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0


def faults(*some: Fault) -> Trouble:
    """These, from the first message to the last."""

    def trouble(house: House, side: Any, traffic: Traffic) -> None:
        for fault in some:
            side.running.faults.on(fault)

    return trouble


def responses_lost() -> Trouble:
    """The platform never hears the answer, or the desk never the question; in one of four deliveries."""
    return faults(
        Fault(FaultKind.PUSH_ACK_LOST, share=0.15),
        Fault(FaultKind.PUSH_LOST, share=0.08),
        Fault(FaultKind.PUSH_HANG_UP, share=0.08, seconds=0.05),
    )


def duplicates() -> Trouble:
    """Half of all pushes come twice at the same moment."""
    return faults(Fault(FaultKind.PUSH_DUPLICATE, share=0.5))


def reordered() -> Trouble:
    """Half of all pushes are held back, so that later ones pass them."""
    return faults(Fault(FaultKind.PUSH_REORDER, share=0.5, seconds=1.0))


def platform_5xx() -> Trouble:
    """Nothing was done, and the platform says so."""
    return faults(
        Fault(FaultKind.API_5XX, share=0.25),
        Fault(FaultKind.API_BUSY, share=0.1),
        Fault(FaultKind.API_DOWN, share=0.05, where="token"),
    )


def timeouts(send: str) -> Trouble:
    """No answer: in half of these cases the platform has done it all the same."""
    return faults(
        Fault(FaultKind.API_TIMEOUT_TAKEN, share=0.06, where=send),
        Fault(FaultKind.API_TIMEOUT_LOST, share=0.06, where=send),
        Fault(FaultKind.API_SLOW, share=0.1, where=send, seconds=0.4),
    )


def resets(send: str) -> Trouble:
    """The connection breaks: in half of these cases the platform has done it all the same."""
    return faults(
        Fault(FaultKind.API_RESET_TAKEN, share=0.12, where=send),
        Fault(FaultKind.API_RESET_LOST, share=0.12, where=send),
    )


def database_locked(house: House, side: Any, traffic: Traffic) -> None:
    """Somebody else writes and does not come to an end: ten of the platform's seconds, three times."""
    for place in range(1, 4):
        _wait_for(traffic, place / 4)
        with house.locked_database():
            time.sleep(10 * house.orders.pace)


def disk_full(house: House, side: Any, traffic: Traffic) -> None:
    """Nothing can be written, twice, for ten of the platform's seconds."""
    for place in range(1, 3):
        _wait_for(traffic, place / 3)
        with house.full_disk():
            time.sleep(10 * house.orders.pace)


def clock_jumps(house: House, side: Any, traffic: Traffic) -> None:
    """The desk's clock is set wrong and right again: by an hour and by a day, forward and back; it also dies meanwhile."""
    jumps = (HOUR_S, 0.0, -HOUR_S, 0.0, DAY_S, 0.0, -DAY_S, 0.0)
    for place, jump in enumerate(jumps, 1):
        _wait_for(traffic, place / (len(jumps) + 1))
        house.shift_clock(jump)
        if jump < 0:
            house.kill()


def platform_clock_jumps(house: House, side: Any, traffic: Traffic) -> None:
    """The platform's clock runs an hour ahead for a while, then is right, then five minutes behind.

    Were it more than ten behind, its pushes would be refused like replays until it is right again, as is meant.
    """
    clock = side.running.platform.clock
    for place, jump in enumerate((HOUR_S, -HOUR_S, -5 * MINUTE_S, 5 * MINUTE_S), 1):
        _wait_for(traffic, place / 5)
        clock.move(jump)


def killed_at(points: Sequence[Point], *, seed: int = 1, apart: int = 25) -> Trouble:
    """The process dies at each of the points, in some order, each at one of the first `apart` calls."""

    def trouble(house: House, side: Any, traffic: Traffic) -> None:
        rng = random.Random(seed)
        order = rng.sample(list(points), len(points))
        house.dies_at([(point, rng.randint(1, apart)) for point in order])

    return trouble


def all_at_once(*several: Trouble) -> Trouble:
    """One after the other; what lasts from the first message to the last lasts through those that follow."""

    def trouble(house: House, side: Any, traffic: Traffic) -> None:
        for one in several:
            one(house, side, traffic)

    return trouble


def _wait_for(traffic: Traffic, share: float) -> None:
    while len(traffic.asked) < share * traffic.size and not traffic.is_over:
        time.sleep(0.02)
