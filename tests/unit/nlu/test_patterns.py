"""Numbers that people type."""

from __future__ import annotations

import time

import pytest

from nlu.components.patterns import Kind, find


def _found(text: str) -> list[tuple[Kind, str]]:
    return [(found.kind, found.value) for found in find(text)]


@pytest.mark.parametrize(
    "text", ["13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "电话8613800138000"]
)
def test_a_mobile_is_found_however_it_is_written(text: str) -> None:
    assert _found(text) == [(Kind.MOBILE, "13800138000")]


def test_a_resident_id_is_known_by_its_check_digit() -> None:
    assert _found("11010519491231002X") == [(Kind.RESIDENT_ID, "11010519491231002X")]
    assert (Kind.RESIDENT_ID, "110105194912310021") not in _found("110105194912310021")


def test_a_resident_id_holds_no_mobile() -> None:
    assert [kind for kind, _ in _found("身份证110105199001011211")] in ([Kind.RESIDENT_ID], [Kind.CASE_NO], [])


@pytest.mark.parametrize("text", ["261120004217", "RH-2611200042", "办件号261120004217到哪了"])
def test_a_case_number_is_found(text: str) -> None:
    [(kind, value)] = _found(text)
    assert kind is Kind.CASE_NO
    assert value in text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024年3月5日", "2024-03-05"),
        ("2024-3-5", "2024-03-05"),
        ("2024年3月", "2024-03"),
        ("2024.12.31", "2024-12-31"),
    ],
)
def test_a_date_is_given_as_iso(text: str, value: str) -> None:
    assert _found(text) == [(Kind.DATE, value)]


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert not [found for found in _found("2024年2月31日") if found[0] is Kind.DATE]


def test_an_age_is_found() -> None:
    assert _found("我今年15岁") == [(Kind.AGE, "15")]


@pytest.mark.parametrize("text", ["公司欠我3000块", "干了12个月", "3.5倍", "第85条", "2000年进厂"])
def test_a_sum_or_a_count_is_none_of_these(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize("text", ["1" * 20_000, "1-" * 10_000, "13 " * 10_000, "a1" * 10_000, "2024-" * 5_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    began = time.perf_counter()
    list(find(text))
    assert time.perf_counter() - began < 1
