"""Which row of the indexes belongs to what. Rows stand in a fixed order: wordings by entry, answers, articles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from knowledge.entries import Entry
from knowledge.passages import Passage, PassageKind

GENERIC_SHARE: Final = 0.04
LEADING_CITATIONS: Final = 3
"""So many of an entry's citations are what its answer rests on; the others stand beside it."""


@dataclass(frozen=True)
class Catalogue:
    """``cited[e]`` are the positions, among ``articles``, of what entry ``e`` cites and the index searches."""

    entries: tuple[str, ...]
    articles: tuple[str, ...]
    wording_counts: tuple[int, ...]
    cited: tuple[tuple[int, ...], ...]

    @cached_property
    def wordings(self) -> int:
        return sum(self.wording_counts)

    @property
    def rows(self) -> int:
        return self.wordings + len(self.entries) + len(self.articles)

    @cached_property
    def wording_starts(self) -> NDArray[np.intp]:
        """(entries,) first row of each entry's wordings."""
        return np.concatenate([[0], np.cumsum(self.wording_counts)[:-1]]).astype(np.intp)

    @cached_property
    def entry_of_wording(self) -> NDArray[np.intp]:
        """(wordings,) position of the entry that a row belongs to."""
        return np.repeat(np.arange(len(self.entries)), self.wording_counts)

    @property
    def answer_rows(self) -> slice:
        return slice(self.wordings, self.wordings + len(self.entries))

    @property
    def article_rows(self) -> slice:
        return slice(self.wordings + len(self.entries), self.rows)

    @cached_property
    def citing(self) -> csr_matrix:
        """(articles, entries) what an entry's vote is worth: less for an article that many entries cite."""
        pairs = [(article, entry) for entry, articles in enumerate(self.cited) for article in articles]
        rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
        worth = 1.0 / np.sqrt(np.maximum(self.times_cited[list(rows)], 1.0))
        return csr_matrix((worth, (rows, columns)), shape=(len(self.articles), len(self.entries)))

    @cached_property
    def leading(self) -> csr_matrix:
        """(articles, entries) where an article stands in an entry's citations, the most telling first: 1, 1/2, 1/3 …"""
        places = [
            (article, entry, 1.0 / position)
            for entry, articles in enumerate(self.cited)
            for position, article in enumerate(articles, 1)
        ]
        rows, columns, worth = zip(*places, strict=True) if places else ((), (), ())
        return csr_matrix((worth, (rows, columns)), shape=(len(self.articles), len(self.entries)))

    @cached_property
    def times_cited(self) -> NDArray[np.float32]:
        """(articles,) by how many entries."""
        return np.bincount([a for articles in self.cited for a in articles], minlength=len(self.articles)).astype(
            np.float32
        )

    def rest_on_the_same(self, entry: int, other: int) -> bool:
        """Whether two entries are one, or have the same leading article: then either answers the other's questions."""
        return entry == other or (bool(self.cited[entry]) and self.cited[entry][:1] == self.cited[other][:1])

    def telling(self, entry: int) -> NDArray[np.intp]:
        """What an entry cites, without the articles that so many cite that they tell nothing, such as time limits."""
        cited = np.asarray(self.cited[entry], dtype=np.intp)
        counts = self.times_cited[cited]
        telling: NDArray[np.intp] = cited[counts <= max(GENERIC_SHARE * len(self.entries), counts.min(initial=1.0))]
        return telling

    @cached_property
    def laws(self) -> NDArray[np.intp]:
        """(articles,) a number for each article's law."""
        names = [key.split("|")[0] for key in self.articles]
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        return np.array([numbers[name] for name in names], dtype=np.intp)


def make_catalogue(
    entries: Sequence[Entry], articles: Mapping[str, Passage], *, keys: Mapping[tuple[str, str], str]
) -> Catalogue:
    """``articles`` by key in row order; ``keys`` leads from (law, article number) to the key in force."""
    positions = {key: position for position, key in enumerate(articles)}
    cited = tuple(
        tuple(
            positions[keys[reference.law, reference.article_no]]
            for reference in entry.citations
            if keys.get((reference.law, reference.article_no)) in positions
        )
        for entry in entries
    )
    return Catalogue(
        entries=tuple(entry.id for entry in entries),
        articles=tuple(articles),
        wording_counts=tuple(len(entry.asked) for entry in entries),
        cited=cited,
    )


def entry_passages(entries: Sequence[Entry]) -> Iterator[Passage]:
    """Rows of the entries in the catalogue's order."""
    for entry in entries:
        yield from (Passage(PassageKind.WORDING, entry.id, wording) for wording in entry.asked)
    yield from (Passage(PassageKind.ANSWER, entry.id, f"{entry.question}\n{entry.answer}") for entry in entries)
