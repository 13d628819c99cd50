"""Whether what the desk cites is true: run over the sources and the artifact built from them."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import faiss
import numpy as np

from knowledge.artifact import VECTORS, Contents, read_contents, read_manifest
from knowledge.build import SOURCES, Sources, load_sources
from knowledge.check_texts import CHECK
from knowledge.citations import Citation, CitationKind, Library
from knowledge.encoder import Encoder
from knowledge.entries import Entry, Reference
from knowledge.errors import KnowledgeError, SourceProblems
from knowledge.figures import contradictions
from knowledge.imported.law_text import LawText
from knowledge.normalise import normalise
from knowledge.passages import PassageKind
from knowledge.places import region_of
from knowledge.regional import Overlay, RegionalRules
from knowledge.statutes import Article

TOO_ALIKE: Final = 0.97
Key = tuple[str, str, date]


def check_sources(sources: Path = SOURCES, *, today: date, imported: Sequence[LawText] = ()) -> list[str]:
    """Problems of entries, versions and citations, worst files first to last; empty when all is well."""
    try:
        loaded = load_sources(sources, imported=imported)
    except SourceProblems as error:
        return list(error.problems)
    return check_loaded(loaded, today=today)


def check_loaded(sources: Sources, *, today: date) -> list[str]:
    """The same for sources that could be read."""
    library, entries = Library(sources.versions, sources.articles), sources.entries
    found = [_shown(entry, problem) for entry in entries for problem in _entry_problems(entry, library, today=today)]
    return [
        *found,
        *_same_wordings(entries),
        *_contradictions(entries),
        *_regional_problems(sources.regional, library, today=today),
    ]


def _place(entry: Entry) -> str:
    return f"{entry.topic}.yml: {entry.id}"


def _shown(entry: Entry, problem: str) -> str:
    return CHECK["shown"].format(place=_place(entry), problem=problem)


def _entry_problems(entry: Entry, library: Library, *, today: date) -> Iterator[str]:
    yield from _day_problems(entry, today=today)
    for reference in entry.citations:
        yield from _citation_problems(reference, entry.answer, library=library, today=today)


def _day_problems(stated: Entry | Overlay, *, today: date) -> Iterator[str]:
    if stated.valid_from > today:
        yield CHECK["not_yet"].format(day=stated.valid_from)
    if stated.valid_until and stated.valid_until < today:
        yield CHECK["past"].format(day=stated.valid_until)


def _regional_problems(rules: RegionalRules, library: Library, *, today: date) -> Iterator[str]:
    for overlay in rules.overlays:
        place = CHECK["overlay"].format(region=overlay.region, entries=CHECK["joined"].join(overlay.entries))
        for problem in _overlay_problems(overlay, library, today=today):
            yield CHECK["shown"].format(place=place, problem=problem)


def _overlay_problems(overlay: Overlay, library: Library, *, today: date) -> Iterator[str]:
    """A local rule is said only with a document of that very province whose number and day are known."""
    yield from _day_problems(overlay, today=today)
    for reference in overlay.citations:
        yield from _citation_problems(reference, overlay.text, library=library, today=today)
        version, region = library.version(reference.law, on=today), region_of(reference.law)
        if version is None or version.number is None or version.version_date is None:
            yield CHECK["no_number"].format(law=reference.law)
        if region is None or region.province != overlay.region:
            yield CHECK["elsewhere"].format(law=reference.law)


def _citation_problems(reference: Reference, said: str, *, library: Library, today: date) -> Iterator[str]:
    named = {"law": reference.law, "article_no": reference.article_no}
    if not library.knows(reference.law):
        yield CHECK["unknown_law"].format(**named)
        return
    citation = library.cite(reference, on=today)
    version = library.version(reference.law, on=today)
    if version is not None and version.held and citation.kind is not CitationKind.VERBATIM:
        yield CHECK["no_such_article"].format(**named)
    if version is not None and version.effective_on is None:
        return
    if not library.in_force(reference, on=today) and not _says_so(said, citation):
        yield CHECK["not_in_force"].format(**named, status=citation.status)


def _says_so(said: str, citation: Citation) -> bool:
    """A law that is yet to come may be cited when the answer names its first day, in digits."""
    days = citation.status.translate({ord(character): " " for character in citation.status if not character.isdigit()})
    first = days.split()[:1]
    return bool(first) and first[0] in said


def _same_wordings(entries: Sequence[Entry]) -> Iterator[str]:
    """The same words must not lead to two answers."""
    places: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for wording in dict.fromkeys(normalise(asked) for asked in entry.asked):
            places[wording].append(entry)
    for wording, found in places.items():
        if len(found) > 1:
            others = CHECK["joined"].join(map(_place, found[1:]))
            yield _shown(found[0], CHECK["same_wording"].format(wording=wording, others=others))


def _contradictions(entries: Sequence[Entry]) -> Iterator[str]:
    for found in contradictions(entries):
        words = CHECK["contradiction"].format(one=found.one, other=_place(found.second), theirs=found.other)
        yield _shown(found.first, words)


def check_near_duplicates(entries: Sequence[Entry], encoder: Encoder) -> list[str]:
    """Questions of different entries that mean the same to the encoder."""
    questions = [entry.question for entry in entries]
    vectors = encoder.encode_wordings(questions)
    alike = np.argwhere(np.triu(vectors @ vectors.T, 1) >= TOO_ALIKE)
    return [
        _shown(entries[a], CHECK["alike"].format(other=entries[b].id, question=questions[b]))
        for a, b in alike
        if entries[a].region == entries[b].region
    ]


def check_artifact(artifact: Path, sources: Sources, *, today: date) -> list[str]:
    """Every citation an entry can make resolves in the artifact, letter for letter as the law data has it."""
    try:
        manifest = read_manifest(artifact)
        contents = read_contents(artifact)
        vectors = faiss.read_index(str(artifact / VECTORS)).ntotal
    except KnowledgeError as error:
        return [str(error)]
    except (sqlite3.Error, ValueError, KeyError, TypeError, RuntimeError) as error:
        return [CHECK["unreadable"].format(kind=type(error).__name__)]
    problems = [*_article_problems(contents, sources), *_unresolved(contents, sources, today=today)]
    if not vectors == len(contents.passages) == manifest.counts["passages"]:
        problems.append(CHECK["vectors"].format(vectors=vectors, passages=manifest.counts["passages"]))
    return sorted(problems)


def _article_problems(contents: Contents, loaded: Sources) -> Iterator[str]:
    true = {_key(article): article.text for article in loaded.articles}
    built = {_key(article): article.text for article in contents.articles}
    for key, text in true.items():
        if built.get(key) != text:
            yield _named("differs" if key in built else "missing", key)
    yield from (_named("foreign", key) for key in built.keys() - true.keys())
    yield from _passage_problems(contents, loaded)


def _passage_problems(contents: Contents, loaded: Sources) -> Iterator[str]:
    """What is searched under an article is its text."""
    built = {p.owner: p.text for p in contents.passages if p.kind is PassageKind.ARTICLE}
    true: Mapping[str, str] = {owner: passage.text for owner, passage in loaded.searched().items()}
    for owner in sorted(built.keys() | true.keys()):
        if built.get(owner) != true.get(owner):
            law, article_no, day = owner.split("|")
            yield CHECK["passage"].format(law=law, article_no=article_no, day=day)


def _unresolved(contents: Contents, loaded: Sources, *, today: date) -> Iterator[str]:
    true_texts = {article.text for article in loaded.articles}
    library = Library(contents.versions, contents.articles)
    for entry in contents.entries:
        for reference in entry.citations:
            citation = library.cite(reference, on=today)
            resolves = citation.kind is CitationKind.REFERENCE or citation.text in true_texts
            if not resolves or not library.knows(reference.law):
                named = {"law": reference.law, "article_no": reference.article_no}
                yield CHECK["unresolved"].format(entry=entry.id, **named)


def _key(article: Article) -> Key:
    return article.law, article.article_no, article.version_date


def _named(problem: str, key: Key) -> str:
    return CHECK[problem].format(law=key[0], article_no=key[1], day=key[2])
