"""Numbers that people type: found by pattern, given back in one form.

Resident ids: GB 11643-1999 (18 digits, the last a check digit mod 11-2). Mobiles: 11 digits, 1 and 3-9 first
(Telecom Network Numbering Plan, 2017).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a piece of text is. Values are Rasa's entity names."""

    RESIDENT_ID = "resident_id"
    MOBILE = "mobile"
    CASE_NO = "case_no"
    DATE = "date"
    AGE = "age"


@dataclass(frozen=True)
class Found:
    """`value` in its one form; `start` and `end` are places in the text searched."""

    kind: Kind
    value: str
    start: int
    end: int


_PATTERNS: Final = (
    (Kind.RESIDENT_ID, re.compile(r"(?<![0-9a-z])[1-9]\d{16}[0-9x](?![0-9a-z])", re.IGNORECASE)),
    (Kind.MOBILE, re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")),
    (Kind.DATE, re.compile(r"(?<!\d)(?:19|20)\d\d[-./年] ?\d{1,2}(?:[-./月] ?\d{1,2}[日号]?|月)?(?!\d)")),
    (Kind.AGE, re.compile(r"(?<!\d)\d{1,2} ?(?:周岁|岁)")),
    (
        Kind.CASE_NO,
        re.compile(
            r"(?<![0-9a-z-])(?=[a-z0-9-]{6,20}(?![a-z0-9-]))[a-z]{0,4}-?\d{3,}(?:-\d+)*(?![0-9a-z-])", re.IGNORECASE
        ),
    ),
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_NUMBER: Final = re.compile(r"\d+")


def find(text: str) -> Iterator[Found]:
    """Every number in the text, the surer kind first; no two overlap. Expects plain text."""
    taken: list[tuple[int, int]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            value = _value(kind, match.group())
            start, end = match.span()
            if value is None or any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            yield Found(kind, value, start, end)


def _value(kind: Kind, text: str) -> str | None:
    if kind is Kind.RESIDENT_ID:
        return text.upper() if _is_resident_id(text.upper()) else None
    if kind is Kind.MOBILE:
        return re.sub(r"\D", "", text)[-11:]
    if kind is Kind.CASE_NO:
        return text.upper()
    if kind is Kind.AGE:
        return _NUMBER.findall(text)[0].lstrip("0") or "0"
    return _date(text)


def _is_resident_id(text: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text[:17], strict=True))
    return _CHECK[total % 11] == text[17]


def _date(text: str) -> str | None:
    """ISO 8601, to the day or to the month; None when there is no such day."""
    year, month, *day = (int(number) for number in _NUMBER.findall(text))
    try:
        written = date(year, month, day[0] if day else 1)
    except ValueError:
        return None
    return written.isoformat() if day else f"{written:%Y-%m}"
