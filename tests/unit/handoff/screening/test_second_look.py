"""Whether what the classifier found by itself is rather what strangers ask."""

import numpy as np
import pytest
from numpy.typing import NDArray

from handoff.screening.decision import LEVELS
from handoff.screening.levels import Level
from handoff.screening.second_look import LOST_AT_MOST, SecondLook, danger_chances, learn_second_look
from handoff.screening.sentences import Sentence
from knowledge.text_features import Features
from knowledge.text_model import FeatureRows, feature_rows

DANGER = ("我不想活了", "活着没意思", "真想死了算了", "撑不下去了", "今晚就走了", "想从楼上跳下去")
HARMLESS = ("馒头发不起来", "车被划了一道", "手机死机了怎么办", "孩子咳嗽三天了", "股票跌惨了", "花养不活怎么办")
ORDINARY = np.array([level is Level.ORDINARY for level in LEVELS], np.float32)


def _sentences() -> list[Sentence]:
    pairs = [(text, Level.CRISIS) for text in DANGER] + [(text, Level.ORDINARY) for text in HARMLESS]
    return [Sentence(f"{text}{end}", level, "any") for text, level in pairs for end in ("", "啊", "，怎么办", "了吧")]


@pytest.fixture(scope="module")
def rows() -> FeatureRows:
    texts = [one.text for one in _sentences()]
    nothing = [np.random.default_rng(1).random((len(texts), 4)).astype(np.float32)]
    return feature_rows(Features.fit(texts, nothing), texts, nothing)


def _learned(rows: FeatureRows, silent: NDArray[np.bool_] | None = None) -> tuple[SecondLook, NDArray[np.float32]]:
    sentences = _sentences()
    heard = np.ones(len(sentences), bool) if silent is None else silent
    return learn_second_look(sentences, rows, folds=np.arange(len(sentences)) % 4, silent=heard)


def test_danger_is_told_from_what_strangers_ask(rows: FeatureRows) -> None:
    second_look, unseen = _learned(rows)
    danger = np.array([one.level is Level.CRISIS for one in _sentences()])
    scores = rows.scores(second_look.weights[None, :])[:, 0]
    assert scores[danger].min() > scores[~danger].max()
    assert unseen[danger].mean() > unseen[~danger].mean()


def test_hardly_any_danger_lies_below_the_limit(rows: FeatureRows) -> None:
    second_look, unseen = _learned(rows)
    danger = np.array([one.level is Level.CRISIS for one in _sentences()])
    assert (danger_chances(unseen)[danger] < second_look.limit).mean() <= LOST_AT_MOST + 1 / danger.sum()


def test_where_the_rules_see_all_danger_nothing_is_ever_dropped(rows: FeatureRows) -> None:
    second_look, unseen = _learned(rows, np.zeros(len(_sentences()), bool))
    chances = np.full((len(unseen), len(LEVELS)), 0.25, np.float32)
    assert np.array_equal(second_look.calmed(chances, unseen), chances)


def test_only_what_lies_below_the_limit_becomes_ordinary() -> None:
    second_look = SecondLook(np.zeros(1, np.float32), limit=0.1)
    chances = np.tile(np.array([0.7, 0.1, 0.1, 0.1], np.float32), (2, 1))
    harmless, danger = second_look.calmed(chances, np.array([-5.0, -1.0], np.float32))
    assert np.array_equal(harmless, ORDINARY)
    assert np.array_equal(danger, chances[1])
