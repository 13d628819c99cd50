"""Our own entries: questions as workers ask them, with plain answers that rest on articles.

One YAML file per topic in ``sources/entries/``; the file is named after the topic.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import yaml

from knowledge.errors import SourceProblems
from knowledge.numerals import article_int
from knowledge.yaml_files import read_yaml

FEWEST_WORDINGS: Final = 6
LONGEST_ANSWER: Final = 400
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TOPIC = re.compile(r"[a-z0-9_]+")


class Asker(StrEnum):
    WORKER = "worker"
    FAMILY = "family"
    HR = "hr"
    CADRE = "cadre"


@dataclass(frozen=True, order=True)
class Reference:
    """An article as an entry cites it: full official name of the law, number in Chinese numerals."""

    law: str
    article_no: str


@dataclass(frozen=True)
class Entry:
    """``valid_from`` is the day since when the answer is right; ``region`` None means the whole country."""

    id: str
    topic: str
    question: str
    wordings: tuple[str, ...]
    answer: str
    asked_by: tuple[Asker, ...]
    citations: tuple[Reference, ...]
    region: str | None
    valid_from: date
    valid_until: date | None
    reviewed_on: date
    related: tuple[str, ...]

    @property
    def asked(self) -> tuple[str, ...]:
        """The question and its wordings, each once."""
        return tuple(dict.fromkeys((self.question, *self.wordings)))


def answer_length(answer: str) -> int:
    """Characters that a reader sees: white space does not count."""
    return len("".join(answer.split()))


# Field → (what it must be, the type).
_FIELDS: Final[Mapping[str, tuple[str, Any]]] = {
    "id": ("text", str),
    "question": ("text", str),
    "wordings": ("a list", list),
    "answer": ("text", str),
    "asked_by": ("a list", list),
    "citations": ("a list", list),
    "region": ("text or null", str | None),
    "valid_from": ("a date", date),
    "valid_until": ("a date or null", date | None),
    "reviewed_on": ("a date", date),
    "related": ("a list", list),
}


def _field_problems(item: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"「{field}」 is missing" for field in _FIELDS if field not in item)
    yield from (f"「{field}」 is not a field of an entry" for field in item if field not in _FIELDS)
    for field, (wanted, kind) in _FIELDS.items():
        if field in item and not isinstance(item[field], kind):
            yield f"「{field}」 is not {wanted}"
        elif isinstance(item.get(field), str) and not item[field].strip():
            yield f"「{field}」 is empty"


def _content_problems(item: Mapping[str, Any]) -> Iterator[str]:
    if not _ID.fullmatch(item["id"]):
        yield "an id is lower-case letters, digits and hyphens"
    wordings = [wording for wording in item["wordings"] if isinstance(wording, str) and wording.strip()]
    if len(wordings) != len(item["wordings"]):
        yield "every wording is text"
    if len(set(wordings) - {item["question"]}) < FEWEST_WORDINGS:
        yield f"{len(set(wordings))} different wordings, at least {FEWEST_WORDINGS} are needed"
    length = answer_length(item["answer"])
    if length > LONGEST_ANSWER:
        yield f"the answer has {length} characters, {LONGEST_ANSWER} are allowed"
    yield from (f"「asked_by」 does not know {asker!r}" for asker in item["asked_by"] if asker not in set(Asker))
    if not item["asked_by"]:
        yield "「asked_by」 is empty"
    for citation in item["citations"]:
        yield from citation_problems(citation)


def citation_problems(citation: Any) -> Iterator[str]:
    """Of a citation as YAML gives it."""
    if not isinstance(citation, dict) or set(citation) != {"law", "article_no"}:
        yield f"a citation has law and article_no: {citation!r}"
        return
    try:
        article_int(str(citation["article_no"]))
    except ValueError as error:
        yield str(error)


def _entry(item: Mapping[str, Any], topic: str) -> Entry:
    return Entry(
        id=item["id"],
        topic=topic,
        question=item["question"].strip(),
        wordings=tuple(dict.fromkeys(wording.strip() for wording in item["wordings"])),
        answer=item["answer"].strip(),
        asked_by=tuple(Asker(asker) for asker in item["asked_by"]),
        citations=tuple(dict.fromkeys(Reference(c["law"], c["article_no"]) for c in item["citations"])),
        region=item["region"],
        valid_from=item["valid_from"],
        valid_until=item["valid_until"],
        reviewed_on=item["reviewed_on"],
        related=tuple(item["related"]),
    )


def _read(path: Path) -> tuple[list[Entry], list[str]]:
    """The good entries of one file, and the problems of the others."""
    try:
        document = read_yaml(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return [], [f"{path.name}: not YAML: {' '.join(str(error).split())}"]
    if not isinstance(document, dict) or set(document) != {"topic", "entries"}:
        return [], [f"{path.name}: a file has 「topic」 and 「entries」"]
    entries: list[Entry] = []
    problems = []
    if document["topic"] != path.stem or not _TOPIC.fullmatch(path.stem):
        problems.append(f"{path.name}: the topic is {document['topic']!r}, the file is named {path.stem!r}")
    for position, item in enumerate(document["entries"] or [], 1):
        if not isinstance(item, dict):
            problems.append(f"{path.name}: entry {position} is not a mapping")
            continue
        found = list(_field_problems(item)) or list(_content_problems(item))
        problems += [f"{path.name}: {item.get('id', f'entry {position}')}: {problem}" for problem in found]
        if not found:
            entries.append(_entry(item, path.stem))
    return entries, problems


def _across(entries: Iterable[Entry]) -> Iterator[str]:
    """What is only seen over all files: ids that stand twice, relations that lead nowhere."""
    entries = tuple(entries)
    ids = [entry.id for entry in entries]
    known = set(ids)
    for entry in entries:
        if ids.count(entry.id) > 1:
            yield f"{entry.topic}.yml: {entry.id}: the id stands more than once"
        for other in entry.related:
            if other not in known or other == entry.id:
                yield f"{entry.topic}.yml: {entry.id}: related entry {other!r} does not exist"


def load_entries(folder: Path) -> tuple[Entry, ...]:
    """Every entry, by file name. Raises SourceProblems with file, entry and problem, all of them together."""
    entries, problems = read_entries(folder)
    if problems:
        raise SourceProblems(problems)
    return entries


def read_entries(folder: Path) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The good entries and every problem, for a check that goes on after the first."""
    entries: list[Entry] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        found, wrong = _read(path)
        entries += found
        problems += wrong
    return tuple(entries), (*problems, *_across(entries))
