"""Whole real laws, laid out as an office would, read back article by article. From another edition, where there is one."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from knowledge.cleaning import clean
from knowledge.imported.outline import read_outline
from knowledge.imported.plain_text import text_lines

OTHER = Path(__file__).parents[3] / "shared" / "statutes" / "labour_statutes.jsonl"
# In parts only there, so that its numbers do not begin at one: an operator's file has the whole of it.
IN_PARTS = {"中华人民共和国刑法"}
# 「附录」 has its own test; 「第1段」 is our name for a paragraph, which no text has.
_SIGNATURE = re.compile(r"(?:\n劳动和社会保障部)?\n二 ?[○O]{2}.年.{1,3}月.{1,4}日$")
UNWRITTEN = ("附", "第1段", "第2段")


@pytest.fixture(scope="module")
def laws() -> list[list[dict[str, Any]]]:
    if not OTHER.is_file():
        warnings.warn("NO REAL LAW WAS READ: labour_statutes.jsonl is not here", stacklevel=1)
        pytest.skip("NO REAL LAW WAS READ: labour_statutes.jsonl is not here")
    rows = (json.loads(line) for line in OTHER.read_text("utf-8").splitlines())
    return [list(group) for _, group in groupby(rows, key=lambda row: (row["law"], row["version_date"]))]


def _signed_off(text: str) -> str:
    """The other edition leaves who signed, and when, on the tail of some notices."""
    return _SIGNATURE.sub("", text)


def _written(rows: list[dict[str, Any]], *, space: str) -> Iterator[str]:
    yield f"标题：{rows[0]['law']}"
    yield "版本日期：2020-01-01"
    yield rows[0]["law"]
    yield "（2020年1月1日通过）"
    above: dict[str, str | None] = {}
    for row in rows:
        for level in ("part", "chapter", "section"):
            if row[level] and row[level] != above.get(level):
                yield row[level]
            above[level] = row[level]
        gap = "" if row["article_no"].endswith("、") else space
        yield f"{row['article_no']}{gap}{row['text']}"


@pytest.mark.parametrize("space", ["\u3000", " ", ""], ids=["wide space", "space", "no space"])
def test_every_article_of_every_law_is_read_as_it_is_written(laws: list[list[dict[str, Any]]], space: str) -> None:
    wrong, read = [], 0
    for rows in laws:
        rows = [row for row in rows if not row["article_no"].startswith(UNWRITTEN)]
        if not rows or rows[0]["law"] in IN_PARTS:
            continue
        text = read_outline(text_lines("\n".join(_written(rows, space=space))), name="x.txt")
        expected = {row["article_no"]: _signed_off(clean(row["text"])) for row in rows}
        found = {article.article_no: article.text for article in text.articles}
        wrong += [(text.law, number) for number in expected.keys() | found if expected.get(number) != found.get(number)]
        read += len(found)
    assert read > 5000
    assert wrong == []
