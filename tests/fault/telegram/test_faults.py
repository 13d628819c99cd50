"""What goes wrong between Telegram and the desk while many people write: nothing lost, nothing crossed, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from bot.simulate.faults import Fault, FaultKind
from tests.fault import points, troubles
from tests.fault.mortal import Orders
from tests.fault.scenario import Scenario, proven
from tests.fault.traffic import Crowd

SEND: Final = "sendMessage"
FEW, MANY = Crowd(users=12, each=3), Crowd(users=100, each=20)
QUICK: Final = Orders()

ALL: Final = {
    "responses lost": Scenario(MANY, troubles.responses_lost(), QUICK),
    "duplicates during the turn": Scenario(MANY, troubles.duplicates(), QUICK),
    "429 and 5xx": Scenario(
        MANY,
        troubles.faults(
            Fault(FaultKind.API_ERROR, share=0.1, where=SEND, code=429, seconds=1),
            Fault(FaultKind.API_5XX, share=0.15, where=SEND),
            Fault(FaultKind.API_BUSY, share=0.1, where=SEND),
        ),
        QUICK,
    ),
    "timeouts": Scenario(MANY, troubles.timeouts(SEND), QUICK),
    "connection reset": Scenario(MANY, troubles.resets(SEND), QUICK),
    "database locked": Scenario(MANY, troubles.database_locked, QUICK),
    "clock jumps": Scenario(MANY, troubles.clock_jumps, QUICK),
}
NewHome = Callable[[], Path]


def test_a_few_are_all_answered(new_home: NewHome) -> None:
    proven("", replace(ALL["429 and 5xx"], crowd=FEW, within_s=120).on_telegram(new_home()))


@pytest.mark.prove
@pytest.mark.parametrize("name", ALL)
def test_all_are_answered(name: str, new_home: NewHome) -> None:
    proven(f"telegram, {name}", ALL[name].on_telegram(new_home()))


@pytest.mark.prove
def test_a_desk_that_is_killed_again_and_again_answers_all(new_home: NewHome) -> None:
    where = points.ON_TELEGRAM
    crowd = replace(MANY, pictures=10, together=2)
    found = Scenario(crowd, troubles.killed_at(where), QUICK).on_telegram(new_home())
    assert found.kills >= 20
    proven(f"telegram, kill -9 at {found.kills} points", found)
