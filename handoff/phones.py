"""Telephone numbers in a worker's words: found, and masked for showing.

Mobiles: 11 digits, 1 and 3-9 first; fixed lines: an area code that begins with 0, and 7 or 8 digits (Telecom Network
Numbering Plan, 2017).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_GAPS: Final = re.compile(r"(?<=\d)[ \t\-\u2013\u2014.()]+(?=\d)")
_NUMBER: Final = re.compile(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9}|0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7})(?!\d)")
_MOBILE_DIGITS: Final = 11


def phones_in(text: str) -> list[str]:
    """All numbers in a text, each once, in their order, digits only; blanks, hyphens and +86 are forgiven."""
    narrow = _GAPS.sub("", unicodedata.normalize("NFKC", text))
    return list(dict.fromkeys(_NUMBER.findall(narrow)))


def phone_in(text: str) -> str | None:
    """The first number in a text."""
    return next(iter(phones_in(text)), None)


def masked(phone: str) -> str:
    """As it is shown and read back: 138****5678, 0512****5678."""
    ahead = 3 if phone.startswith("1") and len(phone) == _MOBILE_DIGITS else 4
    return f"{phone[:ahead]}****{phone[-4:]}"
