"""Versions of laws and their dates, from ``sources/versions.yml``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from knowledge import texts
from knowledge.errors import SourceProblems
from knowledge.numerals import article_int, expand
from knowledge.yaml_files import read_yaml


class LawKind(StrEnum):
    LAW = "law"
    REGULATION = "regulation"
    RULE = "rule"
    INTERPRETATION = "interpretation"
    DOCUMENT = "document"
    UNION_RULE = "union_rule"


@dataclass(frozen=True)
class PartRepeal:
    """A part of an article that ended before the rest of its law; ``scope`` names it for people, 「第一款」.

    An empty ``scope`` is the whole article.
    """

    article_no: str
    scope: str
    repealed_on: date
    by: str


@dataclass(frozen=True)
class LawVersion:
    """One version of a law. Dates are of the version, not of the law; None means: could not be verified."""

    law: str
    short: tuple[str, ...]
    kind: LawKind
    number: str | None
    version_date: date | None
    passed_on: date | None
    effective_on: date | None
    first_effective_on: date | None
    repealed_on: date | None
    held: bool
    hold: frozenset[str] | None
    search: frozenset[str] | None
    part_repeals: tuple[PartRepeal, ...]
    source: str
    note: str | None
    # False: the month is known, and ``version_date`` is its last day; then no day is shown.
    day_known: bool = True

    def holds(self, article_no: str) -> bool:
        return self.held and (self.hold is None or article_no in self.hold)

    def searches(self, article_no: str) -> bool:
        return self.holds(article_no) and (self.search is None or article_no in self.search)

    @property
    def brief(self) -> str:
        """The name people use; without one, the full name without 「中华人民共和国」."""
        return self.short[0] if self.short else self.law.removeprefix(texts.STATE_PREFIX)


_DATES = ("version_date", "passed_on", "effective_on", "first_effective_on", "repealed_on")
_REQUIRED = frozenset({"law", "kind", "source", "held", *_DATES})
_KNOWN = _REQUIRED | {"short", "number", "hold", "search", "part_repeals", "note"}


def _selection(value: Any) -> frozenset[str] | None:
    """None means every article."""
    if value in (None, "all"):
        return None
    return frozenset() if value == "none" else frozenset(expand(str(value)))


def _part_repeal(item: Mapping[str, Any]) -> PartRepeal:
    article_int(item["article_no"])
    return PartRepeal(item["article_no"], item["scope"], item["repealed_on"], item["by"])


def _problems(item: Mapping[str, Any]) -> Iterable[str]:
    yield from (f"「{field}」 is missing" for field in sorted(_REQUIRED - item.keys()))
    yield from (f"「{field}」 is not a field" for field in sorted(item.keys() - _KNOWN))
    for field in _DATES:
        if not isinstance(item.get(field), date | None):
            yield f"「{field}」 is not a date: {item[field]!r}"
    if item.get("held") and not (item.get("version_date") and item.get("effective_on")):
        yield "a held text needs version_date and effective_on"
    if item.get("kind") not in set(LawKind):
        yield f"unknown kind {item.get('kind')!r}"


def _version(item: Mapping[str, Any]) -> LawVersion:
    return LawVersion(
        law=item["law"],
        short=tuple(item.get("short") or ()),
        kind=LawKind(item["kind"]),
        number=item.get("number"),
        held=bool(item["held"]),
        hold=_selection(item.get("hold")),
        search=_selection(item.get("search")),
        part_repeals=tuple(map(_part_repeal, item.get("part_repeals") or ())),
        source=item["source"],
        note=item.get("note"),
        **{field: item[field] for field in _DATES},
    )


def load_versions(path: Path) -> tuple[LawVersion, ...]:
    """Every version in the file, in its order. Raises SourceProblems naming all mistakes together."""
    items: Sequence[Mapping[str, Any]] = read_yaml(path)["laws"]
    versions, problems = [], []
    for item in items:
        name = item.get("law", "?")
        found = list(_problems(item))
        if not found:
            try:
                versions.append(_version(item))
            except (KeyError, ValueError) as error:
                found.append(str(error))
        problems += [f"{path.name}: {name}: {problem}" for problem in found]
    seen: set[tuple[str, date | None]] = set()
    for version in versions:
        key = (version.law, version.version_date)
        if key in seen:
            problems.append(f"{path.name}: {version.law}: version {version.version_date} stands twice")
        seen.add(key)
    if problems:
        raise SourceProblems(problems)
    return tuple(versions)
