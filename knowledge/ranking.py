"""Which entries and which articles a question means, best first, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.calibration import Calibration, softmax
from knowledge.catalogue import Catalogue
from knowledge.evidence import Evidence, Votes, article_features, article_likeness, entry_features
from knowledge.signals import article_signals, kinship, match_signals, scope_signals

Array = NDArray[np.float32]
# Said of the talk's topic: worth about as much as two words in common, so it settles close calls and no others.
TOPIC_BONUS: Final = 1.5
VOTERS: Final = 6


@dataclass(frozen=True)
class Ranking:
    """Positions in the catalogue, best first; ``chances`` of the entries add up to one.

    ``match``, ``article``, ``scope`` are chances too: that the first entry is meant, that one of the first three
    articles answers, that the question is of our subject.
    """

    entries: NDArray[np.intp]
    chances: Array
    articles: NDArray[np.intp]
    article_scores: Array
    match: float
    article: float
    scope: float


class Ranker:
    def __init__(self, catalogue: Catalogue, calibration: Calibration, *, topics: Sequence[str]) -> None:
        """``topics``: of each entry, in the catalogue's order."""
        self._catalogue = catalogue
        self._calibration = calibration
        self._topics = np.array(topics)
        self._entry_weights = np.asarray(calibration.entry_weights, dtype=np.float32)
        self._article_weights = np.asarray(calibration.article_weights, dtype=np.float32)

    def rank(self, evidence: Evidence, topic: str | None, *, near: NDArray[np.intp] | None) -> Ranking:
        """``near``: positions of the articles that may be found; None for all."""
        learned = self._calibration
        entries = entry_features(evidence, self._catalogue)
        weights = self._entry_weights
        signals = scope_signals(evidence, entries, catalogue=self._catalogue)
        scope = learned.scope.chance(kinship(signals, entries, weights))
        if topic is not None:
            # As one more feature of weight one, so that the signals see it as well.
            bonus = np.where(self._topics == topic, TOPIC_BONUS, 0.0).astype(np.float32)
            entries, weights = np.hstack([entries, bonus[:, None]]), np.append(weights, np.float32(1.0))
        scores = entries @ weights
        chances = softmax(scores)
        features = article_features(article_likeness(evidence, self._catalogue), self._catalogue, votes=Votes(chances))
        article_scores = features @ self._article_weights
        found = np.arange(len(features)) if near is None else near
        return Ranking(
            entries=np.argsort(-scores, kind="stable"),
            chances=chances,
            articles=found[np.argsort(-article_scores[found], kind="stable")],
            article_scores=article_scores,
            match=learned.match.chance(match_signals(entries, weights)),
            article=learned.article.chance(article_signals(features[found], self._article_weights)),
            scope=scope,
        )
