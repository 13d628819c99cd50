"""The two layers together: the more serious of what they find, and why."""

from __future__ import annotations

import re

from handoff.screening.classifier import Classifier
from handoff.screening.levels import Finding, Layer, Level, in_order
from handoff.screening.rules import Read, Rules

_CHINESE = re.compile("[\u3400-\u9fff]")


class Screener:
    """Screens a text by rules and, where there is one, by the classifier."""

    def __init__(self, rules: Rules, classifier: Classifier | None = None) -> None:
        self.rules = rules
        self.classifier = classifier

    @property
    def version(self) -> str:
        """Names the version of every layer, to be kept beside each finding."""
        return self.rules.version if self.classifier is None else f"{self.rules.version}+{self.classifier.version}"

    def screen(self, text: str) -> Finding:
        """What both layers find. A text without a letter or digit in it is ordinary."""
        read = self.rules.read(text)
        if self.classifier is None:
            return read.whole  # nobody is there to disagree
        if not any(char.isalnum() for char in text):
            return read.alone
        by_classifier = self.classifier.screen(text, read.whole.level)
        if by_classifier.level is not Level.CRISIS and _CHINESE.search(text) is None:
            return read.alone  # it has learned from Chinese alone: of other writing only what it calls a crisis counts
        return self.combine(read, by_classifier)

    def combine(self, read: Read, by_classifier: Finding) -> Finding:
        """The more serious level; what the rules saw of a lesser level is named too.

        `by_classifier` has weighed what the rules saw. Words that need its agreement count where it gives their level.
        The layer is CLASSIFIER where the classifier alone gives the level, whatever less the rules saw, and BOTH only
        where both give that very level.
        """
        agreed = by_classifier.level.seriousness >= read.whole.level.seriousness
        by_rules = read.whole if agreed else read.alone
        seen = [finding for finding in (by_rules, by_classifier) if finding.level is not Level.ORDINARY] or [by_rules]
        first = max(seen, key=lambda finding: finding.level.seriousness)
        named = set(by_rules.categories)
        if first is by_classifier:  # its guess of a category only where the rules have no more to say at that level
            named |= set(by_classifier.categories)
        return Finding(
            level=first.level,
            categories=in_order(named),
            score=by_classifier.score,
            triggers=tuple(dict.fromkeys(piece for finding in seen for piece in finding.triggers)),
            layer=Layer.BOTH if by_rules.level is by_classifier.level is not Level.ORDINARY else first.layer,
            version=self.version,
            died=by_rules.died,
            rules=read.whole.rules,
            weight=by_classifier.weight,
        )
