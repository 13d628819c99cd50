"""Cuts a sentence by the words of labour and union life; everything else falls into single characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).resolve().parent.parent / "lexicon" / "labour.txt"
_RUN: Final = re.compile(r"[a-z0-9]+", re.IGNORECASE)


class Lexicon:
    """The longest word that begins here wins. Small enough to need no statistics, and the same on every machine."""

    def __init__(self, words: list[str]) -> None:
        self._words = frozenset(words)
        self._longest = max(map(len, words), default=1)

    @classmethod
    def read(cls, path: Path = SHIPPED) -> Lexicon:
        """One word a line."""
        return cls([word for line in path.read_text(encoding="utf-8").splitlines() if (word := line.strip())])

    def cut(self, text: str) -> Iterator[tuple[str, int]]:
        """Pairs (word, place of its first character). Spaces are dropped."""
        place = 0
        while place < len(text):
            word = self._word_at(text, place)
            if not word.isspace():
                yield word, place
            place += len(word)

    def _word_at(self, text: str, place: int) -> str:
        if run := _RUN.match(text, place):
            return run.group()
        for length in range(min(self._longest, len(text) - place), 1, -1):
            if text[place : place + length] in self._words:
                return text[place : place + length]
        return text[place]
