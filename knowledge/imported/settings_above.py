"""Settings that an operator writes above a text, one a line: 「施行日期：2020-10-01」. They are no part of the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from knowledge.imported.dates_in_text import named_days
from knowledge.imported.refusals import UnreadableFile
from knowledge.imported.texts import KINDS, PART_REPEAL, SETTING_LINE, SETTINGS
from knowledge.versions import LawKind, PartRepeal

_LINE = re.compile(SETTING_LINE.format(names="|".join(SETTINGS)))
_PART_REPEAL = re.compile(PART_REPEAL)
_AMONG_FIRST: Final = 20
_DATES: Final = ("version_date", "passed_on", "effective_on", "repealed_on")


@dataclass(frozen=True)
class Settings:
    """None: not set."""

    law: str | None = None
    kind: LawKind | None = None
    number: str | None = None
    version_date: date | None = None
    passed_on: date | None = None
    effective_on: date | None = None
    repealed_on: date | None = None
    source: str | None = None
    part_repeals: tuple[PartRepeal, ...] = ()


def read_settings(lines: Sequence[str], *, name: str) -> tuple[Settings, tuple[str, ...]]:
    """The settings among the first lines, and the text without them. Raises UnreadableFile for one that is wrong."""
    values: dict[str, Any] = {}
    parts: list[PartRepeal] = []
    rest: list[str] = []
    for place, line in enumerate(lines):
        match = _LINE.fullmatch(line) if place < _AMONG_FIRST else None
        if match is None:
            rest.append(line)
            continue
        field, value = SETTINGS[match[1]], match[2].strip()
        try:
            if field == "part_repeal":
                parts.append(_part_repeal(value))
            else:
                values[field] = _value(field, value)
        except ValueError as error:
            raise UnreadableFile("bad_setting", name=name, setting=match[1], value=value[:40]) from error
    return Settings(**values, part_repeals=tuple(parts)), tuple(rest)


def _value(field: str, value: str) -> Any:
    if field in _DATES:
        return _day(value)
    if field == "kind":
        if value not in KINDS:
            raise ValueError(value)
        return LawKind(KINDS[value])
    return value[:300]


def _day(value: str) -> date:
    named = named_days(value)
    return named[0].day if named else date.fromisoformat(value)


def _part_repeal(value: str) -> PartRepeal:
    """「第三十二条第一款 2025-09-01 某号文件」; without a paragraph, the whole article."""
    match = _PART_REPEAL.fullmatch(value)
    if match is None:
        raise ValueError(value)
    return PartRepeal(match[1], match[2], date.fromisoformat(match[3]), match[4] or "")
