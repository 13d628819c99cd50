"""Lines → articles in order: 「第一条」 under parts, chapters and sections; else 「一、」; else plain paragraphs.

A line that begins like an article is one only when its number is higher than the last: 「第三十条第二款」 may begin
a paragraph too.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.cleaning import clean
from knowledge.imported.law_text import ImportedArticle
from knowledge.imported.texts import (
    ANNEX_LINE,
    ARTICLE_LINE,
    HEADING_LEVELS,
    HEADING_LINE,
    ITEM_LINE,
    REFERENCE,
    SUPPLEMENTARY,
)
from knowledge.numerals import article_order
from knowledge.texts import ITEM, PARAGRAPH, SENTENCE_ENDS

_HEADING = re.compile(HEADING_LINE)
_SUPPLEMENTARY = re.compile(SUPPLEMENTARY)
_ARTICLE = re.compile(ARTICLE_LINE)
_REFERENCE = re.compile(REFERENCE)
_ITEM = re.compile(ITEM_LINE)
_ANNEX = re.compile(ANNEX_LINE)
_DAY_ALONE = re.compile(
    r"[^\u3002\uff0c\uff1b]{0,12}\u5e74[^\u3002\uff0c\uff1b]{1,6}\u6708[^\u3002\uff0c\uff1b]{1,4}\u65e5"
)
_LONGEST_SIGNATURE: Final = 40
_MOST_SIGNATURES: Final = 8
MOST_PARAGRAPHS: Final = 40
_FULL_WIDTH: Final = str.maketrans("\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19", "0123456789")


@dataclass(frozen=True)
class Body:
    """``starts_at``: the line of the first article; ``signature``: who signed when, below the last one."""

    articles: tuple[ImportedArticle, ...]
    starts_at: int
    signature: str


@dataclass(frozen=True)
class _Start:
    """A line with which an article begins: where, under which number, and the words that follow it on that line."""

    place: int
    article_no: str
    words: str


def read_body(lines: Sequence[str]) -> Body:
    """Without any article when the lines are not the text of a rule."""
    for find in (_article_starts, _item_starts):
        starts = list(find(lines))
        if starts and article_order(starts[0].article_no) == (1, 0):
            return _body(lines, starts)
    return _paragraphs(lines)


def _article_starts(lines: Sequence[str]) -> Iterator[_Start]:
    """Numbers only grow; one without a space after it may be a reference. A gap is told by who shows the plan."""
    last = (0, 0)
    for place, line in enumerate(lines):
        match = _ARTICLE.fullmatch(line)
        if match is None:
            continue
        order = article_order(match[1])
        if order > last and (match[2] or not _REFERENCE.match(match[3])):
            last = order
            yield _Start(place, match[1], match[3])


def _item_starts(lines: Sequence[str]) -> Iterator[_Start]:
    last = 0
    for place, line in enumerate(lines):
        match = _ITEM.fullmatch(line)
        if match and article_order(ITEM.format(number=match[1]))[0] == last + 1:
            last += 1
            yield _Start(place, ITEM.format(number=match[1]), match[2])


def _body(lines: Sequence[str], starts: Sequence[_Start]) -> Body:
    annexes = list(_annex_starts(lines, starts[-1].place + 1))
    chapters = _chapters(lines)
    last = annexes[0].place if annexes else len(lines)
    articles, signature = [], list[str]()
    for start, end in _spans(starts, last):
        own = [start.words, *(line for line in lines[start.place + 1 : end] if not _is_heading(line))]
        if end == last:
            signature = _unsigned(own)
        articles.append(_article(start.article_no, chapters(start.place), own))
    for annex, end in _spans(annexes, len(lines)):
        articles.append(_article(annex.article_no, annex.words or None, lines[annex.place : end]))
    return Body(tuple(a for a in articles if a.text), starts[0].place, "\n".join(signature))


def _spans(starts: Sequence[_Start], end: int) -> Iterator[tuple[_Start, int]]:
    """Each start with the line before which its article ends."""
    ends = [*(start.place for start in starts[1:]), end]
    return zip(starts, ends, strict=False)


def _article(article_no: str, chapter: str | None, lines: Sequence[str]) -> ImportedArticle:
    return ImportedArticle(article_no, chapter, clean("\n".join(lines)))


def _annex_starts(lines: Sequence[str], begin: int) -> Iterator[_Start]:
    """Annexes below the last article; each number once."""
    seen: set[str] = set()
    for place, line in enumerate(lines[begin:], begin):
        match = _ANNEX.fullmatch(line)
        if match is None or _SUPPLEMENTARY.fullmatch(line):
            continue
        number = match[1] + (match[2] or "").translate(_FULL_WIDTH)
        if number not in seen:
            seen.add(number)
            yield _Start(place, number, (match[3] or match[4] or "").strip())


def _is_heading(line: str) -> bool:
    return bool(_SUPPLEMENTARY.fullmatch(line)) or (
        _HEADING.fullmatch(line) is not None and not line.endswith(SENTENCE_ENDS)
    )


def _chapters(lines: Sequence[str]) -> Callable[[int], str | None]:
    """The nearest heading above a line: its section, else its chapter, else its part. Contents are overwritten."""
    above: list[str | None] = []
    levels: list[str | None] = [None] * len(HEADING_LEVELS)
    for line in lines:
        if _is_heading(line):
            match = _HEADING.fullmatch(line)
            level = HEADING_LEVELS[match[1]] if match else HEADING_LEVELS[_CHAPTER]
            levels[level:] = [line, *([None] * (len(levels) - level - 1))]
        above.append(next((heading for heading in reversed(levels) if heading), None))
    return lambda place: above[place]


_CHAPTER: Final = "\u7ae0"


def _unsigned(lines: list[str]) -> list[str]:
    """Take the signature off the last item: short lines without a full stop, the last of them a day."""
    if len(lines) < 2 or not _DAY_ALONE.fullmatch(lines[-1]):
        return []
    begin = len(lines) - 1
    lowest = max(1, len(lines) - _MOST_SIGNATURES)
    while begin > lowest and len(lines[begin - 1]) <= _LONGEST_SIGNATURE and not _ends(lines[begin - 1]):
        begin -= 1
    signature = lines[begin:]
    del lines[begin:]
    return signature


def _ends(line: str) -> bool:
    return line.endswith((*SENTENCE_ENDS, "\uff09", "\uff0c"))


def _paragraphs(lines: Sequence[str]) -> Body:
    """A short reply without numbers: each paragraph from the first full sentence on. Its head is what comes before."""
    begin = next((place for place, line in enumerate(lines) if SENTENCE_ENDS[0] in line), len(lines))
    rest = list(lines[begin:])
    signature = _unsigned(rest)
    if not signature or not 0 < len(rest) <= MOST_PARAGRAPHS:
        return Body((), begin, "")
    numbered = enumerate(rest, 1)
    articles = tuple(_article(PARAGRAPH.format(number=number), None, [line]) for number, line in numbered)
    return Body(articles, begin, "\n".join(signature))
