"""What may go wrong on the platform's side, switched on and off while it runs."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """On the way of a call to the platform (`api_…`), or of a push to the desk (`push_…`)."""

    API_DOWN = "api_down"  # every connection is cut
    API_5XX = "api_5xx"  # 502, nothing done
    API_BUSY = "api_busy"  # errcode -1 (WeChat), 500 (Telegram), nothing done
    API_ERROR = "api_error"  # refused with `code`
    API_SLOW = "api_slow"  # done, answered after `seconds`
    API_TIMEOUT_TAKEN = "api_timeout_taken"  # done, never answered
    API_TIMEOUT_LOST = "api_timeout_lost"  # not done, never answered
    API_RESET_TAKEN = "api_reset_taken"  # done, connection reset
    API_RESET_LOST = "api_reset_lost"  # connection reset, nothing done
    PUSH_ACK_LOST = "push_ack_lost"  # the desk's answer never arrives: re-sent when patience ends
    PUSH_DUPLICATE = "push_duplicate"  # delivered twice at the same time
    PUSH_LOST = "push_lost"  # a delivery never arrives: re-sent when patience ends
    PUSH_HANG_UP = "push_hang_up"  # the connection is closed after `seconds` without reading the answer
    PUSH_REORDER = "push_reorder"  # held back up to `seconds`, so that later ones pass it
    PUSH_BAD_SIGNATURE = "push_bad_signature"  # as a forger would


TAKEN_WITHOUT_ANSWER = frozenset({FaultKind.API_TIMEOUT_TAKEN, FaultKind.API_RESET_TAKEN})
API_KINDS = tuple(kind for kind in FaultKind if kind.value.startswith("api_"))


@dataclass(slots=True)
class Fault:
    """One switch. `share` of what passes `where` (a part of the path or event) is hit, at most `times`."""

    kind: FaultKind
    share: float = 1.0
    where: str = ""
    seconds: float = 0.0
    code: int = 0
    times: int | None = None
    until: float | None = None


class Faults:
    """The switches of one platform; the same seed and traffic give the same failures."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._active: list[Fault] = []
        self.hits: Counter[FaultKind] = Counter()

    @property
    def active(self) -> tuple[Fault, ...]:
        """What is switched on."""
        return tuple(self._active)

    def on(self, fault: Fault | FaultKind) -> Fault:
        """Switch a fault on beside those that are; the same kind at the same place replaces the older one."""
        fault = fault if isinstance(fault, Fault) else Fault(fault)
        self._active = [one for one in self._active if (one.kind, one.where) != (fault.kind, fault.where)]
        self._active.append(fault)
        return fault

    def off(self, kind: FaultKind | None = None) -> None:
        """Switch one kind off, or all."""
        self._active = [] if kind is None else [one for one in self._active if one.kind is not kind]

    def hit(self, kinds: tuple[FaultKind, ...], where: str, now: float) -> Fault | None:
        """The first fault of these kinds that hits what passes `where` now."""
        if not self._active:
            return None
        for fault in tuple(self._active):
            if fault.until is not None and now >= fault.until:
                self._active.remove(fault)
            elif fault.kind in kinds and fault.where in where and self._hits(fault):
                return fault
        return None

    def _hits(self, fault: Fault) -> bool:
        if fault.share < 1 and self._random.random() >= fault.share:
            return False
        self.hits[fault.kind] += 1
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._active.remove(fault)
        return True

    def up_to(self, seconds: float) -> float:
        """A length of time between nothing and `seconds`."""
        return self._random.uniform(0, seconds)
