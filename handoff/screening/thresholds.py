"""Chooses thresholds by cross-validation: the lowest ones that keep false alarms on unseen ordinary talk within limits.

Both layers count: what the rules alone call is already an alarm, and what they saw has weighed the probabilities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from handoff.screening.decision import LEVELS, Thresholds, decide, weighed
from handoff.screening.levels import Level
from handoff.screening.sentences import Sentence
from knowledge.text_features import Floats

FALSE_CRISIS = 0.008
"""Less than the one in a hundred that a union may be asked to bear: strangers write more variously than we do."""
FALSE_DISTRESS = 0.046
"""Crisis and distress together."""
FALSE_ANY = 0.054
STEPS = 1000
"""Rungs of the ladder."""
_CALLED = 2.0
"""Above every probability."""
# How much of a usual day's ordinary talk is of each kind: an estimate. Hyperbole and legal mentions of death are many
# among our sentences because they are hard, not because they are frequent.
SHARES: Mapping[str, float] = {
    "labour": 0.14,
    "plain_questions": 0.12,
    "endings_at_work": 0.05,
    "union": 0.07,
    "small_talk": 0.08,
    "daily_life": 0.12,
    "everyday": 0.07,
    "messages": 0.10,
    "fragments": 0.11,
    "social_posts": 0.06,
    "reviews_and_law": 0.03,
    "legal_death": 0.01,
    "hyperbole": 0.02,
    "sad_but_safe": 0.02,
}


@dataclass(frozen=True, eq=False)
class Unseen:
    """What both layers say of sentences that the classifier had not seen: `chances` (n, 4) weighed by the rules."""

    sentences: tuple[Sentence, ...]
    chances: Floats
    by_rules: tuple[Level, ...]
    """What the rules give without asking the classifier."""

    @classmethod
    def of(
        cls, sentences: Sequence[Sentence], chances: Floats, *, seen: Sequence[Level], alone: Sequence[Level]
    ) -> Unseen:
        """`chances` as the classifier gave them; `seen` and `alone`: what the rules saw, and give by themselves."""
        rows = [weighed(chance[None, :], level)[0] for chance, level in zip(chances, seen, strict=True)]
        return cls(tuple(sentences), np.array(rows, np.float32), tuple(alone))

    def levels(self, thresholds: Thresholds) -> list[Level]:
        """What a worker who wrote each sentence would be given."""
        return [
            max(rule, decide(chance, thresholds), key=lambda level: level.seriousness)
            for rule, chance in zip(self.by_rules, self.chances, strict=True)
        ]


def choose_thresholds(unseen: Unseen) -> Thresholds:
    """The lowest thresholds that keep the false alarms within the three limits."""
    weights = ordinary_weights(unseen.sentences)
    rules = np.array([level.seriousness for level in unseen.by_rules])
    crisis, distress = unseen.chances[:, 0], unseen.chances[:, 0] + unseen.chances[:, 1]
    any_level = 1 - unseen.chances[:, 3]
    called = rules >= Level.CRISIS.seriousness
    from_crisis = _lowest(np.where(called, _CALLED, crisis), weights, FALSE_CRISIS)
    # what a threshold has called already counts towards the limit of the next
    called |= (crisis >= from_crisis) | (rules >= Level.DISTRESS.seriousness)
    from_distress = _lowest(np.where(called, _CALLED, distress), weights, FALSE_DISTRESS)
    called |= (distress >= from_distress) | (rules >= Level.SENSITIVE.seriousness)
    from_any = _lowest(np.where(called, _CALLED, any_level), weights, FALSE_ANY)
    return Thresholds(crisis=from_crisis, distress=from_distress, sensitive=from_any)


def ordinary_weights(sentences: Sequence[Sentence]) -> Floats:
    """Each ordinary sentence's share of a usual day's ordinary talk (they sum to 1); 0 for all others."""
    counts = Counter(sentence.group for sentence in sentences if sentence.level is Level.ORDINARY)
    known = {group: SHARES.get(group, 0.0) / count for group, count in counts.items()}
    ordinary = (sentence.level is Level.ORDINARY for sentence in sentences)
    pairs = zip(sentences, ordinary, strict=True)
    weights = np.array([known[one.group] if is_ordinary else 0.0 for one, is_ordinary in pairs], np.float32)
    return weights / max(float(weights.sum()), 1e-9)


def ladder(unseen: Unseen) -> Floats:
    """How strongly usual ordinary talk speaks of crisis or distress: `STEPS` probabilities, ascending, evenly apart."""
    scores = unseen.chances[:, 0] + unseen.chances[:, 1]
    order = np.argsort(scores, kind="stable")
    below = np.cumsum(ordinary_weights(unseen.sentences)[order])
    return np.asarray(np.interp((np.arange(STEPS) + 0.5) / STEPS, below, scores[order]), np.float32)


def _lowest(scores: Floats, weights: Floats, limit: float) -> float:
    """The lowest threshold at which the weight of ordinary sentences at or above it stays within the limit."""
    order = np.argsort(-scores, kind="stable")
    allowed = order[np.cumsum(weights[order]) <= limit]
    return min(1.0, float(scores[allowed[-1]])) if len(allowed) else 1.0


def measured(unseen: Unseen, thresholds: Thresholds) -> dict[str, float]:
    """Shares by both layers on unseen sentences, and by group; ordinary ones together weighed as on a usual day."""
    found = unseen.levels(thresholds)
    weights = ordinary_weights(unseen.sentences)
    figures = {f"ordinary called {level.value}": 0.0 for level in LEVELS}
    for level, weight in zip(found, weights, strict=True):
        figures[f"ordinary called {level.value}"] += float(weight)
    names = [(sentence.level.value, sentence.level) for sentence in unseen.sentences]
    groups = [(f"{sentence.level.value}/{sentence.group}", sentence.level) for sentence in unseen.sentences]
    for labels in (names, groups):
        for label in dict.fromkeys(labels):
            own = [level for level, other in zip(found, labels, strict=True) if other == label]
            figures |= _of_one(label, own)
    return {name: round(value, 4) for name, value in figures.items()}


def _of_one(label: tuple[str, Level], found: Sequence[Level]) -> dict[str, float]:
    name, level = label
    if level is Level.ORDINARY:
        return {f"{name} left alone": sum(one is Level.ORDINARY for one in found) / len(found)}
    return {
        f"{name} found": sum(one is level for one in found) / len(found),
        f"{name} found or higher": sum(one.seriousness >= level.seriousness for one in found) / len(found),
        f"{name} called crisis or distress": sum(one.seriousness >= 2 for one in found) / len(found),
        f"{name} not called ordinary": sum(one is not Level.ORDINARY for one in found) / len(found),
    }
