from dataclasses import replace
from datetime import date

from knowledge.status import Standing, governing, standing, status_words, version_words
from knowledge.versions import LawKind, LawVersion, PartRepeal

FIRST = LawVersion(
    law="某法",
    short=(),
    kind=LawKind.LAW,
    number=None,
    version_date=date(2010, 1, 1),
    passed_on=date(2010, 1, 1),
    effective_on=date(2010, 7, 1),
    first_effective_on=date(2010, 7, 1),
    repealed_on=None,
    held=True,
    hold=None,
    search=None,
    part_repeals=(),
    source="公报",
    note=None,
)
SECOND = replace(FIRST, version_date=date(2020, 1, 1), passed_on=date(2020, 1, 1), effective_on=date(2020, 6, 1))
BOTH = (FIRST, SECOND)


def test_a_version_is_in_force_from_its_first_day() -> None:
    assert standing(FIRST, BOTH, on=date(2010, 6, 30)) is Standing.NOT_YET
    assert standing(FIRST, BOTH, on=date(2010, 7, 1)) is Standing.IN_FORCE


def test_a_version_is_amended_from_the_next_ones_first_day() -> None:
    assert standing(FIRST, BOTH, on=date(2020, 5, 31)) is Standing.IN_FORCE
    assert standing(FIRST, BOTH, on=date(2020, 6, 1)) is Standing.AMENDED
    assert status_words(FIRST, "第一条", others=BOTH, on=date(2020, 6, 1)) == "已修改（新文本自2020年6月1日起施行）"


def test_what_is_passed_but_not_in_force_says_when_it_will_be() -> None:
    assert status_words(FIRST, "第一条", others=(FIRST,), on=date(2010, 3, 1)) == "尚未施行（自2010年7月1日起施行）"


def test_what_is_repealed_says_since_when() -> None:
    ended = replace(FIRST, repealed_on=date(2015, 1, 1))
    assert status_words(ended, "第一条", others=(ended,), on=date(2014, 12, 31)) == "现行有效"
    assert status_words(ended, "第一条", others=(ended,), on=date(2015, 1, 1)) == "已失效（自2015年1月1日起）"


def test_a_repealed_part_is_named_for_its_own_article_only() -> None:
    part = PartRepeal("第三十二条", "第一款", date(2015, 9, 1), "别的规定")
    version = replace(FIRST, part_repeals=(part,))
    assert (
        status_words(version, "第三十二条", others=(version,), on=date(2016, 1, 1))
        == "现行有效（第一款自2015年9月1日起失效）"
    )
    assert status_words(version, "第三十二条", others=(version,), on=date(2015, 8, 31)) == "现行有效"
    assert status_words(version, "第三十三条", others=(version,), on=date(2016, 1, 1)) == "现行有效"


def test_several_parts_that_ended_are_all_named() -> None:
    parts = (PartRepeal("第一条", "第一款", date(2015, 9, 1), ""), PartRepeal("第一条", "第三款", date(2016, 1, 1), ""))
    version = replace(FIRST, part_repeals=parts)
    said = status_words(version, "第一条", others=(version,), on=date(2016, 1, 1))
    assert said == "现行有效（第一款自2015年9月1日起失效，第三款自2016年1月1日起失效）"


def test_an_article_that_ended_is_no_law_though_its_law_is() -> None:
    version = replace(FIRST, part_repeals=(PartRepeal("第一条", "", date(2015, 9, 1), ""),))
    assert status_words(version, "第一条", others=(version,), on=date(2015, 9, 1)) == "已失效（自2015年9月1日起）"
    assert status_words(version, "第一条", others=(version,), on=date(2015, 8, 31)) == "现行有效"
    assert version_words(version, others=(version,), on=date(2016, 1, 1)) == "现行有效"


def test_what_is_in_force_says_when_its_successor_is_passed() -> None:
    said = status_words(FIRST, "第一条", others=BOTH, on=date(2020, 3, 1))
    assert said == "现行有效（新修改的文本自2020年6月1日起施行）"
    assert status_words(FIRST, "第一条", others=BOTH, on=date(2019, 12, 31)) == "现行有效"


def test_the_version_of_the_day_governs() -> None:
    assert governing(BOTH, on=date(2015, 1, 1)) is FIRST
    assert governing(BOTH, on=date(2020, 6, 1)) is SECOND


def test_before_the_oldest_version_held_nothing_governs() -> None:
    later = replace(SECOND, first_effective_on=date(1995, 1, 1))
    assert governing((later,), on=date(2010, 1, 1)) is None


def test_a_revision_that_is_only_passed_does_not_stand_for_the_older_text() -> None:
    later = replace(SECOND, first_effective_on=date(1995, 1, 1))
    assert governing((later,), on=date(2020, 3, 1)) is None


def test_a_new_law_governs_from_its_passing_as_one_to_come() -> None:
    assert governing((FIRST,), on=date(2010, 3, 1)) is FIRST
    assert governing((FIRST,), on=date(2009, 12, 31)) is None
