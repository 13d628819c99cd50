"""Small models learned at build: which entry, which article, and how sure. Kept in the artifact as plain numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Floats = NDArray[np.float64]
# Spread over the cases: as with any prior, few of them move the weights less. 1e-4 at 2,000.
_PRIOR: Final = 0.2
_LOGISTIC_PENALTY: Final = 5e-4
_LEAST_SPREAD: Final = 1e-6
"""A column that never varies says nothing, and gets no weight."""


def softmax(scores: NDArray[Any]) -> Array:
    """Adds up to one; empty stays empty."""
    if not len(scores):
        return np.asarray(scores, dtype=np.float32)
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), dtype=np.float32)


@dataclass(frozen=True)
class Logistic:
    """Chance = 1 / (1 + exp(-(bias + weights · features)))."""

    weights: tuple[float, ...]
    bias: float

    def chance(self, features: Sequence[float] | Array) -> float:
        score = self.bias + float(np.dot(self.weights, np.asarray(features, dtype=np.float64)))
        return float(1.0 / (1.0 + np.exp(-np.clip(score, -30.0, 30.0))))


@dataclass(frozen=True)
class Calibration:
    """Weights follow the orders of ENTRY_FEATURES and ARTICLE_FEATURES; thresholds are chances.

    ``anyway_from``: from here on an entry answers although the question does not look like one of our subject.
    ``nearest_from``: from here on it is given as the nearest one; ``borne_out_from``: the same where the likeliest
    article is one that it rests on.
    """

    entry_weights: tuple[float, ...]
    article_weights: tuple[float, ...]
    match: Logistic
    article: Logistic
    scope: Logistic
    answer_from: float
    anyway_from: float
    nearest_from: float
    borne_out_from: float
    article_from: float
    lead_from: float
    scope_from: float
    likely_from: float
    ours_from: float
    measures: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Calibration":
        models: dict[str, Any] = {}
        for name in _MODELS:
            models[name] = Logistic(tuple(values[name]["weights"]), values[name]["bias"])
        vectors: dict[str, Any] = {name: tuple(values[name]) for name in ("entry_weights", "article_weights")}
        rest = {name: values[name] for name in (*_THRESHOLDS, "measures")}
        return cls(**models, **vectors, **rest)


_MODELS: Final = ("match", "article", "scope")
_THRESHOLDS: Final = (
    *("answer_from", "anyway_from", "nearest_from", "borne_out_from", "article_from", "lead_from"),
    *("scope_from", "likely_from", "ours_from"),
)


def rounded(values: NDArray[Any]) -> tuple[float, ...]:
    """Six digits: what is stored does not depend on the last bit of somebody's processor."""
    return tuple(round(float(value), 6) for value in values)


def fit_choice(cases: Sequence[tuple[Array, NDArray[np.intp]]]) -> tuple[float, ...]:
    """Weights w that make softmax(features @ w) put its mass on the right candidates.

    ``cases``: (candidates, features) and the positions of the right ones. Conditional logit with a small L2 penalty;
    no weight is negative, for being more alike must never count against a candidate.
    """
    width, penalty = cases[0][0].shape[1], _PRIOR / len(cases)

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, gradient = penalty * float(weights @ weights), 2 * penalty * weights
        for features, right in cases:
            chances = softmax(features @ weights).astype(np.float64)
            mass = max(float(chances[right].sum()), 1e-12)
            total -= np.log(mass) / len(cases)
            within = chances[right] / mass
            gradient = gradient - (within @ features[right] - chances @ features) / len(cases)
        return total, gradient

    bounds = [(0.0, None)] * width
    return rounded(_lowest(loss, np.full(width, 0.1), bounds=bounds))


def fit_logistic(features: Array, right: NDArray[np.bool_]) -> Logistic:
    """Both answers weigh alike, however many there are of each. ``features``: (cases, width).

    The penalty falls on columns of one spread: one that varies little may weigh much.
    """
    count = np.where(right, right.sum(), (~right).sum())
    weight = (0.5 / np.maximum(count, 1)).astype(np.float64)
    signs = np.where(right, 1.0, -1.0)
    spread = features.std(axis=0, dtype=np.float64)
    scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > _LEAST_SPREAD)
    rows = np.hstack([features * scale, np.ones((len(features), 1))]).astype(np.float64)

    def loss(theta: Floats) -> tuple[float, Floats]:
        margins = signs * (rows @ theta)
        slopes = -signs * weight / (1.0 + np.exp(np.clip(margins, -30, 30)))
        penalty = _LOGISTIC_PENALTY * np.append(theta[:-1], 0.0)
        return float(weight @ np.logaddexp(0, -margins) + 0.5 * penalty @ theta), rows.T @ slopes + penalty

    found = _lowest(loss, np.zeros(rows.shape[1]), options={"maxiter": 500})
    return Logistic(rounded(found[:-1] * scale), rounded(found[-1:])[0])


def _lowest(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, **how: Any) -> Floats:
    """Where ``loss``, which gives its slope as well, is lowest."""
    from scipy.optimize import minimize  # takes a quarter of a second, and only a build learns

    where: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", **how).x
    return where
