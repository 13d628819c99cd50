"""Thresholds that are learned from questions of which we know whose they are."""

import numpy as np

from knowledge.learning import likely_from


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
