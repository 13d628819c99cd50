"""JSON Lines, one article a line → law texts. A law with one bad line is left out whole: no law has holes.

Fields: law, version_date, article_no, text; then, where known, chapter, section, part, passed_on, effective_on,
repealed_on (the same on every line of a version; an article that ended earlier has its own), category, number,
source, status. Others, such as ``article_int``, are not read: 「第二百七十六条之一」 would come out as 276.
"""

import calendar
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from knowledge.cleaning import clean
from knowledge.imported.decoding import foreign
from knowledge.imported.law_text import ImportedArticle, LawText
from knowledge.imported.refusals import UnreadableFile
from knowledge.imported.texts import KINDS, LINE, NOT_IN_KEYS
from knowledge.numerals import article_int
from knowledge.versions import LawKind, PartRepeal

MOST_CHARACTERS: Final = 50_000
LONGEST_LINE_MEGABYTES: Final = 1
_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAYS: Final = ("passed_on", "effective_on")
_OPTIONAL: Final = ("number", "source", "status", "category")
_HEADINGS: Final = ("section", "chapter", "part")


class _BadLine(ValueError):
    """The line cannot be taken in; the message says why."""

    def __init__(self, why: str, **values: object) -> None:
        super().__init__(LINE[why].format(**values))


@dataclass
class _Law:
    """What was read so far of one version; ``row``: its first line, whose dates and source stand for all."""

    row: Mapping[str, Any]
    version_date: date
    day_known: bool
    articles: dict[str, ImportedArticle] = field(default_factory=dict)
    ended: dict[str, date | None] = field(default_factory=dict)
    bad: bool = False


def read_json_lines(text: str, *, name: str) -> tuple[tuple[LawText, ...], tuple[str, ...]]:
    """The laws whose lines are all right, and a sentence for each line or law left out. Raises UnreadableFile."""
    laws: dict[tuple[str, date], _Law] = {}
    left_out: list[str] = []
    for number, row in _rows(text, name):
        try:
            _take(row, laws)
        except _BadLine as error:
            left_out.append(LINE["shown"].format(line=number, why=error))
            _spoil(row, laws)
    for (title, _), law in laws.items():
        if law.bad:
            left_out.append(LINE["law_left_out"].format(law=title, day=law.row.get("version_date")))
    return tuple(_text_of(law, name) for law in laws.values() if not law.bad), tuple(left_out)


def _rows(text: str, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    most = LONGEST_LINE_MEGABYTES * 1024 * 1024
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > most:
            raise UnreadableFile("json_long", name=name, line=number, megabytes=LONGEST_LINE_MEGABYTES)
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            json.dumps(row, ensure_ascii=False).encode()  # halves of a surrogate pair are no text
        except (json.JSONDecodeError, RecursionError, ValueError) as error:
            raise UnreadableFile("json", name=name, line=number) from error
        if not isinstance(row, dict):
            raise UnreadableFile("json_object", name=name, line=number)
        yield number, row


def _take(row: Mapping[str, Any], laws: dict[tuple[str, date], _Law]) -> None:
    """Raises _BadLine."""
    title, (version_date, day_known) = _title(row), _version_date(row)
    law = laws.setdefault((title, version_date), _Law(row, version_date, day_known))
    for name in ("passed_on", "effective_on", "category", "number"):
        if row.get(name) != law.row.get(name):
            raise _BadLine("dates_differ", field=name)
    article = _article(row)
    if law.articles.setdefault(article.article_no, article).text != article.text:
        raise _BadLine("twice", article_no=article.article_no)
    for name in _DAYS:
        _day(row, name)
    for name in _OPTIONAL:
        if row.get(name):
            _words(row, name)
    law.ended[article.article_no] = _day(row, "repealed_on")


def _spoil(row: Mapping[str, Any], laws: dict[tuple[str, date], _Law]) -> None:
    """A line whose law can be told takes that law out with it."""
    try:
        title, (version_date, day_known) = _title(row), _version_date(row)
    except _BadLine:
        return
    laws.setdefault((title, version_date), _Law(row, version_date, day_known)).bad = True


def _title(row: Mapping[str, Any]) -> str:
    title = _words(row, "law")
    if any(character in title for character in NOT_IN_KEYS) or len(title) > 200:
        raise _BadLine("key")
    return title


def _words(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _BadLine("field", field=name)
    if any(map(foreign, set(value))):
        raise _BadLine("foreign", field=name)
    return value.strip()


def _version_date(row: Mapping[str, Any]) -> tuple[date, bool]:
    """The day, and whether it is known; of a month alone its last day."""
    written = _words(row, "version_date")
    month = _MONTH.fullmatch(written)
    try:
        if month is None:
            return date.fromisoformat(written), True
        year, number = int(month[1]), int(month[2])
        return date(year, number, calendar.monthrange(year, number)[1]), False
    except (ValueError, calendar.IllegalMonthError) as error:
        raise _BadLine("date", field="version_date", value=written[:20]) from error


def _day(row: Mapping[str, Any], name: str) -> date | None:
    """None too for a month alone, which dates nothing."""
    value = row.get(name)
    if value in (None, "") or (isinstance(value, str) and _MONTH.fullmatch(value)):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _BadLine("date", field=name, value=str(value)[:20]) from error


def _article(row: Mapping[str, Any]) -> ImportedArticle:
    article_no = _words(row, "article_no")
    try:
        article_int(article_no)
    except ValueError as error:
        raise _BadLine("number", value=article_no[:20]) from error
    text = clean(_words(row, "text"))
    if not text:
        raise _BadLine("empty")
    if len(text) > MOST_CHARACTERS:
        raise _BadLine("long", most=MOST_CHARACTERS)
    headings = (row.get(name) for name in _HEADINGS)
    chapter = next((heading for heading in headings if isinstance(heading, str) and heading.strip()), None)
    return ImportedArticle(article_no, clean(chapter)[:80] if chapter else None, text)


def _text_of(law: _Law, name: str) -> LawText:
    days = set(law.ended.values())
    ended = max((day for day in days if day is not None), default=None) if None not in days else None
    earlier = {number: day for number, day in law.ended.items() if day is not None and day != ended}
    title, row = _title(law.row), law.row
    return LawText(
        law=title,
        kind=LawKind(KINDS.get(str(row.get("category")), LawKind.DOCUMENT)),
        number=_words(row, "number") if row.get("number") else None,
        version_date=law.version_date,
        day_known=law.day_known,
        passed_on=_day(row, "passed_on"),
        effective_on=_day(row, "effective_on"),
        repealed_on=ended,
        revised=False,
        status=str(row.get("status") or ""),
        part_repeals=tuple(PartRepeal(number, "", day, name) for number, day in earlier.items()),
        source=_words(row, "source")[:300] if row.get("source") else name,
        articles=tuple(law.articles.values()),
    )
