"""A scenario as checked values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.channel_settings import AccountKind
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.records import Road


class Action(StrEnum):
    """What one step does; the name is the key in the file."""

    SAYS = "says"
    SENDS = "sends"
    TAPS = "taps"
    FOLLOWS = "follows"
    UNFOLLOWS = "unfollows"
    SCANS = "scans"
    BLOCKS = "blocks"
    FAULT = "fault"
    FAULT_OFF = "fault_off"
    ACT = "act"
    RUSH = "rush"
    WAIT = "wait_s"
    TELL = "tell"
    EXPECTS = "expects"


class Act(StrEnum):
    """What the platform itself does."""

    REVOKE_TOKEN = "revoke_token"  # noqa: S105  an action
    KILL_TOKEN = "kill_token"  # noqa: S105  an action
    USE_UP_QUOTA = "use_up_quota"
    END_WINDOW = "end_window"
    UNVERIFY = "unverify"
    VERIFY = "verify"


class Sent(StrEnum):
    """What people send besides words."""

    PICTURE = "picture"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"
    LOCATION = "location"


# Steps that somebody takes.
PERSONAL = frozenset({
    Action.SAYS, Action.SENDS, Action.TAPS, Action.FOLLOWS, Action.UNFOLLOWS, Action.SCANS, Action.BLOCKS,
})  # fmt: skip
EVERYBODY = "all"


@dataclass(frozen=True)
class Rush:
    """So many people, each with one message, spread over so many seconds."""

    users: int
    within_s: float
    says: tuple[str, ...]


@dataclass(frozen=True)
class Expectation:
    """What is to stand on a person's screen since they last did something; `figures` hold for the whole rehearsal."""

    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    answered: bool | None = None
    count: int = 0
    road: Road | None = None
    called: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    within_s: float = 30.0


Value = str | float | Fault | FaultKind | Act | Sent | Rush | Expectation | None


@dataclass(frozen=True)
class Step:
    """One step. `at_s`: not before that time since the beginning; `every_s` and `times`: repeated."""

    number: int
    action: Action
    value: Value
    who: tuple[str, ...] = ()
    at_s: float | None = None
    every_s: float = 0.0
    times: int = 1
    background: bool = False


@dataclass(frozen=True)
class Scenario:
    """A whole file."""

    name: str
    platform: str
    steps: tuple[Step, ...]
    kind: AccountKind | None = None
    verified: bool | None = None
    patience_s: float | None = None


class BadScenario(Exception):
    """The file has problems; each is a sentence."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
