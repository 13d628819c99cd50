"""What is searched: one passage per article, per wording, per answer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge import texts
from knowledge.statutes import Article
from knowledge.versions import LawVersion

LONGEST_ENCODED: Final = 450
_CHAPTER_NUMBER = re.compile(texts.HEADING_NUMBER_PATTERN)


class PassageKind(StrEnum):
    WORDING = "wording"
    ANSWER = "answer"
    ARTICLE = "article"


@dataclass(frozen=True)
class Passage:
    """``owner`` is an entry's id, or an article's key (see ``article_key``)."""

    kind: PassageKind
    owner: str
    text: str


def article_key(article: Article) -> str:
    """Law, article number and version: the integer alone would mix up 「之一」."""
    return f"{article.law}|{article.article_no}|{article.version_date.isoformat()}"


def latest_keys(keys: Iterable[str]) -> dict[tuple[str, str], str]:
    """(law, article number) → key of its latest text."""
    by_age = sorted((key.split("|") for key in keys), key=lambda parts: parts[2])
    return {(law, article_no): "|".join((law, article_no, day)) for law, article_no, day in by_age}


def article_passage(version: LawVersion, article: Article) -> Passage:
    """The whole article under its law's short name and chapter, so that it is found by what it is about."""
    chapter = _CHAPTER_NUMBER.sub("", article.chapter or "").strip()
    heading = f"{version.brief} {chapter}".strip()
    return Passage(PassageKind.ARTICLE, article_key(article), f"{heading}\n{article.text}")
