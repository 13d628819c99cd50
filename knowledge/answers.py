"""What the knowledge base gives back: an answer as a value."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.citations import Citation


class Outcome(StrEnum):
    """ABROAD: it is another country's law that is asked for."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    OUT_OF_SCOPE = "out_of_scope"
    ABROAD = "abroad"
    HANDOFF = "handoff"


@dataclass(frozen=True)
class Answer:
    """``score`` is a chance, 0..1: that this answer is the right one.

    ``options`` are questions to offer as buttons: what is related, or, where an answer is ``tentative`` and with
    CLARIFY, what else might be meant.
    ``likely``: of a question back, whether so near a one, or one so much of our subject, is seldom a stranger's
    (learned); ``ours``: the latter alone. ``grounds``: those of the citations that are shown with it; the others were
    found beside it.
    ``regions``: provinces with rules of their own on the matter, when it is not known where the worker is.
    """

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...]
    entry: str | None
    topic: str | None
    score: float
    options: tuple[str, ...]
    likely: bool = False
    ours: bool = False
    grounds: tuple[Citation, ...] = ()
    regions: tuple[str, ...] = ()
    tentative: bool = False
