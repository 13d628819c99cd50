"""Learns the classifier from our own sentences and chooses its thresholds by cross-validation.

The choice: the lowest thresholds at which the sentences that no fold had seen give, in a usual day's mix of talk,
at most `FALSE_CRISIS` crises, `FALSE_DISTRESS` crises or distresses and `FALSE_ANY` of anything among ordinary ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from handoff.screening.classifier import LEVELS, Thresholds, probabilities
from handoff.screening.features import Features, Floats
from handoff.screening.levels import Category, Level
from handoff.screening.sentences import Sentence

FOLDS = 5
FALSE_CRISIS = 0.015
FALSE_DISTRESS = 0.03
FALSE_ANY = 0.04
_STRENGTH = 0.3
_STEPS = 500
_CALLED = 2.0
"""Above every probability."""
# How much of a usual day's ordinary talk is of each kind: an estimate. Hyperbole and legal mentions of death are many
# among our sentences because they are hard, not because they are frequent.
_SHARES = {
    "labour": 0.15,
    "plain_questions": 0.15,
    "union": 0.10,
    "small_talk": 0.10,
    "daily_life": 0.14,
    "everyday": 0.08,
    "messages": 0.12,
    "fragments": 0.20,
    "social_posts": 0.06,
    "reviews_and_law": 0.06,
    "legal_death": 0.02,
    "hyperbole": 0.02,
}


def train(sentences: Sequence[Sentence], texts: Sequence[str], vectors: Floats) -> tuple[Features, Floats, Floats]:
    """Features, weights of the levels (4, width + 1), and weights of `category_names(sentences)`."""
    features = Features.fit(texts, vectors)
    rows = features.rows(texts, vectors, features.places())
    levels = _fit(rows, [LEVELS.index(sentence.level) for sentence in sentences])
    names = category_names(sentences)
    pressing = [place for place, sentence in enumerate(sentences) if sentence.level is not Level.ORDINARY]
    categories = _fit(rows[pressing], [names.index(Category(sentences[place].group)) for place in pressing])
    return features, levels, categories


def category_names(sentences: Sequence[Sentence]) -> tuple[Category, ...]:
    """The categories that have sentences, in the order of `Category`."""
    present = {sentence.group for sentence in sentences if sentence.level is not Level.ORDINARY}
    return tuple(category for category in Category if category.value in present)


def unseen_chances(
    sentences: Sequence[Sentence], texts: Sequence[str], vectors: Floats, *, after_fold: Callable[[], object]
) -> Floats:
    """For each sentence the probabilities (n, 4) given by a model that was trained without it."""
    fold_of = _folds(sentences)
    chances = np.zeros((len(sentences), len(LEVELS)), np.float32)
    labels = np.array([LEVELS.index(sentence.level) for sentence in sentences])
    for fold in range(FOLDS):
        known, new = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        features = Features.fit([texts[place] for place in known], vectors[known])
        places = features.places()
        weights = _fit(features.rows([texts[place] for place in known], vectors[known], places), labels[known])
        chances[new] = probabilities(features.rows([texts[place] for place in new], vectors[new], places), weights)
        after_fold()
    return chances


def choose_thresholds(sentences: Sequence[Sentence], chances: Floats) -> Thresholds:
    """The lowest thresholds that keep the false alarms within the three limits."""
    weights = ordinary_weights(sentences)
    crisis, distress, any_level = chances[:, 0], chances[:, 0] + chances[:, 1], 1 - chances[:, 3]
    from_crisis = _lowest(crisis, weights, FALSE_CRISIS)
    called = crisis >= from_crisis  # what a threshold has called already counts towards the limit of the next
    from_distress = _lowest(np.where(called, _CALLED, distress), weights, FALSE_DISTRESS)
    called |= distress >= from_distress
    from_any = _lowest(np.where(called, _CALLED, any_level), weights, FALSE_ANY)
    return Thresholds(crisis=from_crisis, distress=from_distress, sensitive=from_any)


def ordinary_weights(sentences: Sequence[Sentence]) -> Floats:
    """Each ordinary sentence's share of a usual day's ordinary talk (they sum to 1); 0 for all others."""
    counts = Counter(sentence.group for sentence in sentences if sentence.level is Level.ORDINARY)
    known: Mapping[str, float] = {group: _SHARES.get(group, 0.0) / count for group, count in counts.items()}
    weights = np.array([known.get(sentence.group, 0.0) for sentence in sentences], np.float32)
    return weights / max(float(weights.sum()), 1e-9)


def _lowest(scores: Floats, weights: Floats, limit: float) -> float:
    """The lowest threshold at which the weight of ordinary sentences at or above it stays within the limit."""
    order = np.argsort(-scores, kind="stable")
    allowed = order[np.cumsum(weights[order]) <= limit]
    return float(scores[allowed[-1]]) if len(allowed) else 1.0


def _folds(sentences: Sequence[Sentence]) -> NDArray[np.int64]:
    """Each group dealt out in turn, so that every fold has its share and two runs have the same folds."""
    dealt: Counter[str] = Counter()
    folds = []
    for sentence in sentences:
        folds.append((dealt[sentence.group] * 3) % FOLDS)
        dealt[sentence.group] += 1
    return np.array(folds)


def _fit(rows: Floats, labels: Sequence[int] | NDArray[np.int64]) -> Floats:
    """Weights (classes, width + 1) of a multinomial logistic regression; the last column is the constant."""
    from scipy.sparse import csr_matrix  # here: sklearn takes a second to import and only training needs it
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=_STEPS, multi_class="multinomial").fit(csr_matrix(rows), labels)
    return np.hstack([model.coef_, model.intercept_[:, None]]).astype(np.float32)
