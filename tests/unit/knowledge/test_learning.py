"""Thresholds that are learned from questions of which we know whose they are."""

import numpy as np

from knowledge.catalogue import make_catalogue
from knowledge.learning import _fit, likely_from
from knowledge.practice_questions import BESIDE, own_questions
from knowledge.search import KnowledgeBase
from knowledge.subject import FOLDS


def test_as_many_of_ours_are_lost_as_strangers_are_asked_back() -> None:
    chaos = np.random.default_rng(5)
    ours, strangers = chaos.beta(4, 2, 2000), chaos.beta(2, 4, 700)
    limit = likely_from(ours, strangers)
    assert abs((ours < limit).mean() - (strangers >= limit).mean()) < 0.01
    assert 0.1 < (ours < limit).mean() < 0.3


def test_strangers_whom_the_scope_turns_away_lower_it() -> None:
    chaos = np.random.default_rng(5)
    ours, strangers = chaos.beta(4, 2, 2000), chaos.beta(2, 4, 700)
    few = np.where(np.arange(700) % 10 == 0, strangers, 0.0)
    assert likely_from(ours, few) < likely_from(ours, strangers) - 0.1


def test_where_no_stranger_comes_near_none_of_ours_is_lost() -> None:
    ours = np.array([0.3, 0.5, 0.9])
    assert likely_from(ours, np.zeros(50)) <= 0.3


def test_what_strangers_ask_does_not_teach_when_an_entry_answers() -> None:
    chaos = np.random.default_rng(5)
    features, truth = chaos.normal(size=(400, 3)).astype(np.float32), np.arange(400) % 2 == 0
    features[truth] += 1.0
    folds, ours = np.arange(400) % FOLDS, np.arange(400) < 300
    fitted = _fit(features, truth, folds=folds, teaching=ours)
    features[~ours], truth[~ours] = 50.0, False
    among_others = _fit(features, truth, folds=folds, teaching=ours)
    assert fitted.model == among_others.model
    assert (fitted.chances[ours] == among_others.chances[ours]).all()
    assert (among_others.chances[~ours] > 0.99).all(), "they get a chance all the same"


def test_a_wording_is_asked_without_what_was_written_beside_it(small_base: KnowledgeBase) -> None:
    catalogue = make_catalogue(small_base.entries, {}, keys={})
    wordings = [wording for entry in small_base.entries for wording in entry.asked]
    for question in own_questions(catalogue, wordings):
        places = [wordings.index(wording) for wording in question.wordings]
        start, count = catalogue.wording_starts[question.entry], catalogue.wording_counts[question.entry]
        beside = min(BESIDE, count // 4)
        assert set(places) <= set(question.gone)
        assert question.gone.start == max(start, places[0] - beside)
        assert question.gone.stop == min(start + count, places[-1] + 1 + beside)
        assert 0 < beside < len(question.gone) < count
