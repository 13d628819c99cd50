"""Whether what the desk cites is true: run over the sources and the artifact built from them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from knowledge.artifact import read_contents, read_manifest
from knowledge.build import SOURCES, load_sources
from knowledge.citations import Citation, CitationKind, Library
from knowledge.encoder import Encoder
from knowledge.entries import Entry, Reference, read_entries
from knowledge.errors import KnowledgeError, SourceProblems
from knowledge.normalise import normalise
from knowledge.statutes import Article

TOO_ALIKE: Final = 0.97


def check_sources(sources: Path = SOURCES, *, today: date) -> list[str]:
    """Problems of entries, versions and citations, worst files first to last; empty when all is well."""
    entries, problems = read_entries(sources / "entries")
    try:
        loaded = load_sources(sources)
    except SourceProblems as error:
        return list(dict.fromkeys([*problems, *error.problems]))
    library = Library(loaded.versions, loaded.articles)
    found = list(problems)
    for entry in entries:
        place = f"{entry.topic}.yml: {entry.id}"
        found += [f"{place}: {problem}" for problem in _entry_problems(entry, library, today=today)]
    return [*found, *_same_wordings(entries)]


def _entry_problems(entry: Entry, library: Library, *, today: date) -> Iterator[str]:
    if entry.valid_from > today:
        yield f"valid_from {entry.valid_from} is still to come"
    if entry.valid_until and entry.valid_until < today:
        yield f"valid_until {entry.valid_until} is past"
    for reference in entry.citations:
        yield from _citation_problems(reference, entry, library=library, today=today)


def _citation_problems(reference: Reference, entry: Entry, *, library: Library, today: date) -> Iterator[str]:
    name = f"{reference.law} {reference.article_no}"
    if not library.knows(reference.law):
        yield f"{name}: the law is not in versions.yml"
        return
    citation = library.cite(reference, on=today)
    version = library.version(reference.law, on=today)
    if version is not None and version.held and citation.kind is not CitationKind.VERBATIM:
        yield f"{name}: the law is held, but not this article"
    if version is not None and version.effective_on is None:
        return
    if not library.in_force(reference, on=today) and not _says_so(entry, citation):
        yield f"{name}: {citation.status}, and the answer does not say so"


def _says_so(entry: Entry, citation: Citation) -> bool:
    """A law that is yet to come may be cited when the answer names its first day, in digits."""
    days = citation.status.translate({ord(character): " " for character in citation.status if not character.isdigit()})
    first = days.split()[:1]
    return bool(first) and first[0] in entry.answer


def _same_wordings(entries: Sequence[Entry]) -> Iterator[str]:
    """The same words must not lead to two answers."""
    places: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for wording in dict.fromkeys(normalise(asked) for asked in entry.asked):
            places[wording].append(f"{entry.topic}.yml: {entry.id}")
    for wording, found in places.items():
        if len(found) > 1:
            yield f"{found[0]}: the wording {wording!r} stands in {', '.join(found[1:])} too"


def check_near_duplicates(entries: Sequence[Entry], encoder: Encoder) -> list[str]:
    """Questions of different entries that mean the same to the encoder."""
    questions = [entry.question for entry in entries]
    vectors = encoder.encode_wordings(questions)
    alike = np.argwhere(np.triu(vectors @ vectors.T, 1) >= TOO_ALIKE)
    return [
        f"{entries[a].topic}.yml: {entries[a].id}: nearly the same question as {entries[b].id}: {questions[b]}"
        for a, b in alike
    ]


def check_artifact(artifact: Path, *, today: date, sources: Path = SOURCES) -> list[str]:
    """Every citation an entry can make resolves in the artifact, letter for letter as the law data has it."""
    try:
        read_manifest(artifact)
        contents = read_contents(artifact)
        loaded = load_sources(sources)
    except KnowledgeError as error:
        return [str(error)]
    shipped = {_key(article): article.text for article in loaded.articles}
    true_texts = set(shipped.values())
    built = {_key(article): article.text for article in contents.articles}
    problems = [
        f"{_name(key)}: the text differs from the law data" for key in shipped if built.get(key) != shipped[key]
    ]
    problems += [f"{_name(key)}: not in the law data" for key in built.keys() - shipped.keys()]
    library = Library(contents.versions, contents.articles)
    for entry in contents.entries:
        for reference in entry.citations:
            citation = library.cite(reference, on=today)
            resolves = citation.kind is CitationKind.REFERENCE or citation.text in true_texts
            if not resolves or not library.knows(reference.law):
                problems.append(f"{entry.id}: {reference.law} {reference.article_no} does not resolve")
    return sorted(problems)


def _key(article: Article) -> tuple[str, str, date]:
    return article.law, article.article_no, article.version_date


def _name(key: tuple[str, str, date]) -> str:
    return f"{key[0]} {key[1]} ({key[2]})"
