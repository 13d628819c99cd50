"""A second look at what the classifier alone has found: whether strangers do not talk like that of quite other things.

Dough that will not rise, a scratched car and a husband who strays have words of despair about them, and our own
sentences hold few of such matters. The second look is learned from danger of every kind on the one side, from ordinary
talk and from what strangers ask on the other. Where it is sure that there is no danger, the classifier's finding is
dropped. Where the rules saw anything, nobody asks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handoff.screening.decision import LEVELS
from handoff.screening.levels import Level
from handoff.screening.sentences import Sentence
from knowledge.text_features import Floats
from knowledge.text_model import FeatureRows, fit_classes

LOST_AT_MOST = 0.02
"""Of our sentences of danger in which the rules see nothing, so many may be taken for harmless, unseen."""
_DANGER, _NONE = 0, 1


@dataclass(frozen=True, eq=False)
class SecondLook:
    """`weights`: (width + 1,), danger against none, the last one the constant.

    `limit`: below this chance of danger, 0..1, it is sure that there is none.
    """

    weights: Floats
    limit: float

    def calmed(self, chances: Floats, scores: Floats) -> Floats:
        """Chances of levels (n, 4), none but ordinary where it is sure; `scores`: (n,), the rows times the weights."""
        harmless = danger_chances(scores) < self.limit
        ordinary = np.array([level is Level.ORDINARY for level in LEVELS], np.float32)
        return np.where(harmless[:, None], ordinary, chances)


def danger_chances(scores: Floats) -> Floats:
    """(n,), 0..1."""
    return np.asarray(1.0 / (1.0 + np.exp(-scores)), np.float32)


def learn_second_look(
    sentences: Sequence[Sentence], rows: FeatureRows, *, folds: NDArray[np.int64], silent: NDArray[np.bool_]
) -> tuple[SecondLook, Floats]:
    """What was learned, and the score of each sentence (n,) by one that was learned without its fold.

    `sentences`: ours and strangers', in the order of `rows`; `silent`: whether the rules see nothing in each.
    """
    labels = np.array([_NONE if sentence.level is Level.ORDINARY else _DANGER for sentence in sentences])

    def learned(places: NDArray[np.int64]) -> Floats:
        weights = fit_classes(rows[places], labels[places])
        return np.asarray(weights[_DANGER] - weights[_NONE])

    unseen = np.zeros(len(sentences), np.float32)
    for fold in np.unique(folds):
        kept, new = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        unseen[new] = rows[new].scores(learned(kept)[None, :])[:, 0]
    danger = danger_chances(unseen)[(labels == _DANGER) & silent]
    limit = float(np.quantile(danger, LOST_AT_MOST)) if len(danger) else 0.0
    return SecondLook(learned(np.arange(len(sentences))), round(limit, 6)), unseen
