"""Article numbers: 「第二百七十六条之一」 and the integers they carry."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from knowledge import texts

_ARTICLE = re.compile(texts.ARTICLE_PATTERN)
_BARE = re.compile(texts.ITEM_PATTERN)
_RANGE = re.compile(texts.RANGE_PATTERN)
_PARAGRAPH = re.compile(texts.PARAGRAPH_PATTERN)
_ANNEX = re.compile(texts.ANNEX_PATTERN)
# An annex has no number among the articles, and comes after all of them.
ANNEX: Final = 0
_AFTER_ALL: Final = 100_000


def to_int(numeral: str) -> int:
    """The value of a Chinese numeral below ten thousand, 「一千二百六十」 → 1260."""
    total, digit = 0, 0
    for character in numeral:
        if character in texts.UNITS:
            total += (digit or 1) * texts.UNITS[character]
            digit = 0
        else:
            digit = texts.DIGITS.index(character)
    return total + digit


def to_numeral(value: int) -> str:
    """The Chinese numeral of 1 ≤ value < 10000 as law writes it, 215 → 「二百一十五」, 15 → 「十五」."""
    parts: list[str] = []
    gap = False
    for name, unit in (*reversed(texts.UNITS.items()), ("", 1)):
        digit, value = divmod(value, unit)
        if digit:
            parts.append((texts.DIGITS[0] if gap else "") + texts.DIGITS[digit] + name)
        gap = bool(parts) and not digit
    numeral = "".join(parts)
    ten = next(iter(texts.UNITS))
    return numeral[1:] if numeral.startswith(texts.DIGITS[1] + ten) else numeral


@cache
def article_int(article_no: str) -> int:
    """The leading integer of an article number; 276 for 「第二百七十六条之一」, so never a key by itself.

    Some rules number their items 「三、」 instead; a reply without numbers has 「第1段」; an annex counts as ANNEX.
    Raises ValueError for anything else.
    """
    match = _ARTICLE.fullmatch(article_no) or _BARE.fullmatch(article_no)
    if match is not None:
        return to_int(match[1])
    if paragraph := _PARAGRAPH.fullmatch(article_no):
        return int(paragraph[1])
    if _ANNEX.fullmatch(article_no):
        return ANNEX
    raise ValueError(f"not an article number: {article_no!r}")


@cache
def article_order(article_no: str) -> tuple[int, int]:
    """A sort key: 「第二百七十六条之一」 comes right after 「第二百七十六条」, annexes come last."""
    if annex := _ANNEX.fullmatch(article_no):
        return _AFTER_ALL, _annex_int(annex[1])
    match = _ARTICLE.fullmatch(article_no)
    return article_int(article_no), to_int(match[2]) if match and match[2] else 0


def _annex_int(numeral: str) -> int:
    if not numeral:
        return 0
    return int(numeral) if numeral.isdecimal() else to_int(numeral)


def article_name(number: int, inserted: int = 0) -> str:
    """「第八十五条」 of 85; 「第二百七十六条之一」 of (276, 1)."""
    name = texts.ARTICLE.format(number=to_numeral(number))
    return name + (texts.INSERTED.format(number=to_numeral(inserted)) if inserted else "")


def expand(selection: str) -> Iterator[str]:
    """Article numbers of a selection such as ``"3 15-16 276之1"``. Raises ValueError for a malformed one."""
    for word in selection.split():
        match = _RANGE.fullmatch(word)
        if match is None:
            raise ValueError(f"not an article or a range: {word!r}")
        first = int(match[1])
        if match[3]:
            yield article_name(first, int(match[3]))
        else:
            yield from (article_name(number) for number in range(first, int(match[2] or first) + 1))
