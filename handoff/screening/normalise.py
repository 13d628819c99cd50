"""Brings a text into the one form that the rules are written in, and remembers where each character came from.

The form: NFKC, lower case, Simplified characters, Latin letters without accents, no spaces, symbols, emoji or invisible
characters; a sentence end is "." and a lighter break ","; known disguises are spelled out.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from handoff.screening.pinyin import pinyin_marks

STOP = "."
PAUSE = ","
_STOPS = frozenset("!?;\n\r\u2028\u2029\u3002")
_PAUSES = frozenset(",:\u3001")
PIECE = 3
_LONGEST_IN_PIECES = 1_000
_MOST_PIECES = 4
"""No more characters than these come of one: U+FDFA alone unfolds into eighteen."""
_LATIN = re.compile("[a-z]")
_RUNS = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"(?:([^.,a-z0-9])\1(?!\1)){2,}")
_CLAUSES = re.compile(r"[.,]+|[^.,]+")


@dataclass(frozen=True)
class Normalised:
    """A text in normal form; `starts[i]` and `ends[i]` bound the piece of `source` that character i came from."""

    source: str
    text: str
    starts: array[int]
    ends: array[int]
    has_latin: bool

    def original(self, start: int, end: int) -> str:
        """The piece of the source that became `text[start:end]`."""
        return self.source[self.starts[start] : self.ends[end - 1]]

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters of `text`."""
        return frozenset(self.text)

    @cached_property
    def pieces(self) -> frozenset[str] | None:
        """Every run of up to PIECE characters of `text`; None where the text is too long for that to be worth while."""
        if len(self.text) > _LONGEST_IN_PIECES:
            return None
        places = range(len(self.text))
        return frozenset(self.text[at : at + length] for length in range(1, PIECE + 1) for at in places)

    @cached_property
    def pinyin(self) -> bytes:
        """For each character of `text` 1 where it belongs to Latin letters that are pinyin; worked out when asked."""
        return pinyin_marks(self.text, self.starts, self.ends)


class _Draft:
    """Characters with their origin, while they are being rewritten."""

    def __init__(self) -> None:
        self.chars: list[str] = []
        self.starts = array("L")
        self.ends = array("L")

    def put(self, char: str, start: int, end: int) -> None:
        self.chars.append(char)
        self.starts.append(start)
        self.ends.append(end)

    def take(self, other: _Draft, start: int, end: int) -> None:
        self.chars.extend(other.chars[start:end])
        self.starts.extend(other.starts[start:end])
        self.ends.extend(other.ends[start:end])

    @property
    def text(self) -> str:
        return "".join(self.chars)


@lru_cache(maxsize=1 << 15)
def _folded(char: str) -> str:
    """One character folded: "" for what only separates, "." and "," for breaks, else its plain form, cut short."""
    plain = []
    for piece in unicodedata.normalize("NFKC", char).lower():
        if piece in _STOPS:
            plain.append(STOP)
        elif piece in _PAUSES:
            plain.append(PAUSE)
        else:
            base = unicodedata.normalize("NFD", piece)[0]
            if base.isalnum():
                plain.append(base if base.isascii() else piece)
    return "".join(plain)[:_MOST_PIECES]


@cache
def _simplifier() -> Any:
    import opencc  # here, because it reads its tables from disk (about 10 ms)

    return opencc.OpenCC("t2s")


def _simplified(chars: list[str]) -> list[str]:
    """Traditional characters to Simplified, one for one (20 ms for a million characters)."""
    convert = _simplifier().convert
    whole = convert("".join(chars))
    if len(whole) == len(chars):
        return list(whole)
    return [one if len(one := convert(char)) == 1 else char for char in chars]


def _fold(source: str) -> _Draft:
    pieces = [_folded(char) for char in source]
    draft = _Draft()
    draft.chars = list("".join(pieces))
    draft.starts = array("L", [place for place, piece in enumerate(pieces) for _ in piece])
    draft.ends = array("L", [place + 1 for place in draft.starts])
    draft.chars = _simplified(draft.chars)
    return draft


def _without_repeats(draft: _Draft) -> _Draft:
    """Three or more of one character become one; two or more doubled characters in a row become single."""
    text = draft.text
    runs = [(match.start(), match.end(), match.end() - match.start()) for match in _RUNS.finditer(text)]
    pairs = [(match.start(), match.end(), 2) for match in _DOUBLED.finditer(text)]
    out, at = _Draft(), 0
    for start, end, step in sorted(runs + pairs):
        if start < at or text[start].isdigit():
            continue
        out.take(draft, at, start)
        for place in range(start, end, step):
            out.put(text[place], draft.starts[place], draft.ends[place + step - 1])
        at = end
    out.take(draft, at, len(text))
    return out


def _without_lone_breaks(draft: _Draft) -> _Draft:
    """Drops a break beside a clause of one character: people part a word that they fear to write, one by one."""
    pieces = [(match.start(), match.end(), match[0]) for match in _CLAUSES.finditer(draft.text)]
    out = _Draft()
    for place, (start, end, piece) in enumerate(pieces):
        if piece[0] not in ".,":
            out.take(draft, start, end)
            continue
        beside = pieces[place - 1 : place] + pieces[place + 1 : place + 2] if place else []
        if not any(last - first == 1 for first, last, _ in beside):
            out.put(STOP if STOP in piece else PAUSE, draft.starts[start], draft.ends[end - 1])
    return out


def _spelled_out(draft: _Draft, disguises: Mapping[str, str], pattern: re.Pattern[str] | None) -> _Draft:
    if pattern is None:
        return draft
    text, out, at = draft.text, _Draft(), 0
    for match in pattern.finditer(text):
        out.take(draft, at, match.start())
        for char in disguises[match[0]]:
            out.put(char, draft.starts[match.start()], draft.ends[match.end() - 1])
        at = match.end()
    out.take(draft, at, len(text))
    return out


def _alone(word: str) -> str:
    """The word's expression; a Latin letter at its edge is not part of a longer Latin word."""
    before, after = ("(?<![a-z])" if word[0].islower() else ""), ("(?![a-z])" if word[-1].islower() else "")
    return f"{before}{re.escape(word)}{after}"


class Normaliser:
    """Normalises texts with one table of disguises (what is written -> what is meant, both in normal form)."""

    def __init__(self, disguises: Mapping[str, str]) -> None:
        self.disguises = dict(disguises)
        longest_first = sorted(self.disguises, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(_alone, longest_first))) if longest_first else None

    def __call__(self, source: str) -> Normalised:
        """Linear in the length of the text."""
        draft = _without_lone_breaks(_without_repeats(_fold(source)))
        draft = _spelled_out(draft, self.disguises, self._pattern)
        text = draft.text
        return Normalised(
            source=source, text=text, starts=draft.starts, ends=draft.ends, has_latin=bool(_LATIN.search(text))
        )
