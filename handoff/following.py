"""What of the dialogue may follow the fixed words for what screening has noticed."""

from __future__ import annotations

import re
from enum import Flag, auto
from typing import Final

from handoff.desk_texts import DESK
from handoff.screening.levels import Category, Finding, Layer, Level

# Of these, what the other side refuses is a question too, although nothing is asked.
_DISPUTED: Final = frozenset({Category.DEATH_OR_INJURY, Category.HAZARD, Category.CHILD_LABOUR, Category.COLLECTIVE})
# Whoever only tells of one of these is to be heard, not taught.
_HEARD_FIRST: Final = frozenset({Category.SEXUAL_HARASSMENT, Category.DOMESTIC_VIOLENCE})
_SHORT_OF_DESPAIR: Final = frozenset({Category.INSOMNIA, Category.BULLYING})
_ASKING_FORM: Final = re.compile(DESK["asking_form"])


class Following(Flag):
    """Kinds of words of the dialogue that may stand behind the fixed ones."""

    NOTHING = 0
    SURE_ANSWER = auto()
    NEAREST_ANSWER = auto()
    """What comes nearest, said to be so."""
    OFFER = auto()
    """What may be meant, as questions to press, where it is certainly a matter of this desk."""
    NONE_TO_GIVE = auto()
    """That there is no answer; an offer also where it may be no matter of this desk."""
    ALL = SURE_ANSWER | NEAREST_ANSWER | OFFER | NONE_TO_GIVE


def following(level: Level, finding: Finding, text: str) -> Following:
    """What may follow the words. `level`: the message's, above ordinary.

    In danger, and where a rule hears despair, nothing: the desk falls silent. The classifier errs more: where it alone
    hears something, most have a matter of work that waits for its answer, and one that is sure may be given unasked.
    Whoever cannot sleep for the matter asks about the matter. But nobody in distress is told that there is no answer.
    """
    alone = finding.level is level and finding.layer is Layer.CLASSIFIER
    asked = asks_something(text) or _is_refused_something(finding, text)
    if level is Level.SENSITIVE and asked:
        return Following.ALL
    if level is Level.SENSITIVE:
        heard_first = finding.died or not _HEARD_FIRST.isdisjoint(finding.categories)
        return Following.NOTHING if heard_first and not alone else Following.SURE_ANSWER | Following.OFFER
    if level is Level.DISTRESS and asked and (alone or _is_short_of_despair(finding)):
        return Following.ALL ^ Following.NONE_TO_GIVE
    return Following.SURE_ANSWER if level is Level.DISTRESS and alone else Following.NOTHING


def _is_short_of_despair(finding: Finding) -> bool:
    """Whether all the distress in it is that somebody cannot sleep or is bullied."""
    heard = {category for category in finding.categories if category.level is Level.DISTRESS}
    return finding.level is Level.DISTRESS and bool(heard) and heard <= _SHORT_OF_DESPAIR


def following_what_was_put_off(level: Level, text: str) -> Following:
    """Of a message whose answer was put off: that something may follow was decided then, by more than the rules."""
    if not asks_something(text):
        return Following.SURE_ANSWER
    return Following.ALL if level is Level.SENSITIVE else Following.ALL ^ Following.NONE_TO_GIVE


def asks_something(text: str) -> bool:
    """Whether a text asks for an answer, and does not only tell what happened."""
    return _has_one_of(text, DESK["asking"]) or _ASKING_FORM.search(text) is not None


def _is_refused_something(finding: Finding, text: str) -> bool:
    return not _DISPUTED.isdisjoint(finding.categories) and _has_one_of(text, DESK["disputing"])


def _has_one_of(text: str, words: str) -> bool:
    return any(word in text for word in words.split("|"))
