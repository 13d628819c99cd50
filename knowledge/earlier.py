"""What an article said at an earlier time, where that is not what it says today."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from knowledge.citations import Citation, Library
from knowledge.entries import Reference
from knowledge.imported.comparing import same_words
from knowledge.likeness import ALIKE_FROM, likeness
from knowledge.statutes import Article
from knowledge.versions import LawVersion


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date


class Then(StrEnum):
    """OTHER: the text of then reads otherwise. NO_ARTICLE: the law of then is held and says nothing like it.
    NOT_HELD: nobody here knows what it said. NO_LAW: the law had not begun."""

    OTHER = "other"
    NO_ARTICLE = "no_article"
    NOT_HELD = "not_held"
    NO_LAW = "no_law"


@dataclass(frozen=True)
class Earlier:
    """``cited``: the article as it is cited today. ``periods``: of those asked about, the ones in which it was so.
    ``since``: the day from which today's text governs; of NO_LAW, from which there is such a law. ``text``: that of
    then, with its status today; only of OTHER."""

    cited: Citation
    periods: tuple[Period, ...]
    then: Then
    since: date | None
    text: Citation | None = None


def earlier_texts(
    library: Library, citations: Iterable[Citation], periods: Sequence[Period], *, today: date
) -> tuple[Earlier, ...]:
    """In the order of the citations; nothing of an article that said the same then, in other marks or under another
    number too."""
    found = (
        _at(library, cited, day, period=period, today=today)
        for cited in citations
        for period in periods
        for day in _turning_days(library.versions(cited.law), period)
    )
    periods_of: dict[Earlier, list[Period]] = {}
    for one in found:
        if one is not None:
            periods_of.setdefault(replace(one, periods=()), []).extend(one.periods)
    return tuple(replace(one, periods=tuple(dict.fromkeys(periods))) for one, periods in periods_of.items())


def _turning_days(versions: Iterable[LawVersion], period: Period) -> Iterator[date]:
    """The first day, and each on which another version came: what governs on them governed in the period."""
    yield period.first
    starts = (version.effective_on for version in versions)
    yield from sorted(start for start in starts if start is not None and period.first < start <= period.last)


def _at(library: Library, cited: Citation, day: date, *, period: Period, today: date) -> Earlier | None:
    version, present = library.version(cited.law, on=day), library.version(cited.law, on=today)
    if version == present or present is None:
        return None
    if version is None:
        began = _began(library.versions(cited.law))
        before_all = began is not None and day < began
        then, since = (Then.NO_LAW, began) if before_all else (Then.NOT_HELD, present.effective_on)
        return Earlier(cited, (period,), then, since)
    article = _counterpart(library, cited, version)
    if article is not None and same_words(article.text, cited.text):
        return None
    text = _as_then(library, article, version, today=today) if article is not None else None
    return Earlier(cited, (period,), _then(version, article), present.effective_on, text)


def _then(version: LawVersion, article: Article | None) -> Then:
    if article is not None:
        return Then.OTHER
    # Of a version that is held in part, it may stand in the rest.
    return Then.NO_ARTICLE if version.held and version.hold is None else Then.NOT_HELD


def _as_then(library: Library, article: Article, version: LawVersion, *, today: date) -> Citation:
    return library.cite_version(Reference(article.law, article.article_no), version, on=today)


def _began(versions: Iterable[LawVersion]) -> date | None:
    starts = (version.first_effective_on for version in versions)
    return min((start for start in starts if start is not None), default=None)


def _counterpart(library: Library, cited: Citation, version: LawVersion) -> Article | None:
    """Of that version, the article that says it: the one of the same number, when today's text is held and is like it,
    or is not held at all; else the most like it. A revision gives articles other numbers."""
    same_number = library.held(Reference(cited.law, cited.article_no), version)
    if not cited.text or (same_number is not None and likeness(same_number.text, cited.text) >= ALIKE_FROM):
        return same_number
    articles = library.articles_of(version)
    best = max(articles, key=lambda article: likeness(article.text, cited.text), default=None)
    return best if best is not None and likeness(best.text, cited.text) >= ALIKE_FROM else None
