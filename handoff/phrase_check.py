"""Checks a phrase that a cadre wrote before it comes into force: readable, long enough, not true of ordinary talk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import yaml

from handoff.screening.levels import Category, Level
from handoff.screening.normalise import Normaliser
from handoff.screening.phrases import Phrase, PhraseError
from handoff.screening.rules import DEFAULT_PATH, Rule, Rules
from handoff.screening.sentences import load_sentences

LONGEST = 80
SHORTEST = 2
MOST_HITS = 0.01
"""No larger part of our own ordinary sentences may a phrase find."""
_MOST_GAPS = 3
_WIDEST_GAP = 16
_MOST_REPEATS = 6
_MOST_SILENCED_SHOWN = 5
_MARKS = re.compile(r"\{[^{}]*\}|\u2026\d*|[()|?*^$]|[^(){}|?*^$\u2026]+")
_SIGNS = "{\u2026()|?*^$"
_AS_TYPED = str.maketrans("\uff08\uff09\uff5c\uff5b\uff5d\uff1f\uff0a\uff3e\uff04", "()|{}?*^$")


class PhraseRefused(Exception):
    """A phrase does not come into force."""


class PhraseEmpty(PhraseRefused):
    """Nothing is left of it in the form in which texts are searched."""


class PhraseTooLong(PhraseRefused):
    """It has more than 80 characters."""


class BracketsUnpaired(PhraseRefused):
    """A parenthesis or brace has no partner."""


class NoSuchWords(PhraseRefused):
    """It names a list of words that the rules do not have."""


class PhraseUnreadable(PhraseRefused):
    """It cannot be read for another reason."""


class PhraseTooWide(PhraseRefused):
    """Too many or too wide gaps, or too many repeats: it would cost every message time."""


class PhraseTooShort(PhraseRefused):
    """It could match fewer than two characters."""


class PhraseHits(PhraseRefused):
    """`hits` are sentences of our own collection for which it would do the wrong thing."""

    def __init__(self, hits: tuple[str, ...]) -> None:
        super().__init__(len(hits))
        self.hits = hits


class PhraseTooGeneral(PhraseHits):
    """It finds more than one in a hundred of our own ordinary sentences."""


class FindsOrdinary(PhraseHits):
    """It finds a few of our own ordinary sentences, and nobody has said that this is meant."""


class SilencesSigns(PhraseHits):
    """As an exception it would keep sentences quiet that our own collection holds for real signs."""


@dataclass(frozen=True)
class Entry:
    """A phrase for a category, or words that are no sign of it."""

    category: Category
    phrase: str
    is_exception: bool = False


@dataclass(frozen=True)
class Language:
    """What phrases may refer to: named lists of words, and how characters sound."""

    words: Mapping[str, tuple[str, ...]]
    sounds: Mapping[str, str]


@cache
def language() -> Language:
    """The lists of the shipped rules file."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(DEFAULT_PATH.read_bytes(), Loader=loader)  # noqa: S506 (a safe loader)
    return Language({name: tuple(words.split()) for name, words in data["words"].items()}, data["sounds"])


def tidied(written: str, rules: Rules) -> str:
    """The phrase in the form in which texts are searched. Raises PhraseEmpty and PhraseTooLong."""
    typed = "".join(written.split()).translate(_AS_TYPED)
    typed = re.sub(r"\u2026{2,}|\.{3,}", "\u2026", typed)
    normaliser = Normaliser(rules.disguises)
    marks = _MARKS.findall(typed)
    if "".join(marks) != typed:
        raise BracketsUnpaired(typed)
    plain = "".join(mark if mark[0] in _SIGNS else normaliser(mark).text.strip(".,") for mark in marks)
    if not plain:
        raise PhraseEmpty(written)
    if len(plain) > LONGEST:
        raise PhraseTooLong(len(plain))
    return plain


def read(phrase: str, *, spoken: bool = False) -> Phrase:
    """The phrase, ready to be looked for. Raises PhraseRefused."""
    lists = language()
    unknown = [name for name in re.findall(r"\{([^{}]*)\}", phrase) if name not in lists.words]
    if unknown:
        raise NoSuchWords(unknown[0])
    if phrase.count("(") != phrase.count(")") or phrase.count("{") != phrase.count("}"):
        raise BracketsUnpaired(phrase)
    gaps = [int(width or 0) for width in re.findall(r"\u2026(\d*)", phrase)]
    if len(gaps) > _MOST_GAPS or max(gaps, default=0) > _WIDEST_GAP or len(re.findall("[?*]", phrase)) > _MOST_REPEATS:
        raise PhraseTooWide(phrase)
    try:
        found = Phrase.read(phrase, words=lists.words, sounds=lists.sounds if spoken else None)
    except PhraseError as error:
        raise PhraseUnreadable(phrase) from error
    if sum(min(map(len, words)) for words in found.plain.needs) < SHORTEST:
        raise PhraseTooShort(phrase)
    return found


