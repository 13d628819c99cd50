import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import faiss
import pytest

from knowledge.artifact import DATABASE, VECTORS
from knowledge.build import load_sources
from knowledge.check import check_artifact, check_near_duplicates, check_sources
from tests.unit.knowledge.conftest import LABOUR_CONTRACT_LAW, entry, write_topic
from tests.unit.knowledge.hashing_encoder import HashingEncoder

TODAY = date(2026, 11, 21)


@pytest.fixture
def sources(small_sources: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_sources, tmp_path / "sources")
    return tmp_path / "sources"


def problems_with(sources: Path, **changes: Any) -> list[str]:
    write_topic(sources / "entries", "leave", [entry("new", **changes)])
    return check_sources(sources, today=TODAY)


def test_correct_sources_have_no_problems(sources: Path) -> None:
    assert problems_with(sources) == []


@pytest.mark.parametrize(
    ("law", "number", "said"),
    [
        ("没听过的法", "第一条", "versions.yml 里没有这部法规"),
        (LABOUR_CONTRACT_LAW, "第九百条", "有这部法规的原文，但没有这一条"),
        ("中华人民共和国医疗保障法", "第一条", "尚未施行（自2027年1月1日起施行），回答里没有说明"),
    ],
)
def test_a_citation_that_does_not_hold_is_found(sources: Path, law: str, number: str, said: str) -> None:
    found = problems_with(sources, citations=[{"law": law, "article_no": number}])
    assert len(found) == 1
    assert said in found[0]


def test_a_law_to_come_may_be_cited_when_the_answer_says_when(sources: Path) -> None:
    citation = {"law": "中华人民共和国医疗保障法", "article_no": "第一条"}
    assert problems_with(sources, citations=[citation], answer="新的法自2027年1月1日起施行。") == []


def test_an_answer_past_its_day_is_found(sources: Path) -> None:
    assert "已经到期" in problems_with(sources, valid_until=date(2026, 1, 1))[0]


def test_the_same_words_in_two_entries_are_found(sources: Path) -> None:
    wordings = [f"说法{n}" for n in range(6)] + ["工資兩個月沒發了"]
    assert "在 wages.yml: wages 里也有" in problems_with(sources, wordings=wordings)[0]


def test_near_duplicates_are_found(sources: Path) -> None:
    write_topic(sources / "entries", "leave", [entry("twin", question="老板拖欠工资怎么办")])
    found = check_near_duplicates(load_sources(sources).entries, HashingEncoder())
    assert len(found) == 1
    assert "twin" in found[0]


def test_a_true_artifact_has_no_problems(small_artifact: Path, small_sources: Path) -> None:
    assert check_artifact(small_artifact, load_sources(small_sources), today=TODAY) == []


def test_one_wrong_letter_of_law_is_found(small_artifact: Path, small_sources: Path, tmp_path: Path) -> None:
    shutil.copytree(small_artifact, tmp_path / "bad")
    with closing(sqlite3.connect(tmp_path / "bad" / DATABASE)) as connection, connection:
        connection.execute("UPDATE articles SET text = replace(text, '及时足额', '及时') WHERE article_no = '第三十条'")
    found = check_artifact(tmp_path / "bad", load_sources(small_sources), today=TODAY)
    assert any("第三十条" in problem and "不一样" in problem for problem in found)
    assert any("查不到原文" in problem for problem in found)


def test_a_vector_that_is_missing_is_found(small_artifact: Path, small_sources: Path, tmp_path: Path) -> None:
    shutil.copytree(small_artifact, tmp_path / "bad")
    index = faiss.read_index(str(tmp_path / "bad" / VECTORS))
    fewer = faiss.IndexFlatIP(index.d)
    fewer.add(index.reconstruct_n(0, index.ntotal - 1))
    faiss.write_index(fewer, str(tmp_path / "bad" / VECTORS))
    (found,) = check_artifact(tmp_path / "bad", load_sources(small_sources), today=TODAY)
    assert "向量" in found


def test_a_file_that_is_no_database_is_one_sentence(small_artifact: Path, small_sources: Path, tmp_path: Path) -> None:
    shutil.copytree(small_artifact, tmp_path / "bad")
    (tmp_path / "bad" / DATABASE).write_bytes(b"nonsense")
    (found,) = check_artifact(tmp_path / "bad", load_sources(small_sources), today=TODAY)
    assert "读不了" in found
