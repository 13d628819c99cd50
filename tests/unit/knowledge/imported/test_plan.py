"""What an import would change, and which word wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from knowledge.imported.law_text import ImportedArticle, LawText
from knowledge.imported.merging import Statutes, merge
from knowledge.imported.outline import read_outline
from knowledge.imported.plain_text import text_lines
from knowledge.imported.plan import ChangeKind, Plan, gaps, make_plan
from knowledge.imported.plan_words import plan_words
from knowledge.statutes import Article
from knowledge.versions import LawKind, LawVersion
from tests.unit.knowledge.imported.samples import FIRST, LAW, SECOND, THIRD

TODAY = date(2026, 11, 21)
NATIONAL = "全国骆驼法"
DAY = date(2020, 1, 1)
HELD = LawVersion(
    law=NATIONAL,
    short=(),
    kind=LawKind.LAW,
    number=None,
    version_date=DAY,
    passed_on=DAY,
    effective_on=date(2020, 6, 1),
    first_effective_on=None,
    repealed_on=None,
    held=True,
    hold=frozenset({"第一条"}),
    search=frozenset(),
    part_repeals=(),
    source="自带",
    note=None,
)
NAMED = replace(HELD, law="全国驼铃条例", version_date=None, effective_on=None, passed_on=None, held=False, hold=None)
SHIPPED = Statutes((HELD, NAMED), (Article(NATIONAL, DAY, None, "第一条", "骆驼“受”保护。"),))


def text_of(text: str) -> LawText:
    return read_outline(text_lines(text), name="x.txt")


def national(**changes: Any) -> LawText:
    articles = (ImportedArticle("第一条", None, '骆驼 "受" 保护。'), ImportedArticle("第二条", None, "驼峰免税。"))
    text = replace(text_of(FIRST), law=NATIONAL, version_date=DAY, effective_on=date(2020, 6, 1), passed_on=DAY)
    return replace(text, **({"articles": articles} | changes))


def plan_of(*texts: LawText, imported: Sequence[LawText] = (), again: bool = False) -> Plan:
    return make_plan(texts, shipped=SHIPPED, imported=imported, replace=again, today=TODAY)


def kinds(plan: Plan) -> list[ChangeKind]:
    return [change.kind for change in plan.changes]


def words_of(plan: Plan) -> str:
    return "\n".join(plan_words(plan, versions=merge(SHIPPED, plan.taken).versions, today=TODAY))


def test_a_law_that_nobody_knew_is_new() -> None:
    plan = plan_of(text_of(FIRST))
    assert kinds(plan) == [ChangeKind.NEW_LAW]
    assert f"新增法规：《{LAW}》（2015-03-01 版本，6 条，现行有效）" in words_of(plan)


def test_the_same_again_changes_nothing() -> None:
    plan = plan_of(text_of(FIRST), imported=[text_of(FIRST)])
    assert kinds(plan) == []
    assert words_of(plan).splitlines() == ["没有变化：1 部（知识库里已经有，文字一样）", "没有要改的。"]


def test_a_newer_version_is_told_by_its_changed_and_dropped_articles() -> None:
    plan = plan_of(text_of(SECOND), imported=[text_of(FIRST)])
    assert kinds(plan) == [ChangeKind.NEW_VERSION]
    found = plan.changes[0].difference
    assert found is not None
    assert (found.changed, found.added, found.dropped) == (("第三条", "第四条"), (), ("第五条", "附件1"))
    said = words_of(plan)
    assert "和 2015-03-01 版本比：改了 2 条，新增 0 条，删去 2 条" in said
    assert "改了：第三条、第四条" in said
    assert "删去：第五条、附件1" in said


def test_a_version_to_come_says_from_when() -> None:
    assert "尚未施行（自2027年1月1日起施行）" in words_of(plan_of(text_of(THIRD)))


def test_the_same_version_with_other_words_is_told_and_not_taken() -> None:
    other = text_of(FIRST.replace("十元", "九元"))
    plan = plan_of(other, imported=[text_of(FIRST)])
    assert kinds(plan) == []
    assert "第三条，和以前导入的不一样，没有改动" in words_of(plan)
    assert kinds(plan_of(other, imported=[text_of(FIRST)], again=True)) == [ChangeKind.REPLACED]


def test_the_shipped_word_wins_and_a_form_of_a_mark_is_no_difference() -> None:
    plan = plan_of(national(articles=(ImportedArticle("第一条", None, "骆驼不受保护。"),)), again=True)
    assert kinds(plan) == []
    assert "第一条，和自带的文本不一样，以自带的为准" in words_of(plan)
    assert plan_of(national(articles=(ImportedArticle("第一条", None, '骆驼 "受" 保护。'),))).unlike_shipped == []


def test_articles_that_the_shipped_text_lacks_are_added_to_it() -> None:
    plan = plan_of(national())
    assert kinds(plan) == [ChangeKind.COMPLETED]
    merged = merge(SHIPPED, plan.taken)
    assert [article.text for article in merged.articles] == ["骆驼“受”保护。", "驼峰免税。"]
    (version,) = [version for version in merged.versions if version.law == NATIONAL]
    assert version.holds("第二条")
    assert not version.searches("第二条"), "what is searched of a shipped law stays as chosen"


def test_a_name_whose_day_nobody_had_verified_gets_its_text_and_day() -> None:
    plan = plan_of(national(law=NAMED.law))
    assert kinds(plan) == [ChangeKind.FILLED]
    versions = [version for version in merge(SHIPPED, plan.taken).versions if version.law == NAMED.law]
    assert [(version.version_date, version.held) for version in versions] == [(DAY, True)]


def test_a_date_that_was_checked_by_hand_wins_over_the_files() -> None:
    plan = plan_of(national(effective_on=date(2021, 1, 1)))
    assert plan.changes[0].version.effective_on == date(2020, 6, 1)
    assert "施行日期文件写 2021-01-01，核对过的是 2020-06-01" in words_of(plan)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"effective_on": None}, "没有施行日期"),
        ({"effective_on": date(1995, 1, 1)}, "像是首次施行的日子"),
        ({"repealed_on": date(2015, 4, 1)}, "失效日期早于施行日期"),
        ({"status": "已废止"}, "标着“已废止”，却没有失效日期"),
        ({"status": "旧版本"}, "标着“旧版本”，却没有失效日期"),
    ],
)
def test_a_text_whose_dates_do_not_hold_is_refused_with_the_reason(changes: dict[str, Any], says: str) -> None:
    plan = plan_of(replace(text_of(FIRST), **changes))
    assert kinds(plan) == []
    assert says in plan.refused[0]


def test_an_old_version_beside_a_newer_one_needs_no_end() -> None:
    old = replace(text_of(FIRST), status="旧版本")
    assert kinds(plan_of(old, imported=[text_of(SECOND)])) == [ChangeKind.NEW_VERSION]


def test_two_files_with_other_words_for_one_version_are_both_refused() -> None:
    plan = plan_of(text_of(FIRST), text_of(FIRST.replace("十元", "九元")))
    assert kinds(plan) == []
    assert "有两份，文字不一样" in plan.refused[0]
    assert kinds(plan_of(text_of(FIRST), text_of(FIRST))) == [ChangeKind.NEW_LAW]


def test_a_number_that_is_missing_is_told() -> None:
    holed = replace(text_of(FIRST), articles=tuple(a for a in text_of(FIRST).articles if a.article_no != "第三条"))
    assert gaps(holed) == (3,)
    assert "条号不连续，缺 第三条" in words_of(plan_of(holed))


def test_a_law_of_one_version_begins_with_it_unless_it_says_that_it_was_revised() -> None:
    def first_day(text: LawText) -> date | None:
        (version,) = [version for version in merge(SHIPPED, [text]).versions if version.law == LAW]
        return version.first_effective_on

    assert first_day(text_of(FIRST)) == date(2015, 5, 1)
    assert first_day(text_of(SECOND)) is None
