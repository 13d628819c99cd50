"""The rules layer: phrases in a file that a cadre can read and extend. No encoder, milliseconds, linear time.

A match counts unless an exception of its rule (or a general one) covers its later half, where its telling word stands;
a `softer` phrase there lowers it to distress. Both work on that one match: a second, real sign in the same text stands.

Explicit words stand alone: they are acted on while a message is stored. A rule of words that are also said lightly has
`alone`, the lesser level that it gives until the classifier, weighing both, agrees.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import yaml

from handoff.screening.levels import Category, Finding, Layer, Level, in_order
from handoff.screening.normalise import PAUSE, STOP, Normalised, Normaliser
from handoff.screening.phrase_index import PhraseIndex
from handoff.screening.phrases import Phrase, PhraseError

DEFAULT_PATH = Path(__file__).parent / "data" / "rules.yml"
_SCORES = {Level.CRISIS: 0.95, Level.DISTRESS: 0.4, Level.SENSITIVE: 0.1, Level.ORDINARY: 0.0}
_LOOK_BACK = 24
_MOST_TRIGGERS = 6
_LONGEST_TRIGGER = 40


class RulesError(ValueError):
    """The rules file cannot be read."""


@dataclass(frozen=True)
class Rule:
    """One rule: what it is called, what it means, and the phrases that speak for, against and more softly."""

    name: str
    level: Level
    category: Category
    phrases: tuple[Phrase, ...]
    exceptions: tuple[Phrase, ...]
    softer: tuple[Phrase, ...]
    about_someone: bool
    """Whether the sign may be about another person, so that the words for a workmate are due."""
    names_someone: bool
    """Whether that person may stand inside the phrase, rather than before it."""
    alone: Level | None
    """What it gives by itself where its words need the classifier's agreement; None where they do not."""
    died: bool | None
    """True where the sign says that somebody has died, False where it says that somebody can still be saved."""


@dataclass(frozen=True)
class _Sign:
    rule: str
    level: Level
    categories: frozenset[Category]
    span: tuple[int, int]
    died: bool | None = None
    alone: Level | None = None

    def by_itself(self) -> _Sign:
        """The sign without the classifier's agreement."""
        if self.alone is None or self.alone.seriousness >= self.level.seriousness:
            return self
        kept = frozenset({Category.DESPAIR}) if self.alone is Level.DISTRESS else frozenset[Category]()
        return replace(self, level=self.alone, categories=kept)


@dataclass(frozen=True)
class Read:
    """What the rules find: `alone` is what they answer for by themselves, `whole` with what needs agreement."""

    alone: Finding
    whole: Finding


