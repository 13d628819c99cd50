"""What screening says about a text: a level, categories, and what it saw."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How pressing a text is. Declared from the most to the least serious; `seriousness` gives the order."""

    CRISIS = "crisis"
    """A life may be in danger: fixed words, a case at the head, an alarm."""
    DISTRESS = "distress"
    """A person suffers, without a plan: a human is offered, the bot steps back."""
    SENSITIVE = "sensitive"
    """A human reads and answers it: harassment, violence, death, hazard, child labour, collective matters …"""
    ORDINARY = "ordinary"
    """The bot may answer."""

    @property
    def seriousness(self) -> int:
        """3 for crisis … 0 for ordinary."""
        return _ORDER[self]


_ORDER = {Level.CRISIS: 3, Level.DISTRESS: 2, Level.SENSITIVE: 1, Level.ORDINARY: 0}


class Category(StrEnum):
    """Why a text is pressing. Declared in the order in which they are attended to."""

    ROOFTOP = "rooftop"
    SELF_HARM = "self_harm"
    PLAN_OR_MEANS = "plan_or_means"
    FAREWELL = "farewell"
    THIRD_PARTY = "third_party"
    THREAT_TO_OTHERS = "threat_to_others"
    IN_DANGER = "in_danger"
    """The worker is being attacked or threatened with violence at this moment."""
    DESPAIR = "despair"
    INSOMNIA = "insomnia"
    BULLYING = "bullying"
    FORCED_LABOUR = "forced_labour"
    DOMESTIC_VIOLENCE = "domestic_violence"
    HAZARD = "hazard"
    CHILD_LABOUR = "child_labour"
    MINOR = "minor"
    SEXUAL_HARASSMENT = "sexual_harassment"
    DEATH_OR_INJURY = "death_or_injury"
    COLLECTIVE = "collective"
    PETITION = "petition"
    CADRE_OR_FUNDS = "cadre_or_funds"

    @property
    def level(self) -> Level:
        """The level that a text of this category has unless something softens it."""
        return _LEVEL_OF[self]


_CRISIS = (
    Category.ROOFTOP,
    Category.SELF_HARM,
    Category.PLAN_OR_MEANS,
    Category.FAREWELL,
    Category.THIRD_PARTY,
    Category.THREAT_TO_OTHERS,
    Category.IN_DANGER,
)
_DISTRESS = (Category.DESPAIR, Category.INSOMNIA, Category.BULLYING)
_LEVEL_OF = {
    category: Level.CRISIS if category in _CRISIS else Level.DISTRESS if category in _DISTRESS else Level.SENSITIVE
    for category in Category
}
_PLACE = {category: place for place, category in enumerate(Category)}


class Layer(StrEnum):
    """Which part of screening vouches for the level."""

    RULES = "rules"
    CLASSIFIER = "classifier"
    """The classifier alone: the rules saw something lesser, or nothing. It errs more often than they do."""
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Finding:
    """What screening found in one text.

    `score` is how strongly the text speaks of *crisis*, 0..1, at every level, so that a curve can be drawn over it.
    `triggers` are pieces of the text as it was written, for the cadre's screen; never for a log.
    `died` tells that somebody has died, so that words about saving a life would hurt.
    `rules` names the rules that saw something, for measuring. `weight` is for adding up a day of weak
    signs: the share of usual ordinary messages that speak less of crisis or distress, 0..1; 0 without the classifier.
    """

    level: Level
    categories: tuple[Category, ...]
    score: float
    triggers: tuple[str, ...]
    layer: Layer
    version: str
    died: bool = False
    rules: tuple[str, ...] = ()
    weight: float = 0.0

    def __post_init__(self) -> None:
        """Raise ValueError for a score or weight outside 0..1, or an ordinary finding that names a category."""
        if not 0.0 <= self.score <= 1.0 or not 0.0 <= self.weight <= 1.0:
            raise ValueError(f"Score and weight lie between 0 and 1, not {self.score} and {self.weight}.")
        if self.level is Level.ORDINARY and self.categories:
            raise ValueError("An ordinary finding names no category.")


def in_order(categories: set[Category]) -> tuple[Category, ...]:
    """The categories in the order in which they are attended to."""
    return tuple(sorted(categories, key=_PLACE.__getitem__))
