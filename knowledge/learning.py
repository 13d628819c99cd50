"""What the ranking and the thresholds are learned from the answers to ``practice_questions``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.calibration import Calibration, Logistic, fit_choice, fit_logistic, softmax
from knowledge.catalogue import LEADING_CITATIONS, Catalogue
from knowledge.evidence import Votes, article_features
from knowledge.practice_questions import Asked, Kind
from knowledge.signals import article_signals, kinship, match_signals
from knowledge.subject import FOLDS

Array = NDArray[np.float32]
# A worker who is turned away may not come again; a stranger who is asked back is only asked back.
REFUSED_AT_MOST: Final = 0.03
# So few strangers look like ours that it is ours whatever the dialogue takes it for.
STRANGERS_AT_MOST: Final = 0.01
# So few strangers come so near to an entry that it may answer whatever they look like: a button's own words must.
ANYWAY_AT_MOST: Final = 0.0003
SURE_ENOUGH: Final = 0.9
# With an entry that rests on it, and alone: an article by itself is hard to read, and a wrong one misleads.
ARTICLE_SURE_ENOUGH: Final = 0.6
ARTICLE_ALONE_SURE_ENOUGH: Final = 0.7
# Of what is answered with the nearest entry, said to be that: by its own likeness, or because the likeliest article
# bears it out; of the latter what is half said counts as well, for there the likeness may be little.
NEAREST_RIGHT: Final = 0.65
BORNE_OUT_RIGHT: Final = 1 / 3
DEEP: Final = 3


@dataclass(frozen=True)
class _Fitted:
    """A model, and the chance it gives each question when that question's fold was kept from it."""

    model: Logistic
    chances: NDArray[np.float64]
    truth: NDArray[np.bool_]


def _fit(
    features: Array, truth: NDArray[np.bool_], *, folds: NDArray[np.intp], teaching: NDArray[np.bool_] | None = None
) -> _Fitted:
    """``teaching``: whether a question is learned from, or only gets its chance; None for all."""
    taught = np.ones(len(features), dtype=bool) if teaching is None else teaching
    chances = np.zeros(len(features))
    for fold in range(FOLDS):
        asked, kept = folds == fold, taught & (folds != fold)
        model = fit_logistic(features[kept], truth[kept])
        chances[asked] = [model.chance(row) for row in features[asked]]
    return _Fitted(fit_logistic(features[taught], truth[taught]), chances, truth)


def _threshold(fitted: _Fitted, precision: float, *, among: NDArray[np.bool_] | None = None) -> float:
    """The lowest chance from which on at least ``precision`` of the answers are right."""
    chosen = np.ones(len(fitted.chances), dtype=bool) if among is None else among
    chances, truth = fitted.chances[chosen], fitted.truth[chosen]
    order = np.argsort(-chances, kind="stable")
    precisions = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precisions >= precision)
    return round(float(chances[order][good[-1]]), 6) if len(good) else 1.0


class _Lesson:
    """The questions of one build, and what is learned from them step by step."""

    def __init__(self, asked: Sequence[Asked], catalogue: Catalogue) -> None:
        self.asked = asked
        self.catalogue = catalogue
        # By entry, so that an entry's wordings are never on both sides; strangers by place, so kinds are spread.
        self.folds = np.array([(n if a.entry is None else a.entry) % FOLDS for n, a in enumerate(asked)], dtype=np.intp)

    def entries(self) -> tuple[float, ...]:
        return fit_choice([(a.entries, np.array([a.right], dtype=np.intp)) for a in self.asked if a.right is not None])

    def match(self, weights: Array) -> _Fitted:
        """Whether the first entry answers. Among many entries the next one often does as well: that is not wrong.

        Learned from ours alone: what tells a stranger from us does not tell the right entry from the next.
        """
        truth = [self._answers(int(np.argmax(a.entries @ weights)), a) for a in self.asked]
        ours = np.array([a.ours for a in self.asked])
        return self._fitted(lambda a: match_signals(a.entries, weights), truth, teaching=ours)

    def _answers(self, first: int, asked: Asked) -> bool:
        return asked.entry is not None and self.catalogue.rest_on_the_same(first, asked.entry)

    def scope(self, weights: Array) -> _Fitted:
        return self._fitted(lambda a: kinship(a.scope, a.entries, weights), [a.ours for a in self.asked])

    def articles(self, weights: Array, unanswered: NDArray[np.bool_]) -> tuple[tuple[float, ...], _Fitted]:
        """From the questions that no entry answers surely; right are the telling articles of their entry."""
        resting = [
            (n, asked, self.catalogue.telling(asked.entry))
            for n, asked in enumerate(self.asked)
            if asked.entry is not None and self.catalogue.cited[asked.entry]
        ]
        # Where few entries are so unlike that all is answered surely, all of it teaches.
        cases = [case for case in resting if unanswered[case[0]]] or resting
        features = [self._article_features(asked, weights) for _, asked, _ in cases]
        right = [right for _, _, right in cases]
        learned = fit_choice(list(zip(features, right, strict=True)))
        vector = np.asarray(learned, dtype=np.float32)
        first = [np.argsort(-(rows @ vector), kind="stable")[:DEEP] for rows in features]
        truth = [bool(set(found) & set(wanted)) for found, wanted in zip(first, right, strict=True)]
        signals = np.stack([article_signals(rows, vector) for rows in features])
        return learned, _fit(signals, np.array(truth), folds=self.folds[[n for n, _, _ in cases]])

    def borne_out(self, weights: Array, article_weights: Array) -> NDArray[np.bool_]:
        """Of every question, whether the likeliest article is a leading one of the likeliest entry."""
        return np.array([self._is_borne_out(asked, weights, article_weights) for asked in self.asked])

    def _is_borne_out(self, asked: Asked, weights: Array, article_weights: Array) -> bool:
        likeliest = int(np.argmax(self._article_features(asked, weights) @ article_weights))
        return likeliest in self.catalogue.cited[int(np.argmax(asked.entries @ weights))][:LEADING_CITATIONS]

    def best_chances(self, weights: Array, *, match: _Fitted, article: tuple[Array, Logistic]) -> NDArray[np.float64]:
        """What a question back would be scored with: the better of entry and article, of every question."""
        article_weights, model = article
        by_article = [
            model.chance(article_signals(self._article_features(asked, weights), article_weights))
            for asked in self.asked
        ]
        return np.maximum(match.chances, by_article)

    def _article_features(self, asked: Asked, weights: Array) -> Array:
        votes = Votes(softmax(asked.entries @ weights), asked.entry if asked.kind is Kind.ORPHAN else None)
        return article_features(asked.articles, self.catalogue, votes=votes)

    def _fitted(
        self, signals: Callable[[Asked], Array], truth: Sequence[bool], *, teaching: NDArray[np.bool_] | None = None
    ) -> _Fitted:
        rows = np.stack([signals(a) for a in self.asked])
        return _fit(rows, np.array(truth), folds=self.folds, teaching=teaching)


