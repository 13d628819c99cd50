"""Numbers from which the chances are computed: is the entry meant, does the article answer, is it our subject."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.calibration import softmax
from knowledge.catalogue import Catalogue
from knowledge.evidence import ENTRY_FEATURES, Evidence
from knowledge.vectors import highest

Array = NDArray[np.float32]
_SUBJECT_SCALE: Final = 3.0
_NEAREST: Final = ENTRY_FEATURES.index("nearest")
_ANSWER: Final = ENTRY_FEATURES.index("answer")
_WORDS: Final = ENTRY_FEATURES.index("words")
_PAIRS: Final = ENTRY_FEATURES.index("pairs")
_SOUNDS: Final = ENTRY_FEATURES.index("sounds")


def _floats(*values: float) -> Array:
    return np.array([float(value) for value in values], dtype=np.float32)


def match_signals(entries: Array, weights: Array) -> Array:
    """Of the best entry: its share, its lead over the second, and how near it is in itself. ``entries``: features."""
    scores = entries @ weights
    order = np.argsort(-scores, kind="stable")[:2]
    best = entries[order[0]]
    lead = float(scores[order[0]] - scores[order[1]]) if len(order) > 1 else 5.0
    share = float(softmax(scores)[order[0]])
    return _floats(share, min(lead, 5.0), best[_NEAREST], best[_ANSWER], best[_WORDS], best[_PAIRS])


def scope_signals(evidence: Evidence, entries: Array, *, catalogue: Catalogue) -> Array:
    """Of the whole index: how near the nearest wordings, answers and articles are, how many words it knows; and how

    much the question's own words and vector speak of our subject; and how like it is to what strangers asked.
    """
    nearest = highest(entries[:, _NEAREST], 8) if len(entries) else np.zeros(1, dtype=np.float32)
    articles = highest(evidence.vector[catalogue.article_rows], 10)
    answers = entries[:, _ANSWER].max(initial=-1.0)
    known = [evidence.words.max(initial=0.0), highest(evidence.words, 20).mean() if len(evidence.words) else 0.0]
    forgiving = [evidence.pairs.max(initial=0.0), evidence.sounds.max(initial=0.0)]
    likeness = [nearest[0], nearest.mean(), answers, articles[:1].sum(), articles.mean()]
    strangers = evidence.subject.strangers
    strange = [strangers.max(initial=0.0), strangers.mean() if len(strangers) else 0.0]
    return _floats(*likeness, *known, *forgiving, evidence.subject.odds / _SUBJECT_SCALE, *strange)


def kinship(scope: Array, entries: Array, weights: Array) -> Array:
    """Whether it is our subject: ``scope_signals``, and how clearly one entry is meant."""
    return np.concatenate([scope, match_signals(entries, weights)])


def article_signals(features: Array, weights: Array) -> Array:
    """Of the best article: the share of the first three, its lead, its own likeness and its votes."""
    scores = features @ weights
    order = np.argsort(-scores, kind="stable")
    shares = softmax(scores)[order]
    best = features[order[0]]
    lead = float(scores[order[0]] - scores[order[min(3, len(order) - 1)]])
    return _floats(shares[:3].sum(), min(lead, 5.0), best[0], best[1], best[2])
