"""Which version of a law governs a day, and what to call an article's status. From dates alone, never from a column."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from knowledge import texts
from knowledge.versions import LawVersion


class Standing(StrEnum):
    """How one version stands on one day."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    AMENDED = "amended"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


def _day(day: date) -> str:
    return texts.DATE.format(day=day)


def successor(version: LawVersion, others: Iterable[LawVersion], *, on: date) -> LawVersion | None:
    """The version of the same law that has taken this one's place by that day."""
    later = [
        other
        for other in others
        if other.law == version.law
        and other.effective_on is not None
        and version.effective_on is not None
        and version.effective_on < other.effective_on <= on
    ]
    return max(later, key=lambda other: other.effective_on or date.min, default=None)


def standing(version: LawVersion, others: Iterable[LawVersion], *, on: date) -> Standing:
    if version.effective_on is None:
        return Standing.UNKNOWN
    if on < version.effective_on:
        return Standing.NOT_YET
    if successor(version, others, on=on):
        return Standing.AMENDED
    if version.repealed_on and version.repealed_on <= on:
        return Standing.REPEALED
    return Standing.IN_FORCE


def coming(version: LawVersion, others: Iterable[LawVersion], *, on: date) -> LawVersion | None:
    """The next version of the same law, when it is passed by that day and not in force yet."""
    passed = [
        other
        for other in others
        if other.law == version.law
        and other.passed_on is not None
        and other.effective_on is not None
        and other.passed_on <= on < other.effective_on
    ]
    return min(passed, key=lambda other: other.effective_on or date.max, default=None)


def article_ended_on(version: LawVersion, article_no: str) -> date | None:
    """The day since which the whole article is no law any more, though the rest of its law is."""
    ends = (part.repealed_on for part in version.part_repeals if part.article_no == article_no and not part.scope)
    return min(ends, default=None)


def _in_force_words(version: LawVersion, article_no: str, *, others: Sequence[LawVersion], on: date) -> str:
    ended = article_ended_on(version, article_no)
    if ended is not None and ended <= on:
        return texts.REPEALED_FROM.format(day=_day(ended))
    remarks = [
        texts.PART_REPEALED.format(scope=part.scope, day=_day(part.repealed_on))
        for part in version.part_repeals
        if part.article_no == article_no and part.scope and part.repealed_on <= on
    ]
    newer = coming(version, others, on=on)
    if newer is not None and newer.effective_on is not None:
        remarks.append(texts.NEWER_COMES.format(day=_day(newer.effective_on)))
    return texts.IN_FORCE_BUT.format(remarks=texts.JOINER.join(remarks)) if remarks else texts.IN_FORCE


def status_words(version: LawVersion, article_no: str, *, others: Sequence[LawVersion], on: date) -> str:
    """What the reader is told, 「现行有效」, 「尚未施行（自2027年1月1日起施行）」, 「已修改（…）」, 「已失效（…）」."""
    match standing(version, others, on=on):
        case Standing.IN_FORCE:
            return _in_force_words(version, article_no, others=others, on=on)
        case Standing.NOT_YET if version.effective_on:
            return texts.NOT_YET_FROM.format(day=_day(version.effective_on))
        case Standing.AMENDED:
            newer = successor(version, others, on=on)
            day = newer.effective_on if newer else None
            return texts.AMENDED_FROM.format(day=_day(day)) if day else texts.AMENDED
        case Standing.REPEALED if version.repealed_on:
            return texts.REPEALED_FROM.format(day=_day(version.repealed_on))
        case _:
            return texts.UNVERIFIED


def version_words(version: LawVersion, *, others: Sequence[LawVersion], on: date) -> str:
    """The same for a version as a whole, whatever became of single articles."""
    return status_words(replace(version, part_repeals=()), "", others=others, on=on)


def governing(versions: Sequence[LawVersion], *, on: date) -> LawVersion | None:
    """Of one law's versions, the one to show for that day; None when none reaches back so far.

    The last one that had started by then (it may have ended since); else one passed but not yet in force, if its
    law is new: of a law that is only being revised the older text is what governs, and that is not held.
    """
    by_start = sorted(versions, key=lambda version: version.effective_on or date.min)
    started = [version for version in by_start if version.effective_on is None or version.effective_on <= on]
    if started:
        return started[-1]
    coming = [version for version in by_start if version.first_effective_on and version.first_effective_on > on]
    passed = [version for version in coming if version.passed_on and version.passed_on <= on]
    return passed[0] if passed else None
