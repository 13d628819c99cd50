"""Which articles stand with an answer, and in which order: those found, and what the likeliest entries cite."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice, zip_longest
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.citations import Citation, Library, by_reference
from knowledge.entries import Entry, Reference
from knowledge.local_rules import marked
from knowledge.places import region_of
from knowledge.ranking import Ranking

CITING_ENTRIES: Final = 2
REFERENCES_AN_ENTRY: Final = 2
LEADING_ENTRIES: Final = 3
GROUNDS_BESIDE: Final = 2


def _read_key(key: str) -> tuple[Reference, date]:
    law, article_no, day = key.split("|")
    return Reference(law, article_no), date.fromisoformat(day)


def reference_of(citation: Citation) -> Reference:
    return Reference(citation.law, citation.article_no)


def beside(found: Sequence[Citation], grounds: Sequence[Citation], *, top: int) -> tuple[Citation, ...]:
    """At most ``top`` articles in the order of finding, for another matter may be meant; at the end the first of the
    grounds that were not found: an entry that cites many would leave room for no other."""
    ranked = by_reference(found)
    missing = [citation for reference, citation in by_reference(grounds).items() if reference not in ranked]
    missing = missing[:GROUNDS_BESIDE]
    kept = islice(ranked.values(), max(top - len(missing), 0))
    return (*kept, *missing)[: max(top, 0)]


class FoundArticles:
    """The articles that are searched, by their places; threads may share it."""

    def __init__(
        self,
        library: Library,
        entries: Sequence[Entry],
        *,
        searched: Sequence[str],
        keys: Mapping[tuple[str, str], str],
    ) -> None:
        """``searched``: keys of the articles, in the catalogue's order; ``keys``: of each article's latest text."""
        self._library = library
        self._entries = entries
        self._articles = [_read_key(key) for key in searched]
        self._cited = frozenset(reference for entry in entries for reference in entry.citations)
        positions = {key: position for position, key in enumerate(searched)}
        self._positions = {Reference(*number): positions[key] for number, key in keys.items()}
        places = [region_of(reference.law) for reference, _ in self._articles]
        self._provinces = np.array([place.province if place else "" for place in places])

    def near(self, province: str | None) -> NDArray[np.intp] | None:
        """Places of the articles without those of other provinces; None for all."""
        return None if province is None else np.flatnonzero(np.isin(self._provinces, ("", province)))

    def is_new(self, citation: Citation) -> bool:
        """Whether no entry says anything of the article: one that has been imported."""
        return reference_of(citation) not in self._cited

    def in_turn(self, found: Sequence[Citation], ranking: Ranking, *, on: date) -> tuple[Citation, ...]:
        """The articles found, in turn with the leading article of each of the likeliest entries."""
        likeliest = [self._entries[place] for place in ranking.entries[:LEADING_ENTRIES]]
        leading = [self._library.cite(entry.citations[0], on=on) for entry in likeliest if entry.citations]
        pairs = (one for pair in zip_longest(found, leading) for one in pair if one is not None)
        return tuple(by_reference(pairs).values())

    def found(self, ranking: Ranking, *, on: date, province: str | None) -> Iterator[Citation]:
        """Each article once by its rank, and what the likeliest entries cite of regulations whose text is not held."""
        seen: set[Reference] = set()
        for reference in self._ranked(ranking, on=on):
            if reference not in seen:
                seen.add(reference)
                yield marked(self._library.cite(reference, on=on), province)

    def _ranked(self, ranking: Ranking, *, on: date) -> Iterator[Reference]:
        """Without the texts of other versions that say something else than the article says on that day."""
        references = self._references(ranking)
        for article in ranking.articles:
            while references and references[0][0] >= ranking.article_scores[article]:
                yield references.pop(0)[1]
            reference, version_date = self._articles[article]
            if self._library.says_alike(reference, version_date, on=on):
                yield reference

    def _scores(self, entry: Entry, ranking: Ranking) -> dict[Reference, float]:
        """Of each article the entry cites; one that is not searched gets the mean of those that are."""
        held = {
            reference: float(ranking.article_scores[self._positions[reference]])
            for reference in entry.citations
            if reference in self._positions
        }
        best = float(ranking.article_scores[ranking.articles[0]])
        level = sum(held.values()) / len(held) if held else best
        return {reference: held.get(reference, level) for reference in entry.citations}

    def _references(self, ranking: Ranking) -> list[tuple[float, Reference]]:
        """What the likeliest entries cite of texts that are not held, with scores, best first; a few of each."""
        scored: dict[Reference, float] = {}
        for place in ranking.entries[:CITING_ENTRIES]:
            scores = self._scores(self._entries[place], ranking)
            for reference in [r for r in scores if r not in self._positions][:REFERENCES_AN_ENTRY]:
                scored[reference] = max(scores[reference], scored.get(reference, -np.inf))
        return sorted(((score, reference) for reference, score in scored.items()), key=lambda item: -item[0])
