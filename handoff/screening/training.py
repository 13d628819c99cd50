"""Learns the classifier from our own sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from handoff.screening.classifier import Group, by_level, softmax
from handoff.screening.decision import LEVELS
from handoff.screening.features import Features, Floats
from handoff.screening.sentences import Sentence

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of features: `dense` is an array, `sparse` a csr_matrix beside it."""

    dense: Floats
    sparse: csr_matrix

    def __getitem__(self, places: NDArray[np.int64]) -> Rows:
        return Rows(self.dense[places], self.sparse[places])

    def scores(self, weights: Floats) -> Floats:
        """(n, classes) for weights (classes, width + 1)."""
        middle = self.dense.shape[1]
        by_parts = self.sparse @ weights[:, middle:-1].T
        return np.asarray(self.dense @ weights[:, :middle].T + by_parts + weights[:, -1], np.float32)

    def gathered(self, amounts: Floats) -> Floats:
        """(classes, width + 1): for each column the sum of the rows times their amounts (n, classes)."""
        by_parts = (self.sparse.T @ amounts).T
        return np.hstack([amounts.T @ self.dense, by_parts, amounts.sum(axis=0)[:, None]])


FOLDS = 5
STRENGTH = 0.5
"""Inverse of the regularisation; chosen by cross-validation, and flat from 0.3 to 1."""
_STEPS = 100
_NEAR_ENOUGH = 1e-3


def train(sentences: Sequence[Sentence], texts: Sequence[str], vectors: Sequence[Floats]) -> tuple[Features, Floats]:
    """Features, and the weights (groups, width + 1) in the order of `groups_of(sentences)`.

    `texts` are in normal form; `vectors` is one array (n, dimension) for each encoder.
    """
    features = Features.fit(texts, vectors)
    return features, _fit(matrix(features, texts, vectors), _labels(sentences))


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
        rows = matrix(features, texts, vectors)
        weights = _fit(rows[known], labels[known])
        chances[new] = by_level(softmax(rows[new].scores(weights)), groups)
        after_fold()
    return chances


def matrix(features: Features, texts: Sequence[str], vectors: Sequence[Floats]) -> Rows:
    """All rows, the dense part and the sparse part."""
    from scipy.sparse import csr_matrix

    places = features.places()
    found = [features.sparse(text, places) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in found)])
    columns = np.concatenate([columns for columns, _ in found]) - len(features.mean)
    values = np.concatenate([values for _, values in found])
    sparse = csr_matrix((values, columns, ends), shape=(len(texts), len(features.vocabulary)))
    return Rows(features.dense(vectors), sparse)


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


def _fit(rows: Rows, labels: NDArray[np.int64]) -> Floats:
    """Weights (classes, width + 1) of a multinomial logistic regression; the last column is the constant.

    scikit-learn's own takes six times as long: it would have the dense half of each row as a sparse one.
    """
    from scipy.optimize import minimize

    classes, width = int(labels.max()) + 1, rows.dense.shape[1] + rows.sparse.shape[1] + 1
    truth = np.eye(classes, dtype=np.float32)[labels]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(classes, width)
        chances = softmax(rows.scores(weights.astype(np.float32)))
        log_loss = -np.log(np.maximum((chances * truth).sum(axis=1), 1e-12)).sum(dtype=np.float64)
        gradient = rows.gathered(chances - truth).astype(np.float64) * STRENGTH
        gradient[:, :-1] += weights[:, :-1]
        return STRENGTH * log_loss + 0.5 * float((weights[:, :-1] ** 2).sum()), gradient.ravel()

    start = np.zeros(classes * width)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "gtol": _NEAR_ENOUGH})
    return np.asarray(found.x.reshape(classes, width), np.float32)
