"""How sure what is said in answer to a question is."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

SURENESS: Final = "sureness"


class Sureness(StrEnum):
    """Goes with a reply as data under SURENESS; replies that answer no question carry none."""

    SURE = "sure"
    TENTATIVE = "tentative"
    """The nearest thing to it, said to be so."""
    ASKED_BACK = "asked_back"
    """Nothing yet but questions to press, of what is certainly a matter of this desk."""
    GUESSED = "guessed"
    """The same of what may be none."""
    ELSEWHERE = "elsewhere"
    """It is another country's law, and who helps there."""
    UNKNOWN = "unknown"
    """The desk has nothing on it."""
