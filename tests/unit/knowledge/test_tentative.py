"""Where an article is surer than any entry: the likeliest entry speaks if it rests on that article, else the article."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.command.answer_marking import Facts, Marker, Question, Verdict
from bot.suggesting import KnowledgeSuggester
from knowledge.answers import Answer
from knowledge.artifact import read_contents, read_manifest
from knowledge.evidence import ARTICLE_FEATURES
from knowledge.search import KnowledgeBase, Outcome
from tests.unit.knowledge.conftest import PROBATION, UNION, WAGES
from tests.unit.knowledge.hashing_encoder import HashingEncoder
from tests.unit.knowledge.test_search import TODAY

ASKED = "试用好几个月了还没转正"


def _base(artifact: Path, *, by_votes: float, **limits: float) -> KnowledgeBase:
    """Sure of its own questions and of nothing else; articles count by the votes of the entries, or against them."""
    manifest, known = read_manifest(artifact), KnowledgeBase.open(artifact, HashingEncoder())
    sure = min(known.answer(one, today=TODAY).score for one in (PROBATION[0], WAGES[0], UNION[0]))
    weights = tuple(by_votes if feature == "vote" else 0.0 for feature in ARTICLE_FEATURES)
    lowest = dict.fromkeys(("borne_out_from", "article_from", "lead_from", "scope_from", "ours_from"), 0.0)
    given = lowest | {"answer_from": sure, "anyway_from": sure, "nearest_from": 2.0} | limits
    calibration = replace(manifest.calibration, article_weights=weights, **given)
    manifest = replace(manifest, calibration=calibration)
    return KnowledgeBase(manifest, read_contents(artifact), folder=artifact, encoder=HashingEncoder())


@pytest.fixture(scope="module")
def borne_out(small_artifact: Path) -> KnowledgeBase:
    return _base(small_artifact, by_votes=10.0)


@pytest.fixture(scope="module")
def by_articles(small_artifact: Path) -> KnowledgeBase:
    return _base(small_artifact, by_votes=-10.0)


def _asked(base: KnowledgeBase) -> Answer:
    return base.answer(ASKED, today=TODAY)


def test_an_entry_that_the_article_bears_out_speaks_and_says_what_it_answers(borne_out: KnowledgeBase) -> None:
    answer = _asked(borne_out)
    assert answer.outcome is Outcome.ANSWERED
    assert (answer.entry, answer.tentative) == ("probation", True)
    assert PROBATION[0] in answer.text
    assert "单位该付的要付" in answer.text
    assert [c.article_no for c in answer.grounds] == ["第十九条"]


def test_one_that_is_hardly_near_is_not_given_although_the_article_bears_it_out(small_artifact: Path) -> None:
    answer = _asked(_base(small_artifact, by_votes=10.0, borne_out_from=2.0))
    assert answer.entry is None


def test_the_nearest_one_is_given_where_another_article_is_likelier(small_artifact: Path) -> None:
    answer = _asked(_base(small_artifact, by_votes=-10.0, nearest_from=0.0, lead_from=2.0))
    assert (answer.entry, answer.tentative) == ("probation", True)
    assert PROBATION[0] in answer.text
    assert [c.article_no for c in answer.grounds] == ["第十九条"]


def test_a_likely_article_that_no_entry_knows_comes_before_the_nearest_entry(small_artifact: Path) -> None:
    answer = _asked(_base(small_artifact, by_votes=-10.0, nearest_from=0.0))
    assert answer.entry is None
    assert answer.tentative


def test_its_buttons_are_what_else_might_be_meant(borne_out: KnowledgeBase) -> None:
    options = _asked(borne_out).options
    assert WAGES[0] in options
    assert PROBATION[0] not in options


def test_where_no_entry_bears_it_out_the_articles_stand_alone(by_articles: KnowledgeBase) -> None:
    answer = _asked(by_articles)
    assert answer.outcome is Outcome.ANSWERED
    assert (answer.entry, answer.tentative) == (None, True)
    assert answer.citations[0].article_no in answer.text
    assert PROBATION[0] in answer.options


def test_a_sure_answer_is_not_tentative(small_base: KnowledgeBase) -> None:
    answer = small_base.answer(PROBATION[0], today=TODAY)
    assert (answer.entry, answer.tentative) == ("probation", False)


def test_what_else_might_be_meant_leaves_out_what_was_shown(borne_out: KnowledgeBase) -> None:
    everything = borne_out.further(ASKED, shown=())
    assert everything[0] == PROBATION[0]
    assert borne_out.further(ASKED, shown={PROBATION[0], everything[2]}) == (everything[1], *everything[3:])
    assert borne_out.further(ASKED, shown=set(everything)) == ()


def test_a_cadre_is_suggested_the_answer_without_its_preamble(borne_out: KnowledgeBase) -> None:
    first = KnowledgeSuggester(borne_out).suggest(ASKED, today=TODAY)[0]
    assert first.question == PROBATION[0]
    assert first.text == borne_out.answer(PROBATION[0], today=TODAY).text


def test_the_measure_also_presses_none_of_these(by_articles: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    question = Question("a", "contract", ASKED, Facts((re.compile("可以去劳动监察"),), ()), "wages")
    asked = by_articles.answer
    monkeypatch.setattr(by_articles, "answer", lambda text, *, today: replace(asked(text, today=today), options=()))
    assert Marker(by_articles, today=TODAY).mark(question).verdict is Verdict.AFTER_NONE


@pytest.mark.parametrize(("fact", "verdict"), [("可以去劳动监察", Verdict.AFTER_BUTTON), ("给您十万块", Verdict.WRONG)])
def test_the_measure_presses_its_buttons(by_articles: KnowledgeBase, fact: str, verdict: Verdict) -> None:
    question = Question("a", "contract", ASKED, Facts((re.compile(fact),), ()), "probation")
    assert Marker(by_articles, today=TODAY).mark(question).verdict is verdict
