"""From an article's name to what the reader is shown: word for word when the text is held, else a reference."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge import texts
from knowledge.entries import Reference
from knowledge.errors import ArticleNotFound
from knowledge.likeness import alike
from knowledge.numerals import article_int
from knowledge.status import Standing, article_ended_on, governing, standing, status_words
from knowledge.statutes import Article
from knowledge.versions import LawVersion


class CitationKind(StrEnum):
    VERBATIM = "verbatim"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Citation:
    """``text``: the whole article, letter for letter, empty for a reference; ``version_date`` None: not verified."""

    law: str
    article_no: str
    article: int
    version_date: date | None
    text: str
    status: str
    kind: CitationKind


class Library:
    """Every version and every held article, and which of them governs a day."""

    def __init__(self, versions: Sequence[LawVersion], articles: Iterable[Article]) -> None:
        self._articles = {(a.law, a.article_no, a.version_date): a for a in articles}
        self._versions: dict[str, list[LawVersion]] = {}
        for version in versions:
            self._versions.setdefault(version.law, []).append(version)

    def knows(self, law: str) -> bool:
        return law in self._versions

    def version(self, law: str, *, on: date) -> LawVersion | None:
        return governing(self._versions.get(law, ()), on=on)

    def versions(self, law: str) -> Sequence[LawVersion]:
        """In the order of their list."""
        return self._versions.get(law, ())

    def articles_of(self, version: LawVersion) -> Iterator[Article]:
        """All that is held of one version."""
        of = (version.law, version.version_date)
        return (article for article in self._articles.values() if (article.law, article.version_date) == of)

    def held(self, reference: Reference, version: LawVersion | None) -> Article | None:
        if version is None or version.version_date is None:
            return None
        return self._articles.get((reference.law, reference.article_no, version.version_date))

    def says_alike(self, reference: Reference, version_date: date, *, on: date) -> bool:
        """Whether the article says on that day what it says in that version; true also where no text of the day is
        held, for then nothing contradicts."""
        version = self.version(reference.law, on=on)
        if version is None or not version.held or version.version_date == version_date:
            return True
        then = self.held(reference, version)
        text = self._articles.get((reference.law, reference.article_no, version_date))
        return then is not None and text is not None and alike(text.text, then.text)

    def cite(self, reference: Reference, *, on: date) -> Citation:
        """How the article reads on that day; says so when the text of that day is not held."""
        number = article_int(reference.article_no)
        version = self.version(reference.law, on=on)
        if version is None:
            kind, status = CitationKind.REFERENCE, texts.NO_TEXT_THEN
            return Citation(reference.law, reference.article_no, number, None, "", status, kind)
        return self.cite_version(reference, version, on=on)

    def cite_version(self, reference: Reference, version: LawVersion, *, on: date) -> Citation:
        """How the article reads in that version, with its status on that day."""
        article = self.held(reference, version)
        return Citation(
            law=reference.law,
            article_no=reference.article_no,
            article=article_int(reference.article_no),
            version_date=version.version_date if version.day_known else None,
            text=article.text if article else "",
            status=status_words(version, reference.article_no, others=self._versions[reference.law], on=on),
            kind=CitationKind.VERBATIM if article else CitationKind.REFERENCE,
        )

    def in_force(self, reference: Reference, *, on: date) -> bool:
        """False too for what had no known text on that day."""
        version = self.version(reference.law, on=on)
        if version is None:
            return False
        ended = article_ended_on(version, reference.article_no)
        if ended is not None and ended <= on:
            return False
        others = self._versions[reference.law]
        return standing(version, others, on=on) in {Standing.IN_FORCE, Standing.UNKNOWN}

    def article(self, law: str, article_no: str, *, on: date) -> Article:
        """The article as of that day. Raises ArticleNotFound."""
        article = self.held(Reference(law, article_no), self.version(law, on=on))
        if article is None:
            day = texts.DATE.format(day=on)
            raise ArticleNotFound(texts.ARTICLE_NOT_FOUND.format(law=law, article_no=article_no, day=day))
        return article

    def full_name(self, law: str) -> str | None:
        """The official name of a law that is called so, in full or in short."""
        if law in self._versions:
            return law
        names = (
            name for name, versions in self._versions.items() for one in versions if law in {*one.short, one.brief}
        )
        return next(names, None)

    def brief(self, law: str) -> str:
        """The short name that people use."""
        versions = self._versions.get(law)
        return versions[-1].brief if versions else law


def by_reference(citations: Iterable[Citation]) -> Mapping[Reference, Citation]:
    """Each article once, in the order in which it first stood."""
    first: dict[Reference, Citation] = {}
    for citation in citations:
        first.setdefault(Reference(citation.law, citation.article_no), citation)
    return first
