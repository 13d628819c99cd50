from datetime import date
from typing import Any

import pytest

from knowledge.imported.json_lines import read_json_lines
from knowledge.imported.refusals import UnreadableFile
from knowledge.versions import LawKind
from tests.unit.knowledge.imported.samples import json_lines, row


def test_lines_of_one_version_become_one_text() -> None:
    (text,), left_out = (
        read_json_lines(
            json_lines(
                row("第一条", "甲。"),
                row("第二条", "乙。\n（一）丙；"),
                row("第一条", "丁。", version_date="2020-01-01"),
            ),
            name="x.jsonl",
        )[0][:1],
        (),
    )
    assert left_out == ()
    assert (text.kind, text.version_date, text.effective_on) == (LawKind.REGULATION, date(2015, 3, 1), date(2015, 5, 1))
    assert [(a.article_no, a.chapter, a.text) for a in text.articles] == [
        ("第一条", "第一章 总则", "甲。"),
        ("第二条", "第一章 总则", "乙。\n（一）丙；"),
    ]


def test_the_integer_of_a_line_is_not_trusted() -> None:
    rows = (row("第二百七十六条", "甲。", article_int=276), row("第二百七十六条之一", "乙。", article_int=276))
    ((text,), _) = read_json_lines(json_lines(*rows), name="x.jsonl")
    assert [article.text for article in text.articles] == ["甲。", "乙。"]


def test_a_heading_on_the_tail_of_an_article_goes() -> None:
    ((text,), _) = read_json_lines(json_lines(row("第一条", "甲。\n第二章 互助金\n第一节 交纳")), name="x.jsonl")
    assert text.articles[0].text == "甲。"


def test_of_a_month_alone_the_last_day_counts_and_is_known_to_be_no_day() -> None:
    line = row("一、", "甲。", version_date="2024-02", effective_on="2024-02")
    ((text,), _) = read_json_lines(json_lines(line), name="x.jsonl")
    assert (text.version_date, text.day_known, text.effective_on) == (date(2024, 2, 29), False, None)


def test_an_article_that_ended_before_its_law_is_a_part_that_ended() -> None:
    rows = (row("第一条", "甲。"), row("第二条", "乙。", repealed_on="2020-01-01"))
    ((text,), _) = read_json_lines(json_lines(*rows), name="x.jsonl")
    assert text.repealed_on is None
    assert [(part.article_no, part.scope) for part in text.part_repeals] == [("第二条", "")]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": ""}, "缺少“text”"),
        ({"text": None}, "缺少“text”"),
        ({"article_no": "第85条"}, "不是条号"),
        ({"article_no": 85}, "缺少“article_no”"),
        ({"version_date": "2015年3月"}, "日期看不懂"),
        ({"version_date": "2015-13"}, "日期看不懂"),
        ({"effective_on": "soon"}, "不一样"),
        ({"passed_on": "2014-01-01"}, "不一样"),
        ({"law": "青山|条例"}, "不能用的符号"),
        ({"text": "甲\u0000。"}, "控制字符"),
        ({"article_no": "第一条", "text": "另一种文字。"}, "文字不一样"),
        ({"repealed_on": "never"}, "日期看不懂"),
        ({"source": "\u0007"}, "控制字符"),
    ],
)
def test_a_law_with_a_bad_line_is_left_out_and_the_line_is_named(changes: dict[str, Any], says: str) -> None:
    other = row("第一条", "别的法。", law="别的条例")
    texts, left_out = read_json_lines(
        json_lines(other, row("第一条", "甲。"), row("第二条", "乙。") | changes), name="x.jsonl"
    )
    assert "别的条例" in [text.law for text in texts]
    assert "第 3 行" in left_out[0]
    assert says in left_out[0]
    if changes.keys() & {"law", "version_date"}:
        return
    assert [text.law for text in texts] == ["别的条例"]
    assert "整部没有导入" in left_out[1]


@pytest.mark.parametrize(
    "broken",
    ["{oops}", "[1]", '"x"', "{" * 100_000, '{"law": "\\ud800"}', '{"a": ' + "9" * 10_000 + "}", "[" * 200_000],
)
def test_what_is_no_json_is_refused_with_its_line(broken: str) -> None:
    with pytest.raises(UnreadableFile, match="第 2 行"):
        read_json_lines(json_lines(row("第一条", "甲。")) + broken + "\n", name="x.jsonl")
