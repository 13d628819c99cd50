"""A box in which cadres try what screening says of a sentence. Nothing that is typed there is stored or logged.

The console has no way up to the loaded classifier; the composed program registers how both layers are asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from handoff.own_phrases import LiveRules
from handoff.screening.levels import Finding
from handoff.screening.rules import Rules


@dataclass(frozen=True)
class Layers:
    """What each layer says, and what follows of both; `by_classifier` is None where it is not loaded."""

    by_rules: Finding
    by_classifier: Finding | None
    together: Finding


@dataclass(frozen=True)
class Box:
    """The rules in force, and how a text is screened by both layers now."""

    rules: LiveRules
    screen: Callable[[str], Layers]


class _Registered:
    """The box of this process."""

    box: Box | None = None


def register(box: Box) -> None:
    """From now on this process's box; a later one takes its place."""
    _Registered.box = box


def this_box() -> Box:
    """The registered box; in a process that composed no desk, one with the rules alone."""
    return _Registered.box or _rules_alone()


@cache
def _rules_alone() -> Box:
    rules = LiveRules(Rules.load())

    def screen(text: str) -> Layers:
        finding = rules.screen(text)
        return Layers(finding, None, finding)

    return Box(rules, screen)
