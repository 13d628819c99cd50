"""Whatever a file holds: law texts, or one sentence why not. Never another exception."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.imported.law_text import LawText, law_text_from
from knowledge.imported.merging import Statutes
from knowledge.imported.plan import make_plan
from knowledge.imported.plan_words import plan_words
from knowledge.imported.reading import read_file
from knowledge.imported.refusals import UnreadableFile
from tests.unit.knowledge.imported.samples import DOCUMENT, FIRST, json_lines, row, word

SUFFIXES = [".jsonl", ".docx", ".txt", ".md"]
LINES = [
    *FIRST.splitlines(),
    *DOCUMENT.splitlines(),
    "第九十九条",
    "第三条之一　甲。",
    "第零条　乙。",
    "第千条　丙。",
    "附件",
    "附录二：表",
    "2020年13月40日通过",
    "二〇二〇年九月二十四日",
    "施行日期：2020-02-30",
    "版本日期：2020-01-01",
    "一、",
    "| 甲 | 乙 |",
    "# ",
    "（",
    "",
]
VALUES = st.one_of(st.none(), st.integers(), st.booleans(), st.text(max_size=8), st.sampled_from(["2020-01-01", "第一条", "2020-02"]))  # fmt: skip


def _read(raw: bytes, suffix: str) -> None:
    texts: Sequence[LawText] = ()
    why = ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{suffix}"
        path.write_bytes(raw)
        try:
            texts = read_file(path).texts
        except UnreadableFile as error:
            why = str(error)
    assert "\n" not in why
    for text in texts:
        assert text.articles
        assert law_text_from(json.loads(text.as_json())) == text
    plan = make_plan(texts, shipped=Statutes((), ()), imported=(), replace=False, today=date(2026, 11, 21))
    assert list(plan_words(plan, versions=[change.version for change in plan.changes], today=date(2026, 11, 21)))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(max_size=300), st.sampled_from(SUFFIXES))
def test_any_bytes(raw: bytes, suffix: str) -> None:
    _read(raw, suffix)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(LINES), max_size=25), st.sampled_from([".txt", ".md", ".docx"]))
def test_any_order_of_lines(lines: list[str], suffix: str) -> None:
    text = "\n".join(lines)
    _read(word(text) if suffix == ".docx" else text.encode(), suffix)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from([*row("第一条", "甲。"), "number", "section"]), VALUES, max_size=5))
def test_any_values_in_a_line(changes: dict[str, object]) -> None:
    _read(json_lines(row("第二条", "乙。"), row("第一条", "甲。") | changes).encode("utf-8", "replace"), ".jsonl")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(min_value=0), st.integers(0, 255))
def test_any_byte_of_a_word_file(place: int, value: int) -> None:
    raw = bytearray(word(FIRST))
    raw[place % len(raw)] = value
    _read(bytes(raw), ".docx")
