"""Days of talk, simulated from our own sentences as the classifier judged them unseen: do weak signs add up rightly?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from handoff.screening.adding_up import LEAST, Sign, add_up
from handoff.screening.levels import Finding, Layer, Level
from handoff.screening.thresholds import Unseen, ordinary_weights

DAYS = 20_000
MESSAGES = 12
_START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def simulated(unseen: Unseen, levels: list[Level], ladder: np.ndarray) -> dict[str, float]:
    """Shares of days that are alarmed by the sum alone."""
    random = np.random.default_rng(20261121)
    scores = unseen.chances[:, 0] + unseen.chances[:, 1]
    weights = np.searchsorted(ladder, scores) / len(ladder)
    quiet = np.array([level is Level.ORDINARY for level in levels])
    shares = np.where(quiet, ordinary_weights(unseen.sentences), 0).astype(np.float64)
    shares /= shares.sum()
    pressing = np.array([one.level in (Level.CRISIS, Level.DISTRESS) for one in unseen.sentences])
    missed = np.flatnonzero(pressing & quiet)
    near = np.flatnonzero(pressing & quiet & (weights >= LEAST))
    ordinary = [random.choice(weights, MESSAGES, p=shares) for _ in range(DAYS)]
    figures = {"ordinary days alarmed": _alarmed(ordinary)}
    for name, places in (("missed", missed), ("near the threshold", near)):
        for count in (2, 3, 4):
            days = [_mixed(random, weights, shares, places, count) for _ in range(DAYS // 4)]
            figures[f"days with {count} messages of crisis or distress, {name}, found"] = _alarmed(days)
    return {name: round(value, 4) for name, value in figures.items()}


def _mixed(
    random: np.random.Generator, weights: np.ndarray, shares: np.ndarray, places: np.ndarray, count: int
) -> np.ndarray:
    ordinary = random.choice(weights, MESSAGES - count, p=shares)
    return random.permutation(np.concatenate([ordinary, weights[random.choice(places, count, replace=False)]]))


def _alarmed(days: list[np.ndarray]) -> float:
    return sum(_alarms(day) for day in days) / len(days)


def _alarms(day: np.ndarray) -> bool:
    signs: tuple[Sign, ...] = ()
    for place, weight in enumerate(day):
        finding = Finding(Level.ORDINARY, (), 0.0, (), Layer.CLASSIFIER, "", weight=float(weight))
        added = add_up(signs, finding, now=_START + timedelta(hours=place))
        if added.amounts_to_distress:
            return True
        signs = added.signs
    return False
