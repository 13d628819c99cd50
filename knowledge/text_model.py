"""Learns classes of texts: a multinomial logistic regression over the rows of ``text_features``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.text_features import Features, Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

STRENGTH: Final = 0.5
"""Inverse of the regularisation; chosen by cross-validation, and flat from 0.3 to 1."""
_STEPS: Final = 100
_NEAR_ENOUGH: Final = 1e-3


@dataclass(frozen=True, eq=False)
class FeatureRows:
    """Rows of features: `dense` is an array, `sparse` a csr_matrix beside it."""

    dense: Floats
    sparse: csr_matrix

    def __getitem__(self, places: NDArray[np.int64]) -> FeatureRows:
        return FeatureRows(self.dense[places], self.sparse[places])

    def scores(self, weights: Floats) -> Floats:
        """(n, classes) for weights (classes, width + 1)."""
        middle = self.dense.shape[1]
        by_parts = self.sparse @ weights[:, middle:-1].T
        return np.asarray(self.dense @ weights[:, :middle].T + by_parts + weights[:, -1], np.float32)

    def gathered(self, amounts: Floats) -> Floats:
        """(classes, width + 1): for each column the sum of the rows times their amounts (n, classes)."""
        by_parts = (self.sparse.T @ amounts).T
        return np.hstack([amounts.T @ self.dense, by_parts, amounts.sum(axis=0)[:, None]])


def feature_rows(features: Features, texts: Sequence[str], vectors: Sequence[Floats]) -> FeatureRows:
    """All rows, the dense part and the sparse part; `vectors` is one array (n, dimension) for each encoder."""
    from scipy.sparse import csr_matrix

    places = features.places()
    found = [features.sparse(text, places) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in found)])
    columns = np.concatenate([columns for columns, _ in found]) - len(features.mean)
    values = np.concatenate([values for _, values in found])
    sparse = csr_matrix((values, columns, ends), shape=(len(texts), len(features.vocabulary)))
    return FeatureRows(features.dense(vectors), sparse)


def softmax_rows(scores: Floats) -> Floats:
    """Probabilities of each row."""
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True), np.float32)


def fit_classes(rows: FeatureRows, labels: NDArray[np.int64]) -> Floats:
    """Weights (classes, width + 1) of a multinomial logistic regression; the last column is the constant.

    scikit-learn's own takes six times as long: it would have the dense half of each row as a sparse one.
    """
    from scipy.optimize import minimize

    classes, width = int(labels.max()) + 1, rows.dense.shape[1] + rows.sparse.shape[1] + 1
    truth = np.eye(classes, dtype=np.float32)[labels]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(classes, width)
        chances = softmax_rows(rows.scores(weights.astype(np.float32)))
        log_loss = -np.log(np.maximum((chances * truth).sum(axis=1), 1e-12)).sum(dtype=np.float64)
        gradient = rows.gathered(chances - truth).astype(np.float64) * STRENGTH
        gradient[:, :-1] += weights[:, :-1]
        return STRENGTH * log_loss + 0.5 * float((weights[:, :-1] ** 2).sum()), gradient.ravel()

    start = np.zeros(classes * width)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "gtol": _NEAR_ENOUGH})
    return np.asarray(found.x.reshape(classes, width), np.float32)