def likely_from(ours: NDArray[np.float64], strangers: NDArray[np.float64]) -> float:
    """The chance at which as large a share of ours stays below as of the strangers reaches it.

    ``strangers``: 0 for those whom the scope turns away, for nobody asks them anything.
    """
    limits = np.unique(np.concatenate([ours, strangers]))
    lost = np.searchsorted(np.sort(ours), limits, side="left") / len(ours)
    asked = 1.0 - np.searchsorted(np.sort(strangers), limits, side="left") / len(strangers)
    return round(float(limits[np.argmin(np.abs(lost - asked))]), 6)


def learn(asked: Sequence[Asked], catalogue: Catalogue) -> Calibration:
    """From ``ask_own`` and ``ask_strangers``; the same questions always teach the same."""
    lesson = _Lesson(asked, catalogue)
    entry_weights = lesson.entries()
    weights = np.asarray(entry_weights, dtype=np.float32)
    match, scope = lesson.match(weights), lesson.scope(weights)
    inside = np.sort(scope.chances[scope.truth])
    scope_from = round(float(inside[int(len(inside) * REFUSED_AT_MOST)]), 6)
    strangers = ~scope.truth
    unseen = np.array([a.kind is Kind.UNSEEN for a in asked])
    answer_from = _threshold(match, SURE_ENOUGH, among=unseen)
    article_weights, article = lesson.articles(weights, match.chances < answer_from)
    of_articles = np.asarray(article_weights, np.float32)
    best = lesson.best_chances(weights, match=match, article=(of_articles, article.model))
    unsure = match.chances < answer_from
    half_said = np.array([a.kind is Kind.HALF_SAID for a in asked])
    borne_out = unsure & (unseen | half_said) & lesson.borne_out(weights, of_articles)
    likely = likely_from(best[unseen], np.where(scope.chances >= scope_from, best, 0.0)[strangers])
    sure = unseen & (match.chances >= answer_from)
    measures = {
        "unseen_entry_first": match.truth[unseen].mean(),
        "unseen_answered": sure.sum() / unseen.sum(),
        "unseen_answered_right": match.truth[sure].mean() if sure.any() else 0.0,
        "strangers_refused": (scope.chances[strangers] < scope_from).mean(),
        "unseen_likely": (best[unseen] >= likely).mean(),
        "article_in_first_3": article.truth.mean(),
    }
    return Calibration(
        entry_weights=entry_weights,
        article_weights=article_weights,
        match=match.model,
        article=article.model,
        scope=scope.model,
        answer_from=answer_from,
        anyway_from=max(answer_from, round(float(np.quantile(match.chances[strangers], 1 - ANYWAY_AT_MOST)), 6)),
        nearest_from=_threshold(match, NEAREST_RIGHT, among=unsure & unseen),
        borne_out_from=_threshold(match, BORNE_OUT_RIGHT, among=borne_out),
        article_from=_threshold(article, ARTICLE_SURE_ENOUGH),
        lead_from=_threshold(article, ARTICLE_ALONE_SURE_ENOUGH),
        scope_from=scope_from,
        likely_from=likely,
        ours_from=round(float(np.quantile(scope.chances[strangers], 1 - STRANGERS_AT_MOST)), 6),
        measures={name: round(float(value), 4) for name, value in measures.items()},
    )
