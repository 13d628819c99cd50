"""Our own questions, each asked as if it were not in the index: what the ranking and the thresholds are learned from.

A wording is asked without its own row and its neighbours', for what was written in one go is more alike than a worker's
words will be (the right entry is still there); without its whole entry (a question of our subject that no entry
answers); and now and then as it stands (somebody types just that). What strangers ask and what is half said are asked
of the whole index. No test question and no worker's words take part.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge import texts
from knowledge.catalogue import Catalogue
from knowledge.evidence import NOTHING_OF_IT, Evidence, Rows, Wordings, article_likeness, entry_features
from knowledge.signals import scope_signals
from knowledge.subject import FOLDS, Subject

Array = NDArray[np.float32]
MOST_QUESTIONS: Final = 1600
JOINED: Final = 3
# So many on each side, or a quarter of an entry's wordings where it has few.
BESIDE: Final = 5
AS_IT_STANDS_EVERY: Final = 4
# Eighteen thousand of them take longest of all in a build, and every third teaches the same thresholds.
MOST_STRANGERS: Final = 6000


class Kind(StrEnum):
    UNSEEN = "unseen"
    ORPHAN = "orphan"
    SEEN = "seen"
    STRANGER = "stranger"
    HALF_SAID = "half_said"


@dataclass(frozen=True)
class Asked:
    """One question put to the index, and of the evidence what is learned from: all of it would fill the memory.

    ``entry``: whose wording it is, None where it is none's; ``entries``: features; ``articles``: likeness; ``scope``:
    signals.
    """

    kind: Kind
    entry: int | None
    entries: Array
    articles: Array
    scope: Array

    @classmethod
    def of(cls, kind: Kind, evidence: Evidence, catalogue: Catalogue, *, entry: int | None) -> "Asked":
        """What ``evidence`` says."""
        entries = entry_features(evidence, catalogue)
        scope = scope_signals(evidence, entries, catalogue=catalogue)
        return cls(kind, entry, entries, article_likeness(evidence, catalogue), scope)

    @property
    def right(self) -> int | None:
        """The entry that should come first; None when none should."""
        return None if self.kind is Kind.ORPHAN else self.entry

    @property
    def ours(self) -> bool:
        """Whether it is of our subject."""
        return self.kind is not Kind.STRANGER


@dataclass(frozen=True)
class OwnQuestion:
    """One or more wordings of one entry, said in one breath: people also write long messages.

    ``gone``: the rows that it is asked without: theirs and those beside them.
    """

    wordings: tuple[str, ...]
    entry: int
    gone: range

    @property
    def text(self) -> str:
        return texts.JOINER.join(self.wordings)


def own_questions(catalogue: Catalogue, wordings: Sequence[str]) -> list[OwnQuestion]:
    """Every wording by itself, and neighbouring ones joined; at most MOST_QUESTIONS, evenly chosen."""
    questions = []
    for entry, (start, count) in enumerate(zip(catalogue.wording_starts, catalogue.wording_counts, strict=True)):
        rows = range(int(start), int(start) + int(count))
        beside = min(BESIDE, len(rows) // 4)
        groups = [rows[n : n + 1] for n in range(len(rows))]
        groups += [rows[n : n + JOINED] for n in range(1, len(rows) - JOINED, JOINED)]
        for group in groups:
            gone = range(max(group.start - beside, rows.start), min(group.stop + beside, rows.stop))
            questions.append(OwnQuestion(tuple(wordings[row] for row in group), entry, gone))
    step = max(len(questions) / MOST_QUESTIONS, 1.0)
    return [questions[int(n * step)] for n in range(int(len(questions) / step))]


def ask_own(
    rows: Rows,
    catalogue: Catalogue,
    *,
    questions: Sequence[OwnQuestion],
    vectors: Array,
    wordings: Wordings,
    subjects: Sequence[Subject],
) -> Iterator[Asked]:
    """``vectors``: (questions, dimension), centred; ``wordings``: all of them, in the catalogue's order.

    ``subjects``: by fold, learned without the entries of that fold.
    """
    starts, counts = catalogue.wording_starts, catalogue.wording_counts
    for number, (question, vector) in enumerate(zip(questions, vectors, strict=True)):
        entry = question.entry
        signs = subjects[entry % FOLDS].signs(question.text, vector)
        whole = rows.evidence(question.text, vector, subject=signs)
        own = np.append(np.arange(starts[entry], starts[entry] + counts[entry]), catalogue.wordings + entry)
        gone = Wordings([wordings.texts[row] for row in question.gone], wordings.vectors[list(question.gone)])
        left = rows.whole_without(question.text, vector, entry=entry, gone=gone)
        forms = {
            Kind.UNSEEN: whole.without(np.array(question.gone, dtype=np.intp), entry=entry, whole=left),
            Kind.ORPHAN: whole.without(own.astype(np.intp), entry=entry, whole=NOTHING_OF_IT),
        }
        if number % AS_IT_STANDS_EVERY == 0:
            forms[Kind.SEEN] = whole
        for kind, evidence in forms.items():
            yield Asked.of(kind, evidence, catalogue, entry=entry)


def strangers_every(count: int) -> int:
    """One in how many is asked; no multiple of the folds, so that each fold is asked."""
    step = max(count // MOST_STRANGERS, 1)
    return step if step % FOLDS else step + 1


def ask_sentences(
    kind: Kind, rows: Rows, catalogue: Catalogue, *, sentences: Wordings, subjects: Sequence[Subject], every: int = 1
) -> Iterator[Asked]:
    """Of the whole index; one ``every`` so many. ``subjects``: by fold, learned without the sentences of that fold."""
    for number in range(0, len(sentences.texts), every):
        sentence, vector = sentences.texts[number], sentences.vectors[number]
        signs = subjects[number % FOLDS].signs(sentence, vector)
        evidence = rows.evidence(sentence, vector, subject=signs)
        yield Asked.of(kind, evidence, catalogue, entry=None)
