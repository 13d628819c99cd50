"""How far the classifier is believed. It always finds the likest intent, also for what is like none of them: below a
limit, and always where an intent has consequences, a word of the intent must stand in the message. Otherwise the
message goes to the knowledge base, which knows how to ask back. Words in `certainty.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from nlu.components.plain_text import plain

WORDS: Final = Path(__file__).with_name("certainty.yml")
FALLBACK: Final = "nlu_fallback"
# Said in so many words; not 1.0, which only a button is.
DECIDED: Final = 0.99
LONGEST_READ: Final = 400
_EDGES: Final = " \t\n,，.。;；:：!！?？~～、…“”\"'"


@dataclass(frozen=True)
class Certainty:
    """`decides`: in their order; `words`: by intent."""

    sure_from: float
    exempt: frozenset[str]
    strict: frozenset[str]
    decides: tuple[tuple[str, re.Pattern[str]], ...]
    words: Mapping[str, re.Pattern[str]]

    def settle(self, text: str, intent: str, confidence: float) -> tuple[str, float]:
        """The intent to act on, and its confidence 0..1. `text` as typed."""
        line = plain(text[:LONGEST_READ]).strip(_EDGES)
        for decided, pattern in self.decides:
            if pattern.search(line):
                return decided, DECIDED
        sure = confidence >= self.sure_from and intent not in self.strict
        words = self.words.get(intent)
        if intent in self.exempt or sure or words is None or words.search(line):
            return intent, confidence
        return FALLBACK, confidence


@lru_cache(maxsize=1)
def certainty() -> Certainty:
    """Read once, on first use."""
    read: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return Certainty(
        sure_from=float(read["sure_from"]),
        exempt=frozenset(read["exempt"]),
        strict=frozenset(read["strict"]),
        decides=tuple((intent, re.compile(pattern)) for intent, pattern in read["decides"]),
        words={intent: re.compile(pattern) for intent, pattern in read["words"].items()},
    )
