"""What an article said at an earlier time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from knowledge.citations import Library
from knowledge.earlier import Earlier, Period, Then, earlier_texts
from knowledge.entries import Reference
from knowledge.statutes import Article
from knowledge.versions import LawVersion
from tests.unit.knowledge.test_status import FIRST, SECOND

LAW = FIRST.law
TODAY = date(2026, 11, 21)
OLD, NEW = "用人单位应当按月发给工资，每月十五日以前付清。", "用人单位应当按月发给工资，每月十日以前付清。"
OTHER_MATTER = "职工有权参加技能比赛，获奖的由工会表彰。"


def _article(version: LawVersion, number: str, text: str) -> Article:
    assert version.version_date is not None
    return Article(LAW, version.version_date, None, number, text)


def _earlier(
    articles: Sequence[Article],
    *periods: Period,
    versions: Sequence[LawVersion] = (FIRST, SECOND),
    number: str = "第三条",
) -> tuple[Earlier, ...]:
    library = Library(versions, articles)
    cited = library.cite(Reference(LAW, number), on=TODAY)
    return earlier_texts(library, [cited], periods, today=TODAY)


def _in(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def test_a_text_that_read_otherwise_is_given_with_its_version() -> None:
    articles = [_article(FIRST, "第三条", OLD), _article(SECOND, "第三条", NEW)]
    (found,) = _earlier(articles, _in(2015))
    assert (found.then, found.since, found.cited.text) == (Then.OTHER, date(2020, 6, 1), NEW)
    assert found.text is not None
    assert (found.text.text, found.text.version_date) == (OLD, date(2010, 1, 1))
    assert found.text.status == "已修改（新文本自2020年6月1日起施行）"


def test_of_the_time_of_todays_text_there_is_nothing_to_say() -> None:
    articles = [_article(FIRST, "第三条", OLD), _article(SECOND, "第三条", NEW)]
    assert _earlier(articles, _in(2021)) == ()


def test_the_same_words_in_other_marks_or_under_another_number_are_no_difference() -> None:
    marks = [_article(FIRST, "第三条", NEW.replace("，", ", ")), _article(SECOND, "第三条", NEW)]
    assert _earlier(marks, _in(2015)) == ()
    moved = [_article(FIRST, "第三条", OTHER_MATTER), _article(FIRST, "第二条", NEW), _article(SECOND, "第三条", NEW)]
    assert _earlier(moved, _in(2015)) == ()


def test_of_an_article_with_another_number_then_the_likest_is_given() -> None:
    moved = [_article(FIRST, "第三条", OTHER_MATTER), _article(FIRST, "第二条", OLD), _article(SECOND, "第三条", NEW)]
    (found,) = _earlier(moved, _in(2015))
    assert found.text is not None
    assert (found.text.article_no, found.text.text) == ("第二条", OLD)


def test_an_article_that_came_later_has_no_text_of_then() -> None:
    articles = [_article(FIRST, "第三条", OTHER_MATTER), _article(SECOND, "第三条", NEW)]
    (found,) = _earlier(articles, _in(2015))
    assert (found.then, found.text) == (Then.NO_ARTICLE, None)
    part = replace(FIRST, hold=frozenset({"第三条"}))
    (found,) = _earlier(articles, _in(2015), versions=(part, SECOND))
    assert found.then is Then.NOT_HELD, "it may stand in what is not held of that version"


def test_before_the_oldest_text_nobody_knows_and_before_the_law_there_was_none() -> None:
    articles = [_article(SECOND, "第三条", NEW)]
    only = replace(SECOND, first_effective_on=date(2010, 7, 1))
    (found,) = _earlier(articles, _in(2015), versions=(only,))
    assert (found.then, found.since) == (Then.NOT_HELD, date(2020, 6, 1))
    (found,) = _earlier(articles, _in(2009), versions=(only,))
    assert (found.then, found.since) == (Then.NO_LAW, date(2010, 7, 1))
    unheld = replace(FIRST, held=False)
    (found,) = _earlier(articles, _in(2015), versions=(unheld, SECOND))
    assert found.then is Then.NOT_HELD


def test_in_the_year_of_a_change_the_text_before_it_counts_too() -> None:
    articles = [_article(FIRST, "第三条", OLD), _article(SECOND, "第三条", NEW)]
    assert [found.then for found in _earlier(articles, _in(2020))] == [Then.OTHER]
    assert _earlier(articles, Period(date(2020, 6, 1), date(2020, 6, 30))) == ()


def test_every_text_of_a_long_time_is_given_once() -> None:
    third = replace(SECOND, version_date=date(2024, 1, 1), passed_on=date(2024, 1, 1), effective_on=date(2024, 7, 1))
    newest = NEW.replace("十日", "五日")
    articles = [_article(FIRST, "第三条", OLD), _article(SECOND, "第三条", NEW), _article(third, "第三条", newest)]
    found = _earlier(articles, Period(date(2012, 1, 1), date(2025, 12, 31)), _in(2012), versions=(FIRST, SECOND, third))
    assert [one.text.text for one in found if one.text is not None] == [OLD, NEW]
