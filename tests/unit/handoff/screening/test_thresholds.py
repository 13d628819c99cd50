"""Thresholds keep false alarms within their limits, and what the rules saw counts on both sides."""

import numpy as np
import pytest

from handoff.screening.decision import EVIDENCE, Thresholds, decide, weighed
from handoff.screening.levels import Level
from handoff.screening.sentences import Sentence, load_sentences
from handoff.screening.thresholds import FALSE_ANY, FALSE_CRISIS, SHARES, Unseen, choose_thresholds, ladder, measured

ORDINARY = [Sentence(f"o{place}", Level.ORDINARY, "labour") for place in range(1000)]
CRISIS = [Sentence(f"c{place}", Level.CRISIS, "self_harm") for place in range(100)]


def _unseen(alone: Level = Level.ORDINARY) -> Unseen:
    random = np.random.default_rng(7)
    calm = random.dirichlet([1, 1, 1, 20], len(ORDINARY))
    pressing = random.dirichlet([12, 3, 1, 3], len(CRISIS))
    levels = [alone] * 2 + [Level.ORDINARY] * (len(ORDINARY) + len(CRISIS) - 2)
    chances = np.vstack([calm, pressing]).astype(np.float32)
    return Unseen.of([*ORDINARY, *CRISIS], chances, seen=[Level.ORDINARY] * len(chances), alone=levels)


@pytest.mark.parametrize("alone", [Level.ORDINARY, Level.CRISIS])
def test_false_alarms_stay_within_their_limits_with_the_rules_counted(alone: Level) -> None:
    unseen = _unseen(alone)
    figures = measured(unseen, choose_thresholds(unseen))
    assert figures["ordinary called crisis"] <= FALSE_CRISIS
    assert 1 - figures["ordinary called ordinary"] <= FALSE_ANY + 1e-3
    assert figures["crisis found"] > 0.5


def test_each_kind_of_ordinary_talk_of_ours_has_a_share() -> None:
    groups = {sentence.group for sentence in load_sentences() if sentence.level is Level.ORDINARY}
    assert groups == set(SHARES)
    assert sum(SHARES.values()) == pytest.approx(1.0)


def test_what_the_rules_saw_moves_the_probabilities_and_keeps_them_probabilities() -> None:
    chances = np.array([[0.2, 0.2, 0.1, 0.5]], np.float32)
    assert set(EVIDENCE) == set(Level)
    for level in Level:
        assert weighed(chances, level).sum() == pytest.approx(1.0)
    assert weighed(chances, Level.CRISIS)[0, 0] > 0.6
    assert np.allclose(weighed(chances, Level.ORDINARY), chances)


def test_the_level_follows_the_thresholds_in_their_order() -> None:
    thresholds = Thresholds(crisis=0.6, distress=0.5, sensitive=0.5)
    cases = [((0.7, 0.1, 0.1, 0.1), Level.CRISIS), ((0.3, 0.3, 0.1, 0.3), Level.DISTRESS)]
    cases += [((0.1, 0.1, 0.5, 0.3), Level.SENSITIVE), ((0.1, 0.1, 0.1, 0.7), Level.ORDINARY)]
    for chances, level in cases:
        assert decide(np.array(chances, np.float32), thresholds) is level


def test_the_ladder_ascends_and_its_rungs_are_shares_of_ordinary_talk() -> None:
    unseen = _unseen()
    rungs = ladder(unseen)
    scores = (unseen.chances[:, 0] + unseen.chances[:, 1])[: len(ORDINARY)]
    assert (np.diff(rungs) >= 0).all()
    assert np.searchsorted(rungs, np.median(scores)) / len(rungs) == pytest.approx(0.5, abs=0.01)
