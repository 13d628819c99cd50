"""What the platform has seen: pushes and their deliveries, calls, and what stands on each person's screen."""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Road(StrEnum):
    """How a message came to the screen."""

    OWN = "own"  # the person's own
    PASSIVE = "passive"  # in the answer to a push
    SERVICE = "service"  # by the customer-service API, or by a bot's method
    TEMPLATE = "template"
    SUBSCRIPTION = "subscription"
    PLATFORM = "platform"  # the platform's own words


class Outcome(StrEnum):
    """What became of one delivery of a push."""

    ANSWERED = "answered"  # a valid answer with a message
    ACKNOWLEDGED = "acknowledged"  # a valid answer without one
    INVALID = "invalid"  # an answer that the platform cannot read
    REFUSED = "refused"  # a status other than 200
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    LOST = "lost"  # by a fault: it never arrived, or its answer never did


DELIVERED = frozenset({Outcome.ANSWERED, Outcome.ACKNOWLEDGED})


@dataclass(slots=True)
class Delivery:
    """One delivery; `latency_s` is None when no answer was read."""

    at: float
    outcome: Outcome
    latency_s: float | None = None
    status: int = 0
    answer: str = ""
    why: str = ""


@dataclass(slots=True)
class Push:
    """One message or event on its way to the desk; `key` is what the desk tells repeats by."""

    key: str
    user: str
    kind: str
    at: float
    body: str = field(repr=False, default="")
    deliveries: list[Delivery] = field(default_factory=list)
    done: bool = False

    @property
    def arrived(self) -> bool:
        """A valid answer came within patience."""
        return any(delivery.outcome in DELIVERED for delivery in self.deliveries)

    @property
    def answers(self) -> tuple[str, ...]:
        """The messages in valid answers: one push must get the same one on every delivery."""
        return tuple(one.answer for one in self.deliveries if one.outcome in DELIVERED)


@dataclass(slots=True)
class Call:
    """One call of the platform's API. `taken`: the platform did it; `answered`: it also said so."""

    at: float
    name: str
    code: int
    user: str = ""
    taken: bool = True
    answered: bool = True


@dataclass(slots=True)
class Shown:
    """One thing on a person's screen, in the order in which it came there."""

    at: float
    user: str
    road: Road
    kind: str
    text: str = ""
    extra: dict[str, object] = field(default_factory=dict)
    push: str = ""
    # The platform took it and did not say so: the desk may rightly have sent it again.
    unacknowledged: bool = False
    number: int = 0


class Record:
    """Everything, in order. Kept in memory: a rehearsal is short."""

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self.calls: list[Call] = []
        self.shown: list[Shown] = []
        self._by_user: dict[str, list[Shown]] = {}

    def show(self, shown: Shown) -> Shown:
        """Put it on the person's screen."""
        shown.number = len(self.shown) + 1
        self.shown.append(shown)
        self._by_user.setdefault(shown.user, []).append(shown)
        return shown

    def screen(self, user: str) -> Sequence[Shown]:
        """All that stands on this person's screen, their own words too."""
        return self._by_user.get(user, [])

    def shown_to(self, user: str, *roads: Road) -> list[Shown]:
        """What came from the other side (of these roads only, when some are named)."""
        return [one for one in self.screen(user) if (one.road in roads if roads else one.road is not Road.OWN)]

    def texts_to(self, user: str) -> list[str]:
        """The words of what the desk sent to this person."""
        return [one.text for one in self.shown_to(user) if one.road is not Road.PLATFORM]

    def calls_of(self, name: str) -> list[Call]:
        """The calls whose path or method ends so."""
        return [call for call in self.calls if call.name.endswith(name)]

    def undelivered(self) -> list[Push]:
        """Pushes that are done and never got a valid answer."""
        return [push for push in self.pushes if push.done and not push.arrived]

    def unequal(self) -> list[Push]:
        """Pushes that got two different answers on two deliveries."""
        return [push for push in self.pushes if len(set(push.answers)) > 1]

    def doubled(self, *, texts_only: bool = True) -> list[Shown]:
        """What somebody sees twice, less what the platform took without acknowledging (`excused` counts those)."""
        found = []
        for screen in self._by_user.values():
            found += _repeats(screen, texts_only=texts_only)
        return found

    @property
    def excused(self) -> int:
        """Messages that were taken and not acknowledged: each may rightly stand on the screen once more."""
        return sum(one.unacknowledged for one in self.shown)

    def unanswered(self, users: Iterable[str]) -> list[str]:
        """Those of `users` to whom the desk has said nothing."""
        return [user for user in users if not self.texts_to(user)]

    def latencies_s(self) -> list[float]:
        """How long each answered delivery took, sorted."""
        taken = (one.latency_s for push in self.pushes for one in push.deliveries if one.latency_s is not None)
        return sorted(taken)

    def codes(self) -> Counter[int]:
        """How often each result was given by the API."""
        return Counter(call.code for call in self.calls)

    def figures(self) -> dict[str, object]:
        """What a rehearsal comes to, in numbers."""
        latencies = self.latencies_s()
        return {
            "pushes": len(self.pushes),
            "deliveries": sum(len(push.deliveries) for push in self.pushes),
            "undelivered": len(self.undelivered()),
            "unequal_answers": len(self.unequal()),
            "shown": sum(one.road not in (Road.OWN, Road.PLATFORM) for one in self.shown),
            "doubled": len(self.doubled()),
            "accepted_not_acknowledged": self.excused,
            "calls": len(self.calls),
            "codes": {str(code): count for code, count in sorted(self.codes().items())},
            "callback_p50_s": round(percentile(latencies, 50), 4),
            "callback_p99_s": round(percentile(latencies, 99), 4),
            "callback_max_s": round(latencies[-1] if latencies else 0.0, 4),
            "simulator_cpu_s": round(own_cpu_s(), 3),
        }


def _repeats(screen: Sequence[Shown], *, texts_only: bool) -> list[Shown]:
    """What came twice with none of the person's own lines between: answers are to differ from question to question."""
    excuses: dict[tuple[str, str], int] = {}
    found = []
    for one in screen:
        if one.road is Road.OWN:
            excuses = {}
            continue
        if one.road is Road.PLATFORM or (texts_only and not one.text):
            continue
        key = (one.kind, one.text)
        if key not in excuses:
            excuses[key] = 0
        elif excuses[key] > 0:
            excuses[key] -= 1
        else:
            found.append(one)
        excuses[key] += one.unacknowledged
    return found


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` percent of a sorted row lies; 0 of nothing."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]


def own_cpu_s() -> float:
    """Processor time of this process so far, so that a bench can take it off."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
