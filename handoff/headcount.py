"""How many people a message speaks of: 「我们三十多个工人」 → 30."""

from __future__ import annotations

import re

from handoff.desk_texts import DESK
from knowledge.numerals import to_int

_COUNT = re.compile(DESK["people_pattern"])
_ROUGH = {name: int(value) for name, value in (pair.split("=") for pair in DESK["rough_numbers"].split())}


def headcount(text: str) -> int | None:
    """The greatest number of people named in a text, at least; None when it names none."""
    return max((_value(match[1]) for match in _COUNT.finditer(text)), default=None)


def _value(written: str) -> int:
    if written in _ROUGH:
        return _ROUGH[written]
    return int(written) if written.isdecimal() else to_int(written)
