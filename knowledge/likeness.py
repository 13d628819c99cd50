"""How alike two texts are, letter by letter: for telling a changed article from another one, and figures apart."""

from typing import Final

ALIKE_FROM: Final = 0.5


def likeness(one: str, other: str) -> float:
    """0..1: the share of neighbouring pairs of characters that both have, of the longer text's."""
    first, second = _pairs(one), _pairs(other)
    return len(first & second) / max(len(first), len(second), 1)


def alike(one: str, other: str) -> bool:
    """Whether one text is the other, changed in places."""
    return one == other or likeness(one, other) >= ALIKE_FROM


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}
