"""Answers for workers of one province or another, over a small base with two imported local laws."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.artifact import read_contents, read_manifest
from knowledge.build import build
from knowledge.evidence import ARTICLE_FEATURES
from knowledge.imported.law_text import ImportedArticle, LawText
from knowledge.search import Answer, CitationKind, KnowledgeBase
from knowledge.versions import LawKind
from tests.unit.knowledge.conftest import WAGES
from tests.unit.knowledge.hashing_encoder import HashingEncoder
from tests.unit.knowledge.test_regional import LAW, TODAY, add_law, overlay, write

CITY = "杭州市骆驼条例"
CAMEL = "骑骆驼上班摔伤"
ARTICLE = "第二十七条"


def law_text(law: str, article_no: str, text: str) -> LawText:
    return LawText(
        law=law,
        kind=LawKind.REGULATION,
        number=None,
        version_date=date(2020, 9, 24),
        day_known=True,
        passed_on=date(2020, 9, 24),
        effective_on=date(2020, 9, 24),
        repealed_on=None,
        revised=False,
        status="",
        part_repeals=(),
        source="",
        articles=(ImportedArticle(article_no, None, text),),
    )


@pytest.fixture(scope="module")
def artifact(small_sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("local")
    sources = folder / "sources"
    shutil.copytree(small_sources, sources)
    add_law(sources)
    write(sources / "regions", overlay())
    imported = (
        law_text(LAW, ARTICLE, f"{CAMEL}的，一次给骆驼补助金。"),
        law_text(CITY, "第一条", f"{CAMEL}的，给骆驼补贴。"),
    )
    build(folder / "built", HashingEncoder(), sources=sources, imported=imported)
    return folder / "built"


@pytest.fixture(scope="module")
def base(artifact: Path) -> KnowledgeBase:
    """For which everything is of our subject: so few sentences do not teach what is."""
    manifest = read_manifest(artifact)
    manifest = replace(manifest, calibration=replace(manifest.calibration, scope_from=0.0))
    return KnowledgeBase(manifest, read_contents(artifact), folder=artifact, encoder=HashingEncoder())


def laws(answer: Answer) -> set[str]:
    return {citation.law for citation in answer.citations}


def statuses(answer: Answer) -> dict[str, str]:
    return {citation.law: citation.status for citation in answer.citations}


def test_a_local_rule_follows_the_national_answer_with_its_document_named(base: KnowledgeBase) -> None:
    national = base.answer(WAGES[0], today=TODAY).text
    answer = base.answer(WAGES[0], today=TODAY, province="浙江")
    assert answer.text.startswith(national)
    added = answer.text.removeprefix(national).strip()
    assert added.startswith("浙江：每月再加5天。")
    assert f"《{LAW}》{ARTICLE}（浙江省第十三届人大常委会第二十四次会议修正，2020年9月24日）" in added
    assert [(one.law, one.kind) for one in answer.grounds][-1] == (LAW, CitationKind.VERBATIM)
    assert answer.regions == ()


def test_where_no_rule_of_the_province_is_held_who_knows_is_said(base: KnowledgeBase) -> None:
    answer = base.answer(WAGES[0], today=TODAY, province="江西")
    assert answer.text.endswith("江西：打12333问。")
    assert LAW not in laws(answer)


def test_before_a_rules_first_day_who_knows_is_said(base: KnowledgeBase) -> None:
    answer = base.answer(WAGES[0], today=TODAY, as_of=date(2019, 1, 1), province="浙江")
    assert "打12333问" in answer.text
    assert "5天" not in answer.text


def test_with_no_province_known_the_answer_says_which_have_rules(base: KnowledgeBase) -> None:
    assert base.answer(WAGES[0], today=TODAY).regions == ("浙江",)
    assert base.answer("试用期最长多久", today=TODAY).regions == ()


def test_an_entry_that_differs_nowhere_gets_nothing_added(base: KnowledgeBase) -> None:
    asked = "试用期最长多久"
    assert base.answer(asked, today=TODAY, province="浙江").text == base.answer(asked, today=TODAY).text
    assert base.local_rule("probation", "浙江", on=TODAY) is None


def test_a_law_of_another_province_is_not_offered(base: KnowledgeBase) -> None:
    assert {LAW, CITY} <= laws(base.answer(CAMEL, today=TODAY, top=300))
    assert not {LAW, CITY} & laws(base.answer(CAMEL, today=TODAY, top=300, province="江西"))
    assert {LAW, CITY} <= laws(base.answer(CAMEL, today=TODAY, top=300, province="浙江"))


def test_a_local_law_is_marked_where_it_is_not_certain_that_it_holds(base: KnowledgeBase) -> None:
    unknown = statuses(base.answer(CAMEL, today=TODAY, top=300))
    assert unknown[LAW] == "浙江省的规定，现行有效"
    assert unknown[CITY] == "杭州市的规定，现行有效"
    known = statuses(base.answer(CAMEL, today=TODAY, top=300, province="浙江"))
    assert known[LAW] == "现行有效"
    assert known[CITY] == "杭州市的规定，现行有效"


def test_a_law_of_the_whole_country_is_never_marked(base: KnowledgeBase) -> None:
    found = statuses(base.answer(CAMEL, today=TODAY, top=300))
    assert not [law for law, status in found.items() if "的规定" in status and law not in (LAW, CITY)]


def test_an_answer_that_leads_with_a_local_article_says_where_it_holds(artifact: Path) -> None:
    manifest = read_manifest(artifact)
    # No entry is sure enough, and an article counts by its own words alone.
    alone = tuple(10.0 if feature in ("nearest", "words") else 0.0 for feature in ARTICLE_FEATURES)
    limits = replace(
        manifest.calibration,
        answer_from=2.0,
        anyway_from=2.0,
        nearest_from=2.0,
        scope_from=0.0,
        article_from=0.0,
        lead_from=0.0,
    )
    manifest = replace(manifest, calibration=replace(limits, article_weights=alone))
    ready_with_articles = KnowledgeBase(manifest, read_contents(artifact), folder=artifact, encoder=HashingEncoder())
    unknown = ready_with_articles.answer(CAMEL, today=TODAY)
    assert unknown.citations[0].law in (LAW, CITY)
    assert "的规定，只管在那里上班的" in unknown.text
    elsewhere = ready_with_articles.answer(CAMEL, today=TODAY, province="江西")
    assert elsewhere.citations[0].law not in (LAW, CITY)
    assert "只管在那里上班的" not in elsewhere.text
    # How sure it is of an article is worked out without those that are left out.
    assert elsewhere.score != unknown.score
