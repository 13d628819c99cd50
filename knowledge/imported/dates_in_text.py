"""Days that a law text names: in figures, 「2020年9月24日」, or in Chinese numerals, 「二〇二〇年九月二十四日」."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from knowledge.imported.texts import (
    CHINESE_DATE_PATTERN,
    CHINESE_DIGITS,
    DATE_PATTERN,
    FROM_THAT_DAY,
    PASSED_WORDS,
    ZEROS,
)
from knowledge.numerals import to_int

_DATE = re.compile(DATE_PATTERN)
_CHINESE_DATE = re.compile(CHINESE_DATE_PATTERN)
_FROM_THAT_DAY = re.compile(FROM_THAT_DAY.format(date=DATE_PATTERN))


@dataclass(frozen=True)
class NamedDay:
    """``said``: the words after it, up to the next day that is named."""

    day: date
    said: str


def named_days(text: str) -> tuple[NamedDay, ...]:
    """In their order; what is no day of the calendar is passed over."""
    text = in_figures(text)
    matches = list(_DATE.finditer(text))
    ends = [*(match.start() for match in matches[1:]), len(text)]
    found = ((_day(match), text[match.end() : end]) for match, end in zip(matches, ends, strict=False))
    return tuple(NamedDay(day, said) for day, said in found if day is not None)


def passed_days(text: str) -> tuple[date, ...]:
    """Those on which something was passed, revised or made public."""
    return tuple(named.day for named in named_days(text) if any(word in named.said for word in PASSED_WORDS))


def starts(text: str) -> Iterator[date]:
    """Days of 「自2020年10月1日起施行」."""
    for match in _FROM_THAT_DAY.finditer(in_figures(text)):
        day = _day(match)
        if day is not None:
            yield day


def in_figures(text: str) -> str:
    return _CHINESE_DATE.sub(_figures, text)


def _figures(match: re.Match[str]) -> str:
    year = "".join(str(CHINESE_DIGITS.index(digit)) for digit in re.sub(f"[{ZEROS}]", CHINESE_DIGITS[0], match[1]))
    return DATE_FIGURES.format(year=year, month=to_int(match[2]), day=to_int(match[3]))


DATE_FIGURES = "{year}\u5e74{month}\u6708{day}\u65e5"


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
