"""Which phrases of which rules speak in a text, and the very words: for cadres who read and extend the rules."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handoff.screening.levels import Level
from handoff.screening.normalise import Normaliser
from handoff.screening.phrases import Phrase
from handoff.screening.rules import Rule, Rules


@dataclass(frozen=True)
class Fired:
    """A phrase that stands in the text. `spans` are places in the text as it was typed, from left to right.

    `level` is what it amounts to: ORDINARY where an exception covers it, lower than the rule's own where something
    softens it.
    """

    rule: Rule
    phrase: str
    level: Level
    spans: tuple[tuple[int, int], ...]


def fired(rules: Rules, text: str) -> tuple[Fired, ...]:
    """All phrases that stand in the text, the most serious first."""
    normal = Normaliser(rules.disguises)(text)
    found = []
    for rule in rules.rules:
        for phrase in rule.phrases:
            places = [(normal.starts[start], normal.ends[end - 1]) for start, end in phrase.spans(normal)]
            if places:
                found.append(Fired(rule, phrase.phrase, _level(rules, rule, phrase, text), tuple(places)))
    return tuple(sorted(found, key=lambda one: -one.level.seriousness))


def marked(text: str, places: tuple[tuple[int, int], ...]) -> list[tuple[str, bool]]:
    """The text in pieces, and whether each stands within one of the places."""
    inside = [any(start <= at < end for start, end in places) for at in range(len(text))]
    pieces: list[tuple[str, bool]] = []
    for char, is_inside in zip(text, inside, strict=True):
        if pieces and pieces[-1][1] is is_inside:
            pieces[-1] = (pieces[-1][0] + char, is_inside)
        else:
            pieces.append((char, is_inside))
    return pieces


def _level(rules: Rules, rule: Rule, phrase: Phrase, text: str) -> Level:
    """What the one phrase amounts to with its rule's exceptions and softer words."""
    return rules.with_rules([replace(rule, phrases=(phrase,))]).screen(text).level
