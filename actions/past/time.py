"""Which time the talk is about: named in this message, brought by its button, or named before in the same topic."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from actions.past.periods import from_words, periods_in

if TYPE_CHECKING:
    from actions.heard import Heard
    from knowledge.earlier import Period

# A slot, and a detail of buttons; in the words of actions/past/periods.py.
NAMED_TIME: Final = "named_time"


def time_meant(message: Heard, before: str | None, *, goes_on: bool, today: date) -> tuple[Period, ...]:
    """`before`: what has been named in the talk; `goes_on`: whether the message belongs to the same topic."""
    now = from_words(message.details.get(NAMED_TIME)) if message.pressed else periods_in(message.text, today=today)
    return now or (from_words(before) if goes_on else ())
