"""Lines of an official text → its title, its dates and its articles, under their parts, chapters and sections.

What the text says of itself wins over nothing but guesses: settings that an operator wrote above it come first.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from knowledge.imported.articles_in_text import Body, read_body
from knowledge.imported.dates_in_text import named_days, passed_days, starts
from knowledge.imported.law_text import LawText
from knowledge.imported.refusals import UnreadableFile
from knowledge.imported.settings_above import Settings, read_settings
from knowledge.imported.texts import (
    CONTENTS_LINE,
    KINDS_BY_TITLE,
    LETTERHEAD_ENDS,
    NOT_IN_KEYS,
    NUMBER_LINE,
    ON_PUBLICATION,
    PREAMBLE_START,
    REVISED_WORDS,
    TITLE_ENDS,
)
from knowledge.versions import LawKind

_CONTENTS = re.compile(CONTENTS_LINE)
_NUMBER = re.compile(NUMBER_LINE)
_TITLE_ENDS = re.compile(TITLE_ENDS)
_ON_PUBLICATION = re.compile(ON_PUBLICATION)
MOST_TITLE_LINES: Final = 3
LONGEST_TITLE: Final = 100
_SENTENCE_MARKS: Final = frozenset("\u3002\uff1b\uff1a:;!?\uff01\uff1f")


@dataclass(frozen=True)
class _Head:
    """What stands above the first article: the title, the preamble, a document's number."""

    title: str
    preamble: str
    number: str | None


def read_outline(lines: Sequence[str], *, name: str, numbered: bool = False) -> LawText:
    """Raises UnreadableFile when there is no title, no article, or no day by which to know the version."""
    settings, rest = read_settings(lines, name=name)
    body = read_body(rest)
    if not body.articles:
        raise UnreadableFile("numbered" if numbered else "no_articles", name=name)
    head = _head(rest[: body.starts_at])
    title = (settings.law or head.title).strip()
    if not title or len(title) > LONGEST_TITLE or any(mark in title for mark in NOT_IN_KEYS):
        raise UnreadableFile("no_title", name=name)
    return _with_settings(_text(title, head, body, name=name, settings=settings), settings)


def _text(title: str, head: _Head, body: Body, *, name: str, settings: Settings) -> LawText:
    passed = passed_days(head.preamble)
    signed = [named.day for named in named_days(body.signature)]
    version_date = settings.version_date or settings.passed_on or max((*passed, *signed), default=None)
    if version_date is None:
        raise UnreadableFile("no_date", name=name, law=title)
    revised = any(word in head.preamble for word in REVISED_WORDS)
    return LawText(
        law=title,
        kind=_kind(title),
        number=head.number,
        version_date=version_date,
        day_known=True,
        passed_on=max((*passed, *signed), default=version_date),
        effective_on=_effective(head, body, version_date=version_date, revised=revised),
        repealed_on=None,
        revised=revised,
        status="",
        part_repeals=(),
        source=name,
        articles=body.articles,
    )


def _effective(head: _Head, body: Body, *, version_date: date, revised: bool) -> date | None:
    """The day from which this version holds, when the text says it.

    The last article of a revised law often still names the first version's day: one before the version's own is it.
    """
    texts = [head.preamble, *(article.text for article in reversed(body.articles[-6:]))]
    for text in texts:
        for day in starts(text):
            if day >= version_date:
                return day
    on_publication = any(_ON_PUBLICATION.search(text) for text in texts)
    return version_date if on_publication and not revised else None


def _with_settings(text: LawText, settings: Settings) -> LawText:
    return replace(
        text,
        kind=settings.kind or text.kind,
        number=settings.number or text.number,
        passed_on=settings.passed_on or text.passed_on,
        effective_on=settings.effective_on or text.effective_on,
        repealed_on=settings.repealed_on,
        source=settings.source or text.source,
        part_repeals=settings.part_repeals,
    )


def _kind(title: str) -> LawKind:
    for pattern, kind in KINDS_BY_TITLE:
        if re.fullmatch(pattern, title):
            return LawKind(kind)
    return LawKind.DOCUMENT


def _head(lines: Sequence[str]) -> _Head:
    numbers = [line for line in lines if _NUMBER.fullmatch(line)]
    candidates = [line for line in lines if line not in numbers and not line.endswith(LETTERHEAD_ENDS)]
    title = _title(candidates)
    return _Head(title, "\n".join(lines), numbers[0] if numbers else None)


def _title(lines: Iterable[str]) -> str:
    """The first lines, as many as it takes: a long name is set in two or three."""
    parts: list[str] = []
    for line in lines:
        if line.startswith(PREAMBLE_START) or _CONTENTS.fullmatch(line) or _SENTENCE_MARKS & set(line):
            break
        parts.append(re.sub(r"\s+", "", line))
        if _TITLE_ENDS.fullmatch("".join(parts)) or len(parts) == MOST_TITLE_LINES:
            break
    return "".join(parts)
