"""One version of one law as it was imported: its dates, and its articles in their order."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from knowledge.statutes import Article
from knowledge.versions import LawKind, PartRepeal


@dataclass(frozen=True)
class ImportedArticle:
    """``chapter``: the nearest heading above; ``text``: paragraphs and items separated by one newline."""

    article_no: str
    chapter: str | None
    text: str


@dataclass(frozen=True)
class LawText:
    """``version_date``: the day by which the version is known; the last of its month when ``day_known`` is false.

    ``revised``: the text says of itself that it is not the law's first version. ``status``: what the file claims; the
    status shown is worked out from dates, the claim only serves to doubt them.
    """

    law: str
    kind: LawKind
    number: str | None
    version_date: date
    day_known: bool
    passed_on: date | None
    effective_on: date | None
    repealed_on: date | None
    revised: bool
    status: str
    part_repeals: tuple[PartRepeal, ...]
    source: str
    articles: tuple[ImportedArticle, ...]

    @property
    def key(self) -> tuple[str, date]:
        return self.law, self.version_date

    def as_articles(self) -> tuple[Article, ...]:
        return tuple(
            Article(self.law, self.version_date, item.chapter, item.article_no, item.text) for item in self.articles
        )

    def as_json(self) -> bytes:
        """Canonical: the same text always gives the same bytes."""
        values = asdict(self)
        return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True, default=_plain).encode() + b"\n"

    @property
    def mark(self) -> str:
        """SHA-256 of what is kept, in hex."""
        return sha256(self.as_json()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def law_text_from(values: Mapping[str, Any]) -> LawText:
    """The opposite of ``as_json``. Raises KeyError, TypeError or ValueError for anything else."""
    days = {name: _day(values[name]) for name in ("passed_on", "effective_on", "repealed_on")}
    parts: Sequence[Mapping[str, Any]] = values["part_repeals"]
    return LawText(
        **{
            **values,
            **days,
            "kind": LawKind(values["kind"]),
            "version_date": date.fromisoformat(values["version_date"]),
            "part_repeals": tuple(
                PartRepeal(**{**part, "repealed_on": date.fromisoformat(part["repealed_on"])}) for part in parts
            ),
            "articles": tuple(ImportedArticle(**item) for item in values["articles"]),
        }
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
