"""The small language in which a cadre writes phrases, and its translation into bounded regular expressions.

    words      the characters themselves, in normal form
    (a|b|c)    one of them
    (a|b)?     one of them, or nothing
    {name}     one of a named list of words
    (a|b)*     up to four of them, in any order
    …          up to 8 characters, not beyond the end of the sentence; …4: up to 4
    ^ $        the beginning, the end of a clause

Every expression is bounded, so that a match costs a constant number of steps for each character of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from handoff.screening.normalise import PIECE, Normalised

GAP = 8
_GAP_MARK = "\u2026"
_TOKENS = re.compile(r"\{[^{}]*\}|\u2026\d*|[()|?*^$]|[^(){}|?*^$\u2026]+")
_EDGES = {"^": "(?<![^.,])", "$": r"(?=[.,]|\Z)"}
_REPEATS = {"?": "?", "*": "{0,4}"}
_LATIN = re.compile("[a-z]")
_SHORTEST_SPELLED = 5


class PhraseError(ValueError):
    """A phrase cannot be read."""


@dataclass(frozen=True)
class Piece:
    """A translated piece: its expression, and sets of words of each of which one stands in any text that it matches."""

    expression: str
    needs: tuple[frozenset[str], ...]


def _literal(text: str, sounds: Mapping[str, str] | None) -> Piece:
    if sounds is None:
        return Piece(re.escape(text), (frozenset({text}),))
    heard = (f"(?:{re.escape(char)}|{sounds[char]})" if char in sounds else re.escape(char) for char in text)
    return Piece("".join(heard), ())


def _joined(pieces: Sequence[Piece]) -> Piece:
    """Pieces one after another; what rules out most texts is asked first."""
    needs = {need for piece in pieces for need in piece.needs}
    ordered = sorted(needs, key=lambda words: (-min(map(len, words)), len(words), sorted(words)))
    return Piece("".join(piece.expression for piece in pieces), tuple(ordered))


def _either(pieces: Sequence[Piece]) -> Piece:
    expression = f"(?:{'|'.join(piece.expression for piece in pieces)})"
    if not all(piece.needs for piece in pieces):
        return Piece(expression, ())
    return Piece(expression, (frozenset().union(*(piece.needs[0] for piece in pieces)),))


class _Reader:
    """Reads one phrase, mark by mark."""

    def __init__(self, phrase: str, words: Mapping[str, Sequence[str]], sounds: Mapping[str, str] | None) -> None:
        self.phrase, self.words, self.sounds = phrase, words, sounds
        self.marks = _TOKENS.findall(phrase)
        if "".join(self.marks) != phrase or not phrase:
            raise PhraseError(f"{phrase!r}: braces that do not pair.")

    def read(self) -> Piece:
        marks = iter(self.marks)
        branches, closed = self._branches(marks)
        if closed:
            raise PhraseError(f"{self.phrase!r}: a closing parenthesis without an opening one.")
        return branches[0] if len(branches) == 1 else _either(branches)

    def _branches(self, marks: Iterator[str]) -> tuple[list[Piece], bool]:
        branches: list[Piece] = []
        current: list[Piece] = []
        for mark in marks:
            if mark in (")", "|"):
                branches.append(self._finished(current))
                current = []
                if mark == ")":
                    return branches, True
            elif mark in _REPEATS:
                self._make_optional(current, mark)
            else:
                current.append(self._piece(mark, marks))
        return [*branches, self._finished(current)], False

    def _finished(self, pieces: list[Piece]) -> Piece:
        if not pieces:
            raise PhraseError(f"{self.phrase!r}: an empty alternative.")
        return _joined(pieces)

    def _make_optional(self, current: list[Piece], mark: str) -> None:
        if not current or not current[-1].expression.endswith(")") or current[-1].expression in _EDGES.values():
            raise PhraseError(f"{self.phrase!r}: {mark} stands only after parentheses.")
        current[-1] = Piece(current[-1].expression + _REPEATS[mark], ())

    def _piece(self, mark: str, marks: Iterator[str]) -> Piece:
        if mark.startswith(_GAP_MARK):
            return Piece(f"[^.]{{0,{mark[1:] or GAP}}}?", ())
        if mark in _EDGES:
            return Piece(_EDGES[mark], ())
        if mark == "(":
            branches, closed = self._branches(marks)
            if not closed:
                raise PhraseError(f"{self.phrase!r}: a parenthesis that is never closed.")
            return _either(branches)
        if mark.startswith("{"):
            if (name := mark[1:-1]) not in self.words:
                raise PhraseError(f"{self.phrase!r}: no list of words is called {name!r}.")
            return _either([_literal(word, self.sounds) for word in self.words[name]])
        return _literal(mark, self.sounds)


@dataclass(frozen=True)
class Phrase:
    """One phrase, ready to be looked for in normalised text; `spelled` also takes pinyin for its characters."""

    phrase: str
    plain: Piece
    spelled: Piece | None

    @classmethod
    def read(
        cls, phrase: str, *, words: Mapping[str, Sequence[str]], sounds: Mapping[str, str] | None = None
    ) -> Phrase:
        """Read a phrase; with `sounds` (character -> pinyin) each character may also be spelled. Raises PhraseError."""
        plain = _Reader(phrase, words, None).read()
        return cls(phrase, plain, None if sounds is None else _Reader(phrase, words, sounds).read())

    def spans(self, text: Normalised) -> Iterator[tuple[int, int]]:
        """Where the phrase stands in `text.text`, from left to right, without overlap."""
        if self.spelled is not None and text.has_latin:
            yield from (match.span() for match in self._spelled_regex.finditer(text.text) if _is_spelled(text, match))
        elif self._may_stand_in(text):
            yield from (match.span() for match in self._plain_regex.finditer(text.text))

    def _may_stand_in(self, text: Normalised) -> bool:
        """Whether the text has what the phrase needs; of short texts the pieces are known, which is quickest."""
        if text.pieces is not None:
            return not any(need.isdisjoint(text.pieces) for need in self.needed_pieces)
        return all(_has_one(text, need) for need in self.plain.needs)

    @cached_property
    def needed_pieces(self) -> tuple[frozenset[str], ...]:
        """Of each set one piece stands in any short text in which the phrase stands, unless it is spelled there."""
        return tuple(frozenset(word[:PIECE] for word in need) for need in self.plain.needs)

    @cached_property
    def _plain_regex(self) -> re.Pattern[str]:
        return re.compile(self.plain.expression)

    @cached_property
    def _spelled_regex(self) -> re.Pattern[str]:
        return re.compile(self.spelled.expression if self.spelled else self.plain.expression)


def _has_one(text: Normalised, words: frozenset[str]) -> bool:
    """Whether one of the words stands in the text; its characters are asked first, which is much quicker."""
    return any(text.characters.issuperset(word) and word in text.text for word in words)


def _is_spelled(text: Normalised, match: re.Match[str]) -> bool:
    """Whether Latin letters in a match are pinyin, rather than the middle of an English word or a code."""
    if not _LATIN.search(match[0]):
        return True
    if match[0].isascii() and len(match[0]) < _SHORTEST_SPELLED:
        return False
    return all(text.pinyin[match.start() + letter.start()] for letter in _LATIN.finditer(match[0]))
