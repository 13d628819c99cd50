"""What the page of own phrases shows: the outcome of a try, and the shipped rules in an order to read them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handoff.approval import approval_of
from handoff.console.texts import CATEGORIES
from handoff.console.words_page import hotlines_here
from handoff.console.words_texts import LEVEL_WORDS, PHRASES
from handoff.duty import next_seen_at
from handoff.fired import Fired, fired, marked
from handoff.models import Organisation
from handoff.phrase_check import own_name, shared_phrases
from handoff.screening.levels import Category, Finding, Level
from handoff.screening.rules import Rule, Rules
from handoff.screening_box import Box
from handoff.words import fixed_words


@dataclass(frozen=True)
class Group:
    """A heading and what stands under it."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sign:
    """A phrase that stands in the tried text: its category, where the rule comes from, and what it amounts to."""

    category: str
    rule: str
    phrase: str
    outcome: str
    counts: bool


@dataclass(frozen=True)
class Tried:
    """The outcome of a try. `pieces`: the text, and whether each piece is a sign. `by_classifier` "" if not loaded."""

    level: Level
    level_words: str
    reasons: tuple[str, ...]
    pieces: tuple[tuple[str, bool], ...]
    signs: tuple[Sign, ...]
    by_rules: str
    by_classifier: str
    on_duty: str
    off_duty: str


@dataclass(frozen=True)
class ShownRule:
    """A shipped rule to be read: its phrases and what does not count or counts less."""

    title: str
    phrases: tuple[str, ...]
    exceptions: tuple[str, ...]
    softer: tuple[str, ...]


@dataclass(frozen=True)
class Shelf:
    """The shipped rules of one category."""

    title: str
    level_words: str
    rules: tuple[ShownRule, ...]


def tried(text: str, box: Box, *, union: Organisation, now: datetime) -> Tried:
    """What screening says of a text, why, and what the worker would read."""
    present = box.rules.present(afresh=True)
    layers, found = box.screen(text), fired(present, text)
    finding, machine = layers.together, layers.by_classifier
    counting = tuple(span for one in found if one.level is not Level.ORDINARY for span in one.spans)
    score = f"{machine.score * 100:.0f}" if machine else ""
    return Tried(
        level=finding.level,
        level_words=LEVEL_WORDS[finding.level],
        reasons=tuple(CATEGORIES[category] for category in finding.categories),
        pieces=tuple(marked(text, counting)),
        signs=tuple(_sign(one, present) for one in found),
        by_rules=LEVEL_WORDS[layers.by_rules.level] if found else PHRASES["nothing"],
        by_classifier=PHRASES["by_classifier"].format(level=LEVEL_WORDS[machine.level], score=score) if machine else "",
        on_duty=_read_by_worker(finding, union, on_duty=True, now=now),
        off_duty=_read_by_worker(finding, union, on_duty=False, now=now),
    )


def shipped_groups(shipped: Rules) -> list[Shelf]:
    """All shipped rules by category, in the order in which categories are attended to."""
    general = set(shared_phrases([rule.exceptions for rule in shipped.rules]))
    gentler = set(shared_phrases([rule.softer for rule in shipped.rules if rule.level is Level.CRISIS]))
    shelves = []
    for category in Category:
        rules = [rule for rule in shipped.rules if rule.category is category]
        shown = tuple(
            ShownRule(
                title=_place(rule, shipped),
                phrases=tuple(phrase.phrase for phrase in rule.phrases),
                exceptions=tuple(phrase.phrase for phrase in rule.exceptions if phrase not in general),
                softer=tuple(phrase.phrase for phrase in rule.softer if phrase not in gentler),
            )
            for rule in rules
        )
        if shown:
            shelves.append(Shelf(CATEGORIES[category], LEVEL_WORDS[category.level], shown))
    return shelves


def _sign(one: Fired, rules: Rules) -> Sign:
    outcome = "counts" if one.level is one.rule.level else "softened"
    counts = one.level is not Level.ORDINARY
    return Sign(
        category=CATEGORIES[one.rule.category],
        rule=_place(one.rule, rules),
        phrase=one.phrase,
        outcome=PHRASES[outcome if counts else "excused"].format(level=LEVEL_WORDS[one.level]),
        counts=counts,
    )


def _place(rule: Rule, rules: Rules) -> str:
    """Where the rule comes from: rules have names in English, which cadres do not read."""
    if rule.name == own_name(rule.category):
        return PHRASES["own_rule"]
    names = [other.name for other in rules.rules if other.category is rule.category]
    return PHRASES["shipped_rule"].format(place=names.index(rule.name) + 1)


def _read_by_worker(finding: Finding, union: Organisation, *, on_duty: bool, now: datetime) -> str:
    if finding.level is Level.ORDINARY:
        return ""
    return fixed_words(
        finding,
        on_duty=on_duty,
        hotlines=hotlines_here(union),
        seen_at=next_seen_at(union, now=now),
        approved=approval_of(union) is not None,
    ).text
