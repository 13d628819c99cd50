"""Figures that contradict each other: two answers on the same article say the same sentence with other numbers.

A clause is compared with its figures taken out, 「离职后#内申请仲裁」; 「一年」 and 「1年」 are one figure,
as are 「十五日」 and 「15天」.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from knowledge.entries import Entry
from knowledge.numerals import to_int
from knowledge.texts import CLAUSE_ENDS, FIGURE_PATTERN, SAME_UNITS, TWO

_FIGURE = re.compile(FIGURE_PATTERN)
_CLAUSE = re.compile(f"[{CLAUSE_ENDS}]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
# A shorter clause says too little to tell what its numbers are of.
FEWEST_CHARACTERS: Final = 6


@dataclass(frozen=True)
class Contradiction:
    """``one`` and ``other``: the two clauses as they stand."""

    first: Entry
    second: Entry
    one: str
    other: str


@dataclass(frozen=True)
class _Said:
    entry: Entry
    clause: str
    figures: tuple[tuple[str, str], ...]


def contradictions(entries: Sequence[Entry]) -> Iterator[Contradiction]:
    """Between entries that rest on a common article and hold in a common region."""
    said: dict[str, list[_Said]] = defaultdict(list)
    for entry in entries:
        for clause in _CLAUSE.split(entry.answer):
            figures = tuple(_figures(clause))
            frame = _FIGURE.sub("#", clause).strip()
            if figures and len(_CHINESE.findall(frame)) >= FEWEST_CHARACTERS:
                said[frame].append(_Said(entry, clause.strip(), figures))
    for same in said.values():
        yield from _among(same)


def _among(same: Sequence[_Said]) -> Iterator[Contradiction]:
    """An entry that gives several figures in one frame tells cases apart: it is contradicted by none of them."""
    by_entry: dict[str, list[_Said]] = defaultdict(list)
    for one in same:
        by_entry[one.entry.id].append(one)
    for mine, theirs in combinations(by_entry.values(), 2):
        first, second = mine[0], theirs[0]
        apart = {one.figures for one in mine}.isdisjoint(one.figures for one in theirs)
        if apart and _about_the_same(first.entry, second.entry):
            yield Contradiction(first.entry, second.entry, first.clause, second.clause)


def _about_the_same(one: Entry, other: Entry) -> bool:
    return one.region == other.region and not set(one.citations).isdisjoint(other.citations)


def _figures(clause: str) -> Iterator[tuple[str, str]]:
    """(value, unit) of each figure, in their order."""
    for number, unit in _FIGURE.findall(clause):
        yield _value(number), SAME_UNITS.get(unit, unit)


def _value(number: str) -> str:
    if number[0].isdigit():
        return str(float(number)) if "." in number else str(int(number))
    try:
        return str(to_int(number.replace(TWO[0], TWO[1])))
    except ValueError:
        return number
