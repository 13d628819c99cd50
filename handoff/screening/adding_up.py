"""Weak signs of one talk that add up over a day: messages that are ordinary one by one, and distress together.

A finding's `weight` is the share of usual ordinary messages that speak less of crisis or distress. By chance a weight
above w comes in 1 - w of ordinary messages, so what a sign adds is -log10(1 - w), as when p-values are combined
(Fisher 1925, section 21.1). `ENOUGH` comes from simulated days: see docs/screening.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import log10

from handoff.screening.levels import Category, Finding, Layer, Level

DAY = timedelta(hours=24)
LEAST = 0.90
"""What one in ten ordinary messages reaches is a weak sign."""
ENOUGH = 3.6
"""Three signs just below the threshold, or four weaker ones."""
_STRONGEST = 0.99
"""No single message below the thresholds adds more than two of `ENOUGH`."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A weak sign: when it was written, and the finding's weight (0..1)."""

    at: datetime
    weight: float

    @property
    def adds(self) -> float:
        """1.0 for the weakest sign, 1.3 for one in twenty ordinary messages."""
        return -log10(1 - min(self.weight, _STRONGEST))


@dataclass(frozen=True, slots=True)
class AddedUp:
    """The weak signs to keep for the talk, and whether they amount to distress now."""

    signs: tuple[Sign, ...]
    amounts_to_distress: bool


def add_up(earlier: Iterable[Sign], finding: Finding, *, now: datetime) -> AddedUp:
    """Add a new finding to the signs of a talk. All times are aware.

    Signs of the last 24 hours count. Once they amount to distress they are used up, so that one bad day alarms once.
    A finding that is more than ordinary alarms by itself: it adds nothing and uses nothing up.
    """
    signs = tuple(sign for sign in earlier if now - sign.at < DAY)
    if finding.level is not Level.ORDINARY or finding.weight < LEAST:
        return AddedUp(signs, amounts_to_distress=False)
    signs = (*signs, Sign(now, finding.weight))
    if sum(sign.adds for sign in signs) < ENOUGH:
        return AddedUp(signs, amounts_to_distress=False)
    return AddedUp((), amounts_to_distress=True)


def as_distress(finding: Finding) -> Finding:
    """What an ordinary finding becomes when the day's signs amount to distress. The classifier alone vouches for it."""
    return replace(finding, level=Level.DISTRESS, categories=(Category.DESPAIR,), layer=Layer.CLASSIFIER)
