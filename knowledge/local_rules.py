"""What is said for one province beside the national answer, and which local laws are shown to whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge import texts
from knowledge.citations import Citation, Library
from knowledge.entries import Reference
from knowledge.places import region_of
from knowledge.regional import RegionalRules


@dataclass(frozen=True)
class LocalRule:
    """A province's own rule with its document named in ``text``; without citations, who knows it."""

    text: str
    citations: tuple[Citation, ...]


class LocalRules:
    """The overlays of the sources, with the documents that they rest on."""

    def __init__(self, rules: RegionalRules, library: Library) -> None:
        self._rules = rules
        self._library = library

    def of(self, entry: str, province: str, *, on: date) -> LocalRule | None:
        """What follows the national answer to an entry; None for an entry that does not differ by province."""
        overlay = self._rules.overlay(entry, province, on=on)
        if overlay is None:
            ask = self._rules.ask(entry)
            return LocalRule(texts.ASK_LOCALLY.format(region=province, text=ask), ()) if ask else None
        cited = tuple(self._library.cite(reference, on=on) for reference in overlay.citations)
        sources = texts.SOURCES_JOINED.join(self._sources(overlay.citations, on=on))
        return LocalRule(texts.LOCAL.format(region=province, text=overlay.text, sources=sources), cited)

    def provinces(self, entry: str, *, on: date) -> tuple[str, ...]:
        """Those whose own rule for an entry is held."""
        return self._rules.regions(entry, on=on)

    def _sources(self, references: Sequence[Reference], *, on: date) -> Iterator[str]:
        """Each document once: its name, the articles, its number and day."""
        for law in dict.fromkeys(reference.law for reference in references):
            numbers = [reference.article_no for reference in references if reference.law == law]
            version = self._library.version(law, on=on)
            if version is not None and version.version_date is not None:
                yield texts.LOCAL_SOURCE.format(
                    law=law,
                    articles=texts.ARTICLES_JOINED.join(numbers),
                    number=version.number,
                    day=texts.DATE.format(day=version.version_date),
                )


def must_be_named(law: str, province: str | None) -> str | None:
    """Where a law holds, if it is not certain that it holds for the worker: a province when nobody knows in which one
    they are, and a single city always."""
    region = region_of(law)
    if region is None or (province is not None and region.is_whole_province):
        return None
    return region.name


def marked(citation: Citation, province: str | None) -> Citation:
    """The article as found, saying whose it is where that must be named."""
    region = must_be_named(citation.law, province)
    return (
        replace(citation, status=texts.OF_REGION.format(region=region, status=citation.status)) if region else citation
    )
