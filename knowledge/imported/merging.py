"""Shipped laws and imported texts → one set of versions and articles. The shipped word wins where both have it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.imported.law_text import LawText
from knowledge.statutes import Article
from knowledge.versions import LawVersion

Key = tuple[str, date]


@dataclass(frozen=True)
class Statutes:
    """Versions and their articles; every article belongs to a version that is held."""

    versions: tuple[LawVersion, ...]
    articles: tuple[Article, ...]


def merge(shipped: Statutes, imported: Sequence[LawText]) -> Statutes:
    """An imported text fills a version whose text is not shipped, or adds a version; it replaces no shipped article."""
    versions = list(shipped.versions)
    held = {(a.law, a.version_date, a.article_no) for a in shipped.articles}
    added: list[Article] = []
    for text in sorted(imported, key=lambda text: text.key):
        articles = [a for a in text.as_articles() if (a.law, a.version_date, a.article_no) not in held]
        place = place_of(text, versions)
        if place is None:
            versions.append(as_version(text))
        else:
            versions[place] = filled(versions[place], text, [article.article_no for article in articles])
        added += articles
    listed = len(shipped.versions)
    return Statutes((*versions[:listed], *_first_days(versions, listed, imported)), (*shipped.articles, *added))


def place_of(text: LawText, versions: Sequence[LawVersion]) -> int | None:
    """Where the version of the text stands: by its day, or the law's one version whose day nobody had verified."""
    of_law = [place for place, version in enumerate(versions) if version.law == text.law]
    for place in of_law:
        if versions[place].version_date == text.version_date:
            return place
    if len(of_law) == 1 and versions[of_law[0]].version_date is None and not versions[of_law[0]].held:
        return of_law[0]
    return None


def as_version(text: LawText) -> LawVersion:
    """A version that the shipped list does not know."""
    return LawVersion(
        law=text.law,
        short=(),
        kind=text.kind,
        number=text.number,
        version_date=text.version_date,
        passed_on=text.passed_on,
        effective_on=text.effective_on,
        first_effective_on=None,
        repealed_on=text.repealed_on,
        held=True,
        hold=None,
        search=None,
        part_repeals=text.part_repeals,
        source=text.source,
        note=None,
        day_known=text.day_known,
    )


def filled(version: LawVersion, text: LawText, article_nos: Iterable[str]) -> LawVersion:
    """A listed version with the text's articles. The list's dates were checked: the text's only fill its gaps.

    Of a version that is held in part, the rest can be cited from now on; what is searched of it stays as chosen.
    """
    hold = version.hold
    if version.held and hold is not None:
        hold = hold | frozenset(article_nos)
    return replace(
        version,
        held=True,
        hold=hold,
        version_date=version.version_date or text.version_date,
        day_known=version.version_date is not None or text.day_known,
        passed_on=version.passed_on or text.passed_on,
        effective_on=version.effective_on or text.effective_on,
        repealed_on=version.repealed_on or text.repealed_on,
        part_repeals=version.part_repeals or text.part_repeals,
    )


def _first_days(versions: Sequence[LawVersion], listed: int, imported: Sequence[LawText]) -> tuple[LawVersion, ...]:
    """Of those after the ``listed``: a law with one known version, which does not say that it was revised, began with
    that version."""
    revised: Mapping[Key, bool] = {text.key: text.revised for text in imported}
    known: dict[str, int] = {}
    for version in versions:
        known[version.law] = known.get(version.law, 0) + 1

    def first_day(version: LawVersion) -> LawVersion:
        key = (version.law, version.version_date or date.min)
        new = version.first_effective_on is None and known[version.law] == 1 and revised.get(key) is False
        return replace(version, first_effective_on=version.effective_on) if new else version

    return tuple(map(first_day, versions[listed:]))
