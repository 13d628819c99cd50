"""Chooses the fixed words for a finding and fills in the numbers that work here. The words stand in texts.py."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Required, TypedDict, Unpack

from handoff import texts
from handoff.screening.levels import Category, Finding, Layer, Level

_HOLE = re.compile(r"\{([^{} ]+)( hours)?\}")
_TEXT_OF: Mapping[Category, str] = {
    Category.ROOFTOP: "rooftop",
    Category.SELF_HARM: "self",
    Category.PLAN_OR_MEANS: "self",
    Category.FAREWELL: "self",
    Category.THIRD_PARTY: "workmate",
    Category.THREAT_TO_OTHERS: "threat",
    Category.IN_DANGER: "in_danger",
    Category.DESPAIR: "distress",
    Category.INSOMNIA: "distress",
    Category.BULLYING: "distress",
    Category.FORCED_LABOUR: "forced_labour",
    Category.DOMESTIC_VIOLENCE: "domestic_violence",
    Category.HAZARD: "hazard",
    Category.CHILD_LABOUR: "child_labour",
    Category.MINOR: "minor",
    Category.SEXUAL_HARASSMENT: "sexual_harassment",
    Category.DEATH_OR_INJURY: "death_or_injury",
    Category.COLLECTIVE: "collective",
    Category.PETITION: "petition",
    Category.CADRE_OR_FUNDS: "cadre_or_funds",
}

_CRISIS_TEXTS = frozenset(name for category, name in _TEXT_OF.items() if category.level is Level.CRISIS)


@dataclass(frozen=True, slots=True)
class HotlineView:
    """A hotline of this installation. `dial` is what a phone here must dial (with area code where needed)."""

    number: str
    name: str
    hours: str
    purpose: str
    dial: str


@dataclass(frozen=True, slots=True)
class FixedWords:
    """Words ready to be sent, and which text in which version they are, to be kept beside the message.

    `name` is the text's name in texts.py ("self", "waiting" …), the same on and off duty.
    """

    text: str
    version: str
    name: str


class NoFixedWords(LookupError):
    """An ordinary finding has no fixed words."""


class Here(TypedDict, total=False):
    """What holds in this union at this moment, as keyword arguments of the functions below.

    `on_duty`: somebody who may read this talk is there. `seen_at`: when it will be read at the latest, as people say
    it. `department`: who deals with it, by its plain name, "" where that is not known. `woman_on_duty`: one of those
    who are there is a woman. `approved`: professionals approved exactly these texts (`handoff.approval`).
    """

    on_duty: Required[bool]
    hotlines: Required[Sequence[HotlineView]]
    seen_at: Required[str | None]
    department: str
    woman_on_duty: bool
    approved: bool


def fixed_words(finding: Finding, *, many: bool = False, **here: Unpack[Here]) -> FixedWords:
    """The words for the most pressing category. `many`: so many people that a collective matter is urgent.

    Raises NoFixedWords for an ordinary finding.
    """
    name = _name(finding)
    return words_named(f"{name}_many" if many and name == "collective" else name, **here)


def words_named(name: str, **here: Unpack[Here]) -> FixedWords:
    """The words of this name once more. Raises KeyError for a name that is no text's."""
    words = _words(name, here)
    if name in _CRISIS_TEXTS and not here["on_duty"] and (line := _night_line(here["hotlines"])):
        return FixedWords(words.text + line, words.version, words.name)
    return words


def waiting_words(**here: Unpack[Here]) -> FixedWords:
    """For somebody who writes again before a cadre came."""
    return _words("waiting", here)


def unread_words(**here: Unpack[Here]) -> FixedWords:
    """For a voice message, picture or video that nobody has heard or seen yet."""
    return _words("unread", here)


def _name(finding: Finding) -> str:
    if finding.level is Level.ORDINARY:
        raise NoFixedWords("An ordinary finding has no fixed words.")
    if _rules_saw_an_accident(finding):
        return "death" if finding.died else "death_or_injury"
    if finding.level is Level.DISTRESS:
        return "distress"
    pressing = [category for category in finding.categories if category.level is finding.level]
    if pressing and pressing[0] is Category.ROOFTOP and Category.THIRD_PARTY in pressing:
        return "workmate"  # who writes stands below: to them «come to a safe place» would be wrong
    if pressing and pressing[0] is Category.DEATH_OR_INJURY and finding.died:
        return "death"
    if pressing:
        return _TEXT_OF[pressing[0]]
    return "self" if finding.level is Level.CRISIS else "collective"


def _rules_saw_an_accident(finding: Finding) -> bool:
    """Whether the rules saw a death or injury that only the classifier takes for distress, or for a farewell."""
    if finding.layer is not Layer.CLASSIFIER or Category.DEATH_OR_INJURY not in finding.categories:
        return False
    return finding.level is Level.DISTRESS or (finding.died and finding.categories[0] is Category.FAREWELL)


def _words(name: str, here: Here) -> FixedWords:
    holes = _holes(here)
    text = "".join(_filled(sentence, holes) for sentence in texts.TEXTS[name][0 if here["on_duty"] else 1])
    duty = "on_duty" if here["on_duty"] else "off_duty"
    state = "approved" if here.get("approved") else "draft"
    return FixedWords(text, f"{name}/{duty}/{texts.DRAFTED_ON}/{state}", name)


def _holes(here: Here) -> dict[str, str]:
    """What can be filled in here: a hole that nothing fills makes its wording give way to the next."""
    holes = {hotline.number: _dial(hotline) for hotline in here["hotlines"]}
    holes |= {f"{hotline.number} hours": _with_hours(hotline) for hotline in here["hotlines"]}
    others = {
        "seen_at": here["seen_at"],
        "department": here.get("department"),
        "woman": texts.A_WOMAN if here["on_duty"] and here.get("woman_on_duty") else "",
    }
    return holes | {name: words for name, words in others.items() if words}


def _filled(sentence: texts.Sentence, holes: Mapping[str, str]) -> str:
    """The first wording all of whose holes can be filled here; nothing when there is none."""
    for wording in (sentence,) if isinstance(sentence, str) else sentence:
        wanted = [number + hours for number, hours in _HOLE.findall(wording)]
        if all(hole in holes for hole in wanted):
            return _HOLE.sub(lambda match: holes[match[1] + (match[2] or "")], wording)
    return ""


def _dial(hotline: HotlineView) -> str:
    return hotline.dial or hotline.number


def _with_hours(hotline: HotlineView) -> str:
    shape = texts.HOURS if hotline.hours else texts.NO_HOURS
    return shape.format(dial=_dial(hotline), name=hotline.name, hours=hotline.hours)


def _night_line(hotlines: Sequence[HotlineView]) -> str:
    """A local crisis line or hospital that answers around the clock, where the installation names one."""
    for hotline in hotlines:
        local = len(hotline.number) > len("12356")
        by_night = hotline.hours.startswith(texts.NIGHT_LINE_HOURS)
        if local and by_night and any(word in hotline.purpose for word in texts.NIGHT_LINE_PURPOSES):
            return texts.NIGHT_LINE.format(number=_dial(hotline), name=hotline.name, hours=hotline.hours)
    return ""
