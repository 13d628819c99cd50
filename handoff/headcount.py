"""How many people a message speaks of: 「我们三十多个工人」 → 30."""

from __future__ import annotations

import re

from handoff.desk_texts import DESK
from knowledge.numerals import to_int

_COUNT = re.compile(DESK["people_pattern"])
_PAIR, _TWO = DESK["pair"].split("=")
_ROUGH = {name: int(value) for name, value in (pair.split("=") for pair in DESK["rough_numbers"].split())}


def headcount(text: str) -> int | None:
    """The greatest number of people named in a text, at least; None when it names none."""
    found = (_value(match[1]) for match in _COUNT.finditer(text))
    return max((value for value in found if value), default=None)


def _value(written: str) -> int | None:
    if written in _ROUGH:
        return _ROUGH[written]
    try:
        return int(written) if written.isdecimal() else to_int(written.replace(_PAIR, _TWO))
    except ValueError:  # a run of digits that is no number, 「百十」「千一」: it says nothing about how many
        return None
