"""What is quoted is the law word for word: every question that we measure with, against the texts as they are shipped."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from knowledge import evaluation
from knowledge.build import SOURCES, load_sources
from knowledge.search import Citation, CitationKind, KnowledgeBase

TODAY = date(2026, 11, 29)
PUBLIC = Path(__file__).parents[3] / "shared" / "eval"


def _questions(file: Path) -> list[str]:
    rows = map(json.loads, file.read_text("utf-8").splitlines())
    return [row.get("question") or row["text"] for row in rows]


def _quoted(knowledge_base: KnowledgeBase, questions: list[str]) -> Iterator[Citation]:
    for question in questions:
        cited = knowledge_base.answer(question, today=TODAY).citations
        yield from (citation for citation in cited if citation.kind is CitationKind.VERBATIM)


@pytest.fixture(scope="module")
def texts() -> set[tuple[str, str, date | None, str]]:
    articles = load_sources(SOURCES).articles
    return {(article.law, article.article_no, article.version_date, article.text) for article in articles}


def _all_stand(knowledge_base: KnowledgeBase, file: Path, texts: set[tuple[str, str, date | None, str]]) -> None:
    quoted = list(_quoted(knowledge_base, _questions(file)))
    assert quoted
    outside = {(one.law, one.article_no) for one in quoted if _key(one) not in texts}
    assert not outside


def _key(citation: Citation) -> tuple[str, str, date | None, str]:
    return citation.law, citation.article_no, citation.version_date, citation.text


@pytest.mark.parametrize("file", [evaluation.ANSWERS, evaluation.SCOPE], ids=lambda file: file.stem)
def test_our_own_questions(file: Path, knowledge_base: KnowledgeBase, texts: set) -> None:  # type: ignore[type-arg]
    _all_stand(knowledge_base, file, texts)


@pytest.mark.parametrize("name", ["questions_dev", "screening_dev"])
def test_public_questions(name: str, knowledge_base: KnowledgeBase, texts: set) -> None:  # type: ignore[type-arg]
    file = PUBLIC / f"{name}.jsonl"
    if not file.exists():
        pytest.skip(f"NOT SHOWN: {file.name} lies beside a development checkout only")
    _all_stand(knowledge_base, file, texts)
