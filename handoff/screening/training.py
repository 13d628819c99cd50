"""Learns the classifier from our own sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handoff.screening.classifier import Group, by_level
from handoff.screening.decision import LEVELS
from handoff.screening.sentences import Sentence
from knowledge.text_features import Features, Floats
from knowledge.text_model import feature_rows, fit_classes, softmax_rows

FOLDS = 5


def train(sentences: Sequence[Sentence], texts: Sequence[str], vectors: Sequence[Floats]) -> tuple[Features, Floats]:
    """Features, and the weights (groups, width + 1) in the order of `groups_of(sentences)`.

    `texts` are in normal form; `vectors` is one array (n, dimension) for each encoder.
    """
    features = Features.fit(texts, vectors)
    return features, fit_classes(feature_rows(features, texts, vectors), _labels(sentences))


def groups_of(sentences: Sequence[Sentence]) -> tuple[Group, ...]:
    """The groups in the order of their levels and names."""
    present = {Group(sentence.level, sentence.group) for sentence in sentences}
    return tuple(sorted(present, key=lambda group: (LEVELS.index(group.level), group.name)))


def unseen_chances(
    sentences: Sequence[Sentence],
    texts: Sequence[str],
    vectors: Sequence[Floats],
    *,
    after_fold: Callable[[], object],
) -> Floats:
    """For each sentence the probabilities (n, 4) given by a model that was trained without it."""
    fold_of, labels, groups = folds(sentences), _labels(sentences), groups_of(sentences)
    chances = np.zeros((len(sentences), len(LEVELS)), np.float32)
    for fold in range(FOLDS):
        known, new = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        features = Features.fit([texts[place] for place in known], [one[known] for one in vectors])
        rows = feature_rows(features, texts, vectors)
        weights = fit_classes(rows[known], labels[known])
        chances[new] = by_level(softmax_rows(rows[new].scores(weights)), groups)
        after_fold()
    return chances


def folds(sentences: Sequence[Sentence]) -> NDArray[np.int64]:
    """Each group dealt out in turn, so that every fold has its share and two runs have the same folds."""
    dealt: Counter[tuple[str, str]] = Counter()
    found = []
    for sentence in sentences:
        key = (sentence.level.value, sentence.group)
        found.append((dealt[key] * 3) % FOLDS)
        dealt[key] += 1
    return np.array(found)


def _labels(sentences: Sequence[Sentence]) -> NDArray[np.int64]:
    places = {group: place for place, group in enumerate(groups_of(sentences))}
    return np.array([places[Group(sentence.level, sentence.group)] for sentence in sentences])
