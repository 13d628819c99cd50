"""Which time in the past a worker names: «2019年3月», «去年12月», «22年入职的», «三年前», «2019-05-06».

Pure rules; words in `patterns.yml`. What is no time of a matter is passed over: births, times of day, amounts,
durations, what is yet to come, the present year as a whole. In doubt nothing is read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from knowledge.earlier import Period
from knowledge.normalise import normalise
from knowledge.numerals import to_int

PATTERNS: Final = Path(__file__).with_name("patterns.yml")
MOST_PERIODS: Final = 3
EARLIEST: Final = 1950
# Nobody younger works, so a year of birth lies further back.
YOUNGEST: Final = 14
_DAY: Final = timedelta(days=1)
_ZEROS: Final = str.maketrans("\u3007", "零")  # the round zero
_ZERO_SIGNS: Final = "0零\u3007"
_DIGITS: Final = "零一二三四五六七八九"


@dataclass(frozen=True)
class _Named:
    """A time as it stands in the text."""

    start: int
    end: int
    period: Period


@dataclass(frozen=True)
class _Words:
    forms: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Period | None]], ...]
    rest: Mapping[str, re.Pattern[str]]
    years: Mapping[str, int]
    months: Mapping[str, int]
    days: Mapping[str, int]


def periods_in(text: str, *, today: date) -> tuple[Period, ...]:
    """In their order, at most MOST_PERIODS; none reaches past today. A year stands for all its days."""
    line = _words().rest["quoted"].sub(lambda match: " " * len(match.group()), normalise(text))
    named = _joined(line, [one for one in _found(line, today) if not _is_no_matter(line, one, today)])
    meant = (_meant(line, one) for one in named)
    past = (Period(one.first, min(one.last, today)) for one in meant if one.first <= today)
    return tuple(dict.fromkeys(one for one in past if not _is_present(one, today)))[:MOST_PERIODS]


def says_only_when(text: str, *, today: date) -> bool:
    """«那是2015年的事»: a time, and nothing that could be asked about."""
    if not periods_in(text, today=today):
        return False
    line = normalise(text)
    for one in reversed(_found(line, today)):
        line = line[: one.start] + line[one.end :]
    return not _words().rest["beside_time"].sub("", line)


def as_words(periods: Sequence[Period]) -> str | None:
    """For a slot or a payload: «2019-03-01/2019-03-31», a blank between two; None when there is none."""
    return " ".join(f"{period.first.isoformat()}/{period.last.isoformat()}" for period in periods) or None


def from_words(words: str | None) -> tuple[Period, ...]:
    """See as_words."""
    pairs = (pair.split("/") for pair in (words or "").split())
    return tuple(Period(date.fromisoformat(first), date.fromisoformat(last)) for first, last in pairs)


@lru_cache(maxsize=1)
def _words() -> _Words:
    read: dict[str, Any] = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))
    relative = {name: read.pop(name) for name in ("years", "months", "days")}
    pieces = {name: text.replace("{digit}", read["digit"]) for name, text in read.items()}
    month = f"(?P<month>{pieces['month']})月份?"
    day = f"(?P<day>{pieces['day']})[日号]"
    of_year, of_month = f"(?:的?{month}(?:{day})?)?", f"(?:的?{day})?"
    any_of = {name: f"(?P<{name}>{'|'.join(words)})" for name, words in relative.items()}
    range_ends = rf"(?=年?[到至~—-]{{1,2}}(?:\d\d|{pieces['digit']}{{2}}){{1,2}}年)"
    forms = (
        (f"{pieces['year']}年(?!代)度?{of_year}", _dated),
        (pieces["in_figures"], _dated),
        (f"{pieces['year']}{range_ends}", _dated),
        (f"{pieces['short']}年{month}(?:{day})?(?!\\d)", _dated),
        (f"(?<![\\d.])(?P<short>0\\d|[〇零]{pieces['digit']}){range_ends}", _dated),
        (f"{pieces['short']}年", _dated),
        (f"{any_of['years']}{of_year}", _in_relative_year),
        (f"{any_of['months']}{of_month}", _in_relative_month),
        (any_of["days"], _relative_day),
        (pieces["years_ago"], _years_ago),
    )
    rest = {name: re.compile(pieces[name]) for name in pieces if name not in ("digit", "month", "day", "year", "short")}
    return _Words(tuple((re.compile(text), read_form) for text, read_form in forms), rest, **relative)


def _found(line: str, today: date) -> list[_Named]:
    """The surer forms first; no two overlap."""
    taken: list[_Named] = []
    for form, read in _words().forms:
        for match in form.finditer(line):
            if any(match.start() < one.end and one.start < match.end() for one in taken):
                continue
            period = read(match, today) if _is_date(match) else None
            if period is not None:
                taken.append(_Named(match.start(), match.end(), period))
    return sorted(taken, key=lambda one: one.start)


def _is_date(match: re.Match[str]) -> bool:
    """Whether what stands around does not make an amount, a number of years or another word of it."""
    groups, words = match.groupdict(), _words().rest
    before, behind = match.string[: match.start()], match.string[match.end() :]
    if groups.get("dash") == "." and not groups["day"]:
        return not words["money"].search(before)
    if (short := groups.get("short")) and match.group().endswith("年"):
        happened = short[0] in _ZERO_SIGNS or words["happened"].search(behind)  # nobody counts «08 years»
        return bool(happened) and not words["lasted"].search(before)
    relative = groups.get("years") or groups.get("days")
    return not (relative and words["inside"].search(before))


def _is_no_matter(line: str, named: _Named, today: date) -> bool:
    words, before, behind = _words().rest, line[: named.start], line[named.end :]
    if words["open_behind"].search(behind):
        return True
    may_be_birth = named.period.first.year <= today.year - YOUNGEST
    return may_be_birth and bool(words["birth_behind"].search(behind) or words["birth_before"].search(before))


def _joined(line: str, named: Sequence[_Named]) -> Iterator[_Named]:
    """«2016年到2019年» is one time."""
    waiting: _Named | None = None
    for one in named:
        if waiting is not None and _words().rest["joins"].search(line[waiting.end : one.start]):
            one = _Named(waiting.start, one.end, _from_to(waiting.period, one.period))
        elif waiting is not None:
            yield waiting
        waiting = one
    if waiting is not None:
        yield waiting


def _from_to(one: Period, other: Period) -> Period:
    return Period(min(one.first, other.first), max(one.last, other.last))


def _meant(line: str, named: _Named) -> Period:
    """«2008年以前»: the last day before it."""
    if not _words().rest["before"].search(line[named.end :]):
        return named.period
    eve = named.period.first - _DAY
    return Period(eve, eve)


def _is_present(period: Period, today: date) -> bool:
    return period == Period(date(today.year, 1, 1), today)


def _dated(match: re.Match[str], today: date) -> Period | None:
    groups = match.groupdict()
    year = _digits(groups["year"]) if groups.get("year") else _century(_digits(groups["short"]), today)
    return _period(year, groups.get("month"), groups.get("day"))


def _in_relative_year(match: re.Match[str], today: date) -> Period | None:
    return _period(today.year - _words().years[match["years"]], match["month"], match["day"])


def _in_relative_month(match: re.Match[str], today: date) -> Period | None:
    months = today.year * 12 + today.month - 1 - _words().months[match["months"]]
    return _period(months // 12, str(months % 12 + 1), match["day"])


def _relative_day(match: re.Match[str], today: date) -> Period:
    day = today - _words().days[match["days"]] * _DAY
    return Period(day, day)


def _years_ago(match: re.Match[str], today: date) -> Period | None:
    return _period(today.year - _number(match["ago"]), None, None)


def _period(year: int, month: str | None, day: str | None) -> Period | None:
    """The year, the month of it or the day; None when the calendar has none such, or nobody works any more who was
    there."""
    if year < EARLIEST:
        return None
    if month is None:
        return Period(date(year, 1, 1), date(year, 12, 31))
    number = _number(month)
    last = monthrange(year, number)[1]
    if day is None:
        return Period(date(year, number, 1), date(year, number, last))
    if _number(day) > last:
        return None
    named = date(year, number, _number(day))
    return Period(named, named)


def _century(short: int, today: date) -> int:
    return short + (2000 if 2000 + short <= today.year else 1900)


def _digits(text: str) -> int:
    """«2019», «二〇一九», «零五»: digit by digit."""
    return int("".join(str(_DIGITS.index(one)) if one in _DIGITS else one for one in text.translate(_ZEROS)))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else to_int(text.replace("两", "二"))
