"""Other ways to find articles, to measure ours against: `niangjia eval retrieval`. Nothing else uses them."""

from collections.abc import Sequence
from typing import Protocol

from knowledge.entries import Reference


class Peer(Protocol):
    """One way to find articles."""

    def find(self, question: str, *, most: int) -> Sequence[Reference]:
        """Articles for a question as typed, best first."""