class _Cover:
    """Answers whether a match of some phrases covers a span's later half; looks for them only when first asked."""

    def __init__(self, phrases: Iterable[Phrase], text: Normalised) -> None:
        self._phrases, self._text = phrases, text
        self._starts: list[int] | None = None
        self._reach: list[int] = []

    def covers(self, span: tuple[int, int]) -> bool:
        if self._starts is None:
            self._find()
        place = bisect_right(self._starts or [], (span[0] + span[1]) // 2)
        return place > 0 and self._reach[place - 1] >= span[1]

    def _find(self) -> None:
        found = sorted(span for phrase in self._phrases for span in phrase.spans(self._text))
        self._starts, furthest = [start for start, _ in found], 0
        for _, end in found:
            furthest = max(furthest, end)
            self._reach.append(furthest)


class _Who:
    """Tells from the words before a sign whether it is about the writer or about somebody else."""

    def __init__(self, me: Sequence[str], others: Sequence[str], told: Sequence[str]) -> None:
        kinds = {"told": told, "other": others, "me": me}
        groups = (f"(?P<{kind}>{_any_of(words)})" for kind, words in kinds.items())
        self._pattern = re.compile("|".join(groups))

    def categories(self, text: str, until: int, category: Category) -> frozenset[Category]:
        """The nearest person before the sign decides; beyond a pause it is left open and both are named."""
        before = text[max(0, until - _LOOK_BACK) : until].rsplit(".", 1)[-1]
        found = [(match.lastgroup, match.end()) for match in self._pattern.finditer(before)]
        people = [(kind, end) for kind, end in found if kind != "told"]
        if not people or people[-1][0] == "me":
            return frozenset({category})
        if "," not in before[people[-1][1] :] or found[-1][0] == "told":
            return frozenset({Category.THIRD_PARTY})
        return frozenset({category, Category.THIRD_PARTY})


def _any_of(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


class Rules:
    """The rules of one file."""

    def __init__(self, rules: Sequence[Rule], *, normaliser: Normaliser, who: _Who, version: str) -> None:
        self.rules = tuple(rules)
        self.version = version
        self.disguises = normaliser.disguises
        self._normalise = normaliser
        self._who = who
        self._index = PhraseIndex([rule.phrases for rule in self.rules])

    def with_rules(self, rules: Iterable[Rule], *, version: str | None = None) -> Rules:
        """Others that read a text in the same way."""
        return Rules(tuple(rules), normaliser=self._normalise, who=self._who, version=version or self.version)

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> Rules:
        """Read a rules file. Raises RulesError with the rule's name and what is wrong."""
        try:
            body = path.read_bytes()
            data = yaml.load(body, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (a safe loader)
            return _Loader(data).rules(hashlib.sha256(body).hexdigest()[:8])
        except (OSError, yaml.YAMLError, PhraseError, KeyError, TypeError, AttributeError, ValueError) as error:
            raise RulesError(f"{path.name}: {error}") from error

    def screen(self, text: str) -> Finding:
        """What the rules answer for by themselves, anywhere in the text, however long it is."""
        return self.read(text).alone

    def read(self, text: str) -> Read:
        """What the rules find by themselves, and what they would with the classifier's agreement."""
        normal = self._normalise(text)
        found = self._index.of(normal)
        signs = [sign for number, phrases in found for sign in self._signs(self.rules[number], phrases, normal)]
        alone = [sign.by_itself() for sign in signs]
        return Read(self._finding(normal, alone), self._finding(normal, signs))

    def _finding(self, text: Normalised, signs: Sequence[_Sign]) -> Finding:
        signs = [sign for sign in signs if sign.level is not Level.ORDINARY]
        signs.sort(key=lambda sign: (-sign.level.seriousness, sign.span))
        level = signs[0].level if signs else Level.ORDINARY
        pieces = (text.original(*sign.span)[:_LONGEST_TRIGGER] for sign in signs)
        return Finding(
            level=level,
            categories=in_order({category for sign in signs for category in sign.categories}),
            score=_SCORES[level],
            triggers=tuple(dict.fromkeys(pieces))[:_MOST_TRIGGERS],
            layer=Layer.RULES,
            version=self.version,
            died={True} == {sign.died for sign in signs if sign.died is not None},
            rules=tuple(dict.fromkeys(sign.rule for sign in signs)),
        )

    def _signs(self, rule: Rule, phrases: Iterable[Phrase], text: Normalised) -> Iterable[_Sign]:
        """One sign for each phrase and each way in which it is meant: more of the same tell a cadre nothing."""
        silent, soft = _Cover(rule.exceptions, text), _Cover(rule.softer, text)
        seen: set[tuple[Level, frozenset[Category]]] = set()
        for phrase in phrases:
            for span in phrase.spans(text):
                if silent.covers(span):
                    continue
                sign = self._sign(rule, text, span, softened=soft.covers(span))
                if (kind := (sign.level, sign.categories)) not in seen:
                    seen.add(kind)
                    yield sign

    def _sign(self, rule: Rule, text: Normalised, span: tuple[int, int], *, softened: bool) -> _Sign:
        if softened:
            return _Sign(rule.name, Level.DISTRESS, frozenset({Category.DESPAIR}), span, alone=rule.alone)
        categories = frozenset({rule.category})
        if rule.about_someone:
            until = span[1] if rule.names_someone else span[0]
            categories = self._who.categories(text.text, until, rule.category)
        return _Sign(rule.name, rule.level, categories, span, rule.died, rule.alone)


class _Loader:
    """Turns the file's data into rules."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        whole = _split(data["unbroken"])
        parted = {f"{word[0]}{mark}{word[1]}": word for word in whole for mark in (STOP, PAUSE, *ascii_lowercase)}
        self._normaliser = Normaliser(parted | data["disguises"])
        self._sounds: dict[str, str] = data["sounds"]
        self._words = {name: _split(words) for name, words in data["words"].items()}
        self._general = {
            key: self._phrases("general", body.get(key), spoken=False)
            for body in [data.get("general", {})]
            for key in ("exceptions", "softer")
        }

    def rules(self, digest: str) -> Rules:
        who = _Who(*(_split(self._data["who"][key]) for key in ("me", "others", "told")))
        rules = [self._rule(name, body) for name, body in self._data["rules"].items()]
        version = f"rules-{self._data['version']}-{digest}"
        return Rules(rules, normaliser=self._normaliser, who=who, version=version)

    def _rule(self, name: str, body: Mapping[str, Any]) -> Rule:
        category = Category(body["category"])
        level = Level(body.get("level", category.level))
        crisis = level is Level.CRISIS
        exceptions = self._phrases(name, body.get("exceptions"), spoken=False)
        softer = self._phrases(name, body.get("softer"), spoken=False)
        return Rule(
            name=name,
            level=level,
            category=category,
            phrases=self._phrases(name, body["phrases"], spoken=bool(body.get("spoken"))),
            exceptions=exceptions + self._general["exceptions"],
            softer=softer + (self._general["softer"] if crisis else ()),
            about_someone=bool(body.get("about_someone")),
            names_someone=body.get("about_someone") == "within",
            alone=Level(body["alone"]) if "alone" in body else None,
            died=body.get("died"),
        )

    def _phrases(self, name: str, block: str | None, *, spoken: bool) -> tuple[Phrase, ...]:
        sounds = self._sounds if spoken else None
        try:
            return tuple(Phrase.read(one, words=self._words, sounds=sounds) for one in _split(block or ""))
        except PhraseError as error:
            raise RulesError(f"rule {name}: {error}") from error


def _split(block: str) -> list[str]:
    return block.split()
