import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.normalise import LONGEST_QUESTION, normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("老闆拖欠工資怎麼辦", "老板拖欠工资怎么办"),
        ("ＡＢＣ　１２３", "ABC 123"),
        ("加班费😀怎么\0算", "加班费怎么 算"),
        ("急急急急急急", "急急急"),
        ("  两 行\n文字 ", "两 行 文字"),
        ("", ""),
        ("😀😀", ""),
    ],
)
def test_what_is_typed_is_read_plainly(typed: str, read: str) -> None:
    assert normalise(typed) == read


@given(st.text())
def test_any_text_becomes_one_short_line(text: str) -> None:
    line = normalise(text)
    assert len(line) <= LONGEST_QUESTION
    assert "\n" not in line
    assert "\0" not in line
    assert line == line.strip()


def test_a_megabyte_takes_no_time_and_keeps_its_end() -> None:
    begun = time.perf_counter()
    line = normalise("话多" * 500_000 + "加班费呢")
    assert time.perf_counter() - begun < 0.5
    assert line.endswith("加班费呢")
