"""The words for a time at which the law read otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from actions.past.note import name_of, note_of
from knowledge.citations import Citation, CitationKind
from knowledge.earlier import Earlier, Period, Then

CONTRACT_LAW, CIVIL_CODE = "中华人民共和国劳动合同法", "中华人民共和国民法典"
IN_2012 = Period(date(2012, 1, 1), date(2012, 12, 31))


def _cited(law: str = CONTRACT_LAW, number: str = "第三十条", text: str = "条文") -> Citation:
    return Citation(law, number, 30, date(2012, 12, 28), text, "现行有效", CitationKind.VERBATIM)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ((2019, 1, 1), (2019, 12, 31), "2019年"),
        ((2019, 3, 1), (2019, 3, 31), "2019年3月"),
        ((2019, 3, 5), (2019, 3, 5), "2019年3月5日"),
        ((2016, 1, 1), (2019, 12, 31), "2016年到2019年"),
        ((2016, 5, 1), (2019, 2, 28), "2016年5月到2019年2月"),
        ((2026, 11, 1), (2026, 11, 21), "2026年11月1日到2026年11月21日"),
    ],
)
def test_a_time_is_named_as_people_say_it(first: tuple[int, int, int], last: tuple[int, int, int], name: str) -> None:
    assert name_of(Period(date(*first), date(*last))) == name


def test_a_text_of_then_is_named_and_comes_along() -> None:
    then = _cited(text="旧条文")
    note = note_of(
        [Earlier(_cited(), (IN_2012,), Then.OTHER, date(2013, 7, 1), then)], answer="先催一催。", leading=CIVIL_CODE
    )
    assert note is not None
    assert note.text.startswith("您说的是2012年的事。那时《劳动合同法》第三十条写得和现在不一样")
    assert "转人工" not in note.text
    assert note.articles == (then,)


def test_each_law_of_which_no_text_is_held_is_named_once() -> None:
    unknown = [
        Earlier(_cited(number=number), (IN_2012,), Then.NOT_HELD, date(2013, 7, 1))
        for number in ("第三十条", "第三十八条")
    ]
    note = note_of(unknown, answer="……", leading=CONTRACT_LAW)
    assert note is not None
    assert note.text.count("劳动合同法") == 1
    assert "《劳动合同法》（现在的文本2013年7月1日起施行），本库没有当时的文本" in note.text
    assert note.text.endswith("请工会干部帮您找。")
    assert note.articles == ()


def test_only_the_times_at_which_it_was_otherwise_are_named() -> None:
    in_1998 = Period(date(1998, 1, 1), date(1998, 12, 31))
    earlier = [
        Earlier(_cited(), (IN_2012,), Then.NOT_HELD, date(2013, 7, 1)),
        Earlier(_cited(), (in_1998,), Then.NO_LAW, date(2008, 1, 1)),
    ]
    both, one = (note_of(some, answer="……", leading=CONTRACT_LAW) for some in (earlier, earlier[1:]))
    assert both is not None
    assert one is not None
    assert both.text.startswith("您说的是1998年、2012年的事。")
    assert one.text.startswith("您说的是1998年的事。")


def test_a_law_that_had_not_begun_is_said_to_be_later() -> None:
    earlier = [Earlier(_cited(CIVIL_CODE), (IN_2012,), Then.NO_LAW, date(2021, 1, 1))]
    note = note_of(earlier, answer="……", leading=CIVIL_CODE)
    assert note is not None
    assert "《民法典》（2021年1月1日起施行）那时还没有施行" in note.text
    assert note_of(earlier, answer="……", leading=CONTRACT_LAW) is None, "of what stands beside, nothing is said"


def test_an_answer_that_names_the_day_itself_needs_no_note() -> None:
    earlier = [Earlier(_cited(), (IN_2012,), Then.NO_LAW, date(2008, 1, 1))]
    answer = "2008年1月1日以前的工龄，按当时的规定算。"
    assert note_of(earlier, answer=answer, leading=CONTRACT_LAW) is None
    assert note_of([], answer="……", leading=CONTRACT_LAW) is None