def with_entries(shipped: Rules, entries: Sequence[Entry], *, mark: str) -> Rules:
    """The shipped rules with own phrases: a rule for each category, and exceptions for the category's shipped rules."""
    exceptions = {category: _phrases(entries, category, exceptions=True) for category in Category}
    own = [own_rule(shipped, category, _phrases(entries, category, exceptions=False)) for category in Category]
    rules = [*shipped.rules, *(rule for rule in own if rule.phrases)]
    extended = [replace(rule, exceptions=rule.exceptions + exceptions[rule.category]) for rule in rules]
    return shipped.with_rules(extended, version=f"{shipped.version}+own-{mark}")


def own_rule(shipped: Rules, category: Category, phrases: tuple[Phrase, ...]) -> Rule:
    """A rule of the category's own level that keeps to the exceptions which hold for all shipped rules."""
    alike = [rule for rule in shipped.rules if rule.category is category and rule.level is category.level]
    of_crisis = [rule.softer for rule in shipped.rules if rule.level is Level.CRISIS]
    return replace(
        next((rule for rule in alike if rule.about_someone), (alike or shipped.rules)[0]),
        name=own_name(category),
        level=category.level,
        category=category,
        phrases=phrases,
        exceptions=shared_phrases([rule.exceptions for rule in shipped.rules]),
        softer=shared_phrases(of_crisis) if category.level is Level.CRISIS else (),
        about_someone=any(rule.about_someone for rule in alike),
        names_someone=False,
        alone=None,
        died=None,
    )


def own_name(category: Category) -> str:
    """What the rule of own phrases is called."""
    return f"own-{category.value}"


def check_reach(entry: Entry, *, shipped: Rules, present: Rules) -> tuple[str, ...]:
    """Which of our own ordinary sentences the entry would find (none for an exception).

    Raises PhraseTooGeneral, and SilencesSigns for an exception.
    """
    phrase = read(entry.phrase, spoken=is_spoken(entry.category))
    if entry.is_exception:
        _check_exception(entry.category, phrase, present=present)
        return ()
    alone = shipped.with_rules([own_rule(shipped, entry.category, (phrase,))])
    ordinary = [sentence.text for sentence in load_sentences() if sentence.level is Level.ORDINARY]
    hits = tuple(text for text in ordinary if alone.screen(text).level is not Level.ORDINARY)
    if len(hits) > MOST_HITS * len(ordinary):
        raise PhraseTooGeneral(hits)
    return hits


def is_spoken(category: Category) -> bool:
    """Words of life and death are also written in pinyin, to hide them."""
    return category.level is Level.CRISIS


def _check_exception(category: Category, phrase: Phrase, *, present: Rules) -> None:
    normaliser, silenced = Normaliser(present.disguises), []
    after = present.with_rules(
        replace(rule, exceptions=(*rule.exceptions, phrase)) if rule.category is category else rule
        for rule in present.rules
    )
    for sentence in load_sentences():
        if sentence.level is Level.ORDINARY or not any(phrase.spans(normaliser(sentence.text))):
            continue
        if after.screen(sentence.text).level is not present.screen(sentence.text).level:
            silenced.append(sentence.text)
        if len(silenced) == _MOST_SILENCED_SHOWN:
            break
    if silenced:
        raise SilencesSigns(tuple(silenced))


def _phrases(entries: Sequence[Entry], category: Category, *, exceptions: bool) -> tuple[Phrase, ...]:
    wanted = [one for one in entries if one.category is category and one.is_exception is exceptions]
    return tuple(read(one.phrase, spoken=is_spoken(category) and not exceptions) for one in wanted)


def shared_phrases(groups: Sequence[tuple[Phrase, ...]]) -> tuple[Phrase, ...]:
    """What stands in all of them: the general exceptions of the rules file."""
    if not groups:
        return ()
    everywhere = set.intersection(*({phrase.phrase for phrase in group} for group in groups))
    return tuple(phrase for phrase in groups[0] if phrase.phrase in everywhere)
