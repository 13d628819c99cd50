"""What differs by province: a paragraph after the national answer, and who knows it where none is held.

One YAML file for each province in ``sources/regions/``, and ``where_to_ask.yml`` for all the others. A figure stands
there only with the document that it was read in.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import yaml

from knowledge.entries import Reference, answer_length, citation_problems
from knowledge.errors import SourceProblems
from knowledge.places import provinces
from knowledge.texts import FIGURE_PATTERN, HOTLINES_PATTERN

WHERE_TO_ASK: Final = "where_to_ask.yml"
LONGEST_PARAGRAPH: Final = 200
_FIGURE: Final = re.compile(rf"{FIGURE_PATTERN}|[0-9]")
_HOTLINES: Final = re.compile(HOTLINES_PATTERN)


@dataclass(frozen=True)
class Overlay:
    """``text`` follows the national answer to each of ``entries`` for who works in ``region``; it rests on
    ``citations``. Dates as in an entry."""

    region: str
    entries: tuple[str, ...]
    text: str
    citations: tuple[Reference, ...]
    valid_from: date
    valid_until: date | None
    reviewed_on: date

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True)
class WhereToAsk:
    """Of entries whose rules differ by province: who knows, said where no overlay is held. Without figures."""

    entries: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class RegionalRules:
    """Everything in ``sources/regions/``."""

    overlays: tuple[Overlay, ...] = ()
    asks: tuple[WhereToAsk, ...] = ()

    def overlay(self, entry: str, region: str, *, on: date) -> Overlay | None:
        found = (one for one in self.overlays if one.region == region and entry in one.entries and one.holds(on))
        return next(found, None)

    def regions(self, entry: str, *, on: date) -> tuple[str, ...]:
        """The provinces whose own rule for an entry is held for that day."""
        return tuple(dict.fromkeys(one.region for one in self.overlays if entry in one.entries and one.holds(on)))

    def ask(self, entry: str) -> str | None:
        """Who knows; None for an entry that does not differ by province."""
        return next((one.text for one in self.asks if entry in one.entries), None)


# Field → (what it must be, the type).
_OVERLAY: Final[Mapping[str, tuple[str, Any]]] = {
    "entries": ("a list", list),
    "text": ("text", str),
    "citations": ("a list", list),
    "valid_from": ("a date", date),
    "valid_until": ("a date or null", date | None),
    "reviewed_on": ("a date", date),
}
_ASK: Final[Mapping[str, tuple[str, Any]]] = {"entries": ("a list", list), "text": ("text", str)}


def _holds_figures(text: str) -> bool:
    """Whether a text states a number of anything but a hotline."""
    return bool(_FIGURE.search(_HOTLINES.sub("", text)))


def _field_problems(item: Any, fields: Mapping[str, tuple[str, Any]]) -> Iterator[str]:
    if not isinstance(item, dict):
        yield "is not a mapping"
        return
    yield from (f"「{field}」 is missing" for field in fields if field not in item)
    yield from (f"「{field}」 is not a field here" for field in item if field not in fields)
    for field, (wanted, kind) in fields.items():
        if field in item and not isinstance(item[field], kind):
            yield f"「{field}」 is not {wanted}"
        elif item.get(field) in ("", []):
            yield f"「{field}」 is empty"


def _text_problems(text: str) -> Iterator[str]:
    if answer_length(text) > LONGEST_PARAGRAPH:
        yield f"the text has {answer_length(text)} characters, {LONGEST_PARAGRAPH} are allowed"


def _overlay_problems(item: Any) -> Iterator[str]:
    found = list(_field_problems(item, _OVERLAY))
    if not found:
        found += [problem for citation in item["citations"] for problem in citation_problems(citation)]
        found += _text_problems(item["text"])
    yield from found


def _ask_problems(item: Any) -> Iterator[str]:
    found = list(_field_problems(item, _ASK))
    if not found:
        found += _text_problems(item["text"])
        if _holds_figures(item["text"]):
            found.append("who knows is said without figures: they need a document")
    yield from found


def _one_line(text: str) -> str:
    """Lines of a file are joined as Chinese is, without a space."""
    return "".join(line.strip() for line in text.splitlines())


def _overlay(item: Mapping[str, Any], region: str) -> Overlay:
    return Overlay(
        region=region,
        entries=tuple(item["entries"]),
        text=_one_line(item["text"]),
        citations=tuple(Reference(one["law"], one["article_no"]) for one in item["citations"]),
        valid_from=item["valid_from"],
        valid_until=item["valid_until"],
        reviewed_on=item["reviewed_on"],
    )


def _items(path: Path, keys: frozenset[str]) -> Mapping[str, Any]:
    """Raises SourceProblems when the file is none with these keys."""
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourceProblems([f"{path.name}: not YAML: {' '.join(str(error).split())}"]) from error
    if not isinstance(document, dict) or set(document) != keys:
        raise SourceProblems([f"{path.name}: a file here has {' and '.join(f'「{key}」' for key in sorted(keys))}"])
    return document


def _read_province(path: Path) -> tuple[Overlay, ...]:
    document = _items(path, frozenset({"region", "overlays"}))
    problems = [] if document["region"] in provinces() else [f"{path.name}: no province {document['region']!r}"]
    for place, item in enumerate(document["overlays"] or [], 1):
        problems += [f"{path.name}: overlay {place}: {problem}" for problem in _overlay_problems(item)]
    if problems:
        raise SourceProblems(problems)
    return tuple(_overlay(item, document["region"]) for item in document["overlays"] or [])


def _read_asks(path: Path) -> tuple[WhereToAsk, ...]:
    items = _items(path, frozenset({"where_to_ask"}))["where_to_ask"] or []
    problems = [
        f"{path.name}: item {place}: {problem}"
        for place, item in enumerate(items, 1)
        for problem in _ask_problems(item)
    ]
    if problems:
        raise SourceProblems(problems)
    return tuple(WhereToAsk(tuple(item["entries"]), _one_line(item["text"])) for item in items)


def load_regional(folder: Path, *, known: Iterable[str]) -> RegionalRules:
    """Everything in the folder, which may be missing. ``known``: ids of the entries.

    Raises SourceProblems with the problems of all files together.
    """
    overlays: list[Overlay] = []
    asks: tuple[WhereToAsk, ...] = ()
    problems: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            if path.name == WHERE_TO_ASK:
                asks = _read_asks(path)
            else:
                overlays += _read_province(path)
        except SourceProblems as error:
            problems += error.problems
    rules = RegionalRules(tuple(overlays), asks)
    problems += [] if problems else _across(rules, frozenset(known))
    if problems:
        raise SourceProblems(problems)
    return rules


def _across(rules: RegionalRules, known: frozenset[str]) -> Iterator[str]:
    """What is only seen over all files."""
    named = [entry for one in rules.overlays for entry in one.entries]
    named += [entry for one in rules.asks for entry in one.entries]
    yield from (f"regions: no entry {entry!r}" for entry in dict.fromkeys(named) if entry not in known)
    for one, other in combinations(rules.overlays, 2):
        both = set(one.entries) & set(other.entries) if one.region == other.region else set()
        if (
            both
            and one.valid_from <= (other.valid_until or date.max)
            and other.valid_from <= (one.valid_until or date.max)
        ):
            yield f"regions: {one.region}: two overlays at a time for {', '.join(sorted(both))}"
    asked = Counter(entry for one in rules.asks for entry in one.entries)
    yield from (f"{WHERE_TO_ASK}: {entry!r} stands more than once" for entry, times in asked.items() if times > 1)
    overlaid = dict.fromkeys(entry for one in rules.overlays for entry in one.entries)
    yield from (f"{WHERE_TO_ASK}: {entry!r} has an overlay and is missing" for entry in overlaid if entry not in asked)
