"""Probabilities and what the rules saw → a level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from handoff.screening.levels import Level
from knowledge.text_features import Floats

LEVELS = tuple(Level)
"""The order of every array of levels: crisis, distress, sensitive, ordinary."""
EVIDENCE: Mapping[Level, tuple[float, float, float, float]] = {
    Level.CRISIS: (12.0, 4.0, 1.0, 1.0),
    Level.DISTRESS: (1.5, 2.5, 1.0, 1.0),
    Level.SENSITIVE: (1.0, 1.0, 3.0, 1.0),
    Level.ORDINARY: (1.0, 1.0, 1.0, 1.0),
}
"""By what the rules saw the odds of each level are multiplied. Far less than what our own sentences would give: the
rules were written beside them, so both agree there more often than anywhere else."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on a level is given: crisis alone; crisis or distress; anything but ordinary."""

    crisis: float
    distress: float
    sensitive: float


def weighed(chances: Floats, seen: Level) -> Floats:
    """Probabilities (n, 4) once the rules have seen `seen` in the text."""
    odds = chances * np.array(EVIDENCE[seen], np.float32)
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


def decide(chances: Floats, thresholds: Thresholds) -> Level:
    """The level for the probabilities of one text (4,)."""
    crisis, distress, _, ordinary = (float(chance) for chance in chances)
    if crisis >= thresholds.crisis:
        return Level.CRISIS
    if crisis + distress >= thresholds.distress:
        return Level.DISTRESS
    if 1 - ordinary >= thresholds.sensitive:
        return max(Level.SENSITIVE, Level.DISTRESS, key=lambda level: float(chances[LEVELS.index(level)]))
    return Level.ORDINARY
