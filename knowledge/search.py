"""The knowledge base as the rest of the program sees it: a question in, an answer with its articles out."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import islice, takewhile
from pathlib import Path
from typing import Final

import numpy as np
import yaml
from numpy.typing import NDArray

from knowledge import texts
from knowledge.abroad import is_abroad
from knowledge.answers import Answer, Outcome
from knowledge.artifact import DATABASE, VECTORS, Contents, Manifest, check_encoder, read_contents, read_manifest
from knowledge.catalogue import LEADING_CITATIONS, make_catalogue
from knowledge.citations import Citation, CitationKind, Library, by_reference
from knowledge.closest import closest, sentences_of
from knowledge.earlier import Earlier, Period, earlier_texts
from knowledge.encoder import Encoder
from knowledge.entries import Entry, Reference
from knowledge.errors import StaleArtifact
from knowledge.evidence import load_rows
from knowledge.found_articles import FoundArticles, beside, reference_of
from knowledge.local_rules import LocalRule, LocalRules, must_be_named
from knowledge.normalise import normalise
from knowledge.passages import PassageKind, latest_keys
from knowledge.ranking import Ranker, Ranking
from knowledge.spelling import heard
from knowledge.statutes import Article

__all__ = [
    "Answer",
    "Article",
    "Citation",
    "CitationKind",
    "Earlier",
    "KnowledgeBase",
    "LocalRule",
    "Outcome",
    "Period",
]

MOST_OPTIONS: Final = 4
FEWEST_OPTIONS: Final = 2
# An entry with less than this share of the first one's chance is no longer offered.
OPTION_SHARE: Final = 0.05
ARTICLES_SHOWN: Final = 3
_FOLLOW_UP: Final = re.compile(texts.FOLLOW_UP_PATTERN)
_HANDOFF: Final = Path(__file__).parent / "sources" / "handoff.yml"


@cache
def _handoff_patterns() -> tuple[re.Pattern[str], ...]:
    patterns = yaml.safe_load(_HANDOFF.read_text("utf-8"))["patterns"]
    return tuple(re.compile(pattern) for pattern in patterns)


def asks_for_a_person(question: str) -> bool:
    """Whether somebody wants to talk to a human being; ``question`` as typed."""
    line = normalise(question)
    return any(pattern.search(line) for pattern in _handoff_patterns())


def without_follow_up(line: str) -> str:
    """「那被辞退呢」 → 「被辞退」: what only ties a question to the one before is no part of it."""
    return _FOLLOW_UP.sub("", line) or line


def _warnings(entry: Entry, *, on: date) -> Iterator[str]:
    """What must be said before an answer that does not hold for that day as it stands."""
    if on < entry.valid_from:
        yield texts.NOT_THEN_YET.format(day=texts.DATE.format(day=entry.valid_from))
    if entry.valid_until and on > entry.valid_until:
        yield texts.ENDED.format(day=texts.DATE.format(day=entry.valid_until))


class KnowledgeBase:
    """One artifact, open for reading. Threads may share it; it keeps nothing of what it is asked."""

    def __init__(self, manifest: Manifest, contents: Contents, *, folder: Path, encoder: Encoder) -> None:
        self.manifest = manifest
        self.folder = folder
        self._encoder = encoder
        self._centres = contents.centres
        self._subject = contents.subject
        self._library = Library(contents.versions, contents.articles)
        self._local = LocalRules(contents.regional, self._library)
        self._entries = contents.entries
        self._by_id = {entry.id: entry for entry in contents.entries}
        searched = {p.owner: p for p in contents.passages if p.kind is PassageKind.ARTICLE}
        keys = latest_keys(searched)
        catalogue = make_catalogue(contents.entries, searched, keys=keys)
        if catalogue.rows != len(contents.passages):
            raise StaleArtifact(texts.ARTIFACT_BROKEN.format(problem=f"{catalogue.rows} ≠ {len(contents.passages)}"))
        self._articles = FoundArticles(self._library, contents.entries, searched=list(searched), keys=keys)
        self._rows = load_rows(folder / VECTORS, folder / DATABASE, rows=catalogue.rows)
        self._ranker = Ranker(catalogue, manifest.calibration, topics=[entry.topic for entry in contents.entries])

    @classmethod
    def open(cls, artifact: Path, encoder: Encoder) -> "KnowledgeBase":
        """Raises ArtifactMissing, or StaleArtifact when another encoder or program built it."""
        manifest = read_manifest(artifact)
        check_encoder(manifest, name=encoder.name)
        return cls(manifest, read_contents(artifact), folder=artifact, encoder=encoder)

    @property
    def entries(self) -> Sequence[Entry]:
        return self._entries

    def answer(
        self,
        question: str,
        *,
        today: date,
        as_of: date | None = None,
        top: int = 10,
        topic: str | None = None,
        province: str | None = None,
    ) -> Answer:
        """``as_of``: the day of the dispute, when it is not today. ``topic``: what the talk was about before.

        ``province``: where the worker works, as ``knowledge.places`` names it; None when nobody knows.
        """
        line = normalise(question)
        if asks_for_a_person(question):
            return Answer(Outcome.HANDOFF, texts.HANDOFF, (), None, None, 1.0, ())
        if topic is not None:
            line = without_follow_up(line)
        if not line:
            return Answer(Outcome.CLARIFY, texts.EMPTY, (), None, None, 0.0, self._openers())
        if is_abroad(line):
            return Answer(Outcome.ABROAD, texts.ABROAD, (), None, None, 1.0, ())
        ranking = self._rank(line, topic, near=self._articles.near(province))
        return self._answered(ranking, on=as_of or today, top=top, province=province)

    def further(self, question: str, *, shown: Collection[str]) -> tuple[str, ...]:
        """The next few questions of ours that might be meant, where none of those ``shown`` is."""
        ranking = self._rank(normalise(question), None, near=None)
        likeliest = (self._entries[place].question for place in ranking.entries)
        return tuple(islice((one for one in likeliest if one not in shown), MOST_OPTIONS))

    def closest_sentence(self, entry: str, question: str) -> str | None:
        """Of that entry's answer, what says most about a further question; None where there is nothing to choose."""
        sentences = sentences_of(self._by_id[entry].answer)
        return closest(normalise(question), sentences, self._encoder) if len(sentences) > 1 else None

    def local_rule(self, entry: str, province: str, *, on: date) -> LocalRule | None:
        """What follows the national answer to an entry for who works there; None when it differs nowhere."""
        return self._local.of(entry, province, on=on)

    def article(self, law: str, article_no: str, *, as_of: date) -> Article:
        """The whole article as of that day. Raises ArticleNotFound."""
        return self._library.article(law, article_no, on=as_of)

    def cite(self, law: str, article_no: str, *, on: date) -> Citation:
        """The article with its status on that day, word for word when held. Raises ValueError for no article number."""
        return self._library.cite(Reference(law, article_no), on=on)

    def earlier(self, citations: Iterable[Citation], periods: Sequence[Period], *, today: date) -> tuple[Earlier, ...]:
        """Of articles as cited today, what is known of their texts in those periods, where they differ."""
        return earlier_texts(self._library, citations, periods, today=today)

    def full_name(self, law: str) -> str | None:
        """The official name of a law that is called so, in full or in short; None for an unknown one."""
        return self._library.full_name(law)

    def _rank(self, line: str, topic: str | None, *, near: NDArray[np.intp] | None) -> Ranking:
        """As written, or as heard when that is no word as written; whichever is surer of an entry."""
        readings = dict.fromkeys((line, heard(line)))
        return max(
            (self._rank_reading(reading, topic, near=near) for reading in readings), key=lambda ranking: ranking.match
        )

    def _rank_reading(self, line: str, topic: str | None, *, near: NDArray[np.intp] | None) -> Ranking:
        vector = self._centres.question(self._encoder.encode_questions([line]))[0]
        signs = self._subject.signs(line, vector)
        return self._ranker.rank(self._rows.evidence(line, vector, subject=signs), topic, near=near)

    def _answered(self, ranking: Ranking, *, on: date, top: int, province: str | None) -> Answer:
        """Who answers: a matching entry; a likely article that no entry knows; the nearest entry, which may be farther
        where a likely article bears it out; another likely article; else a question back; nobody where it is not ours.
        """
        limits = self.manifest.calibration
        first = self._entries[ranking.entries[0]]
        ours = ranking.scope >= limits.scope_from
        if ranking.match >= (limits.answer_from if ours else limits.anyway_from):
            return self._from_entry(first, ranking, on=on, top=top, province=province)
        if not ours:
            return Answer(Outcome.OUT_OF_SCOPE, texts.OUT_OF_SCOPE, (), None, None, ranking.scope, ())
        found = tuple(islice(self._articles.found(ranking, on=on, province=province), top))
        leading = [c for c in found[:1] if c.kind is CitationKind.VERBATIM]
        borne_out = bool(leading) and reference_of(leading[0]) in first.citations[:LEADING_CITATIONS]
        borne_out = borne_out and ranking.article >= limits.article_from
        certainly_ours = ranking.scope >= limits.ours_from
        speaks = bool(leading) and ranking.article >= limits.lead_from
        if speaks and self._articles.is_new(leading[0]):
            return self._led(leading[0], found, ranking, province=province)
        near = certainly_ours and ranking.match >= limits.nearest_from
        if near or (borne_out and ranking.match >= limits.borne_out_from):
            return self._nearest(first, found, ranking, on=on, province=province)
        if speaks:
            return self._led(leading[0], found, ranking, province=province)
        score = max(ranking.match, ranking.article)
        likely = score >= limits.likely_from or certainly_ours
        shown = self._articles.in_turn(found, ranking, on=on)[:top]
        return Answer(
            *(Outcome.CLARIFY, texts.CLARIFY, shown, None, first.topic, score, self._options(ranking)),
            likely=likely,
            ours=certainly_ours,
        )

    def _nearest(
        self, entry: Entry, found: tuple[Citation, ...], ranking: Ranking, *, on: date, province: str | None
    ) -> Answer:
        """The likeliest entry, with the question that it answers.

        Something else may be meant: what else was found stands among the citations, too.
        """
        answer = self._from_entry(entry, ranking, on=on, top=0, province=province)
        shown = self._articles.in_turn(found, ranking, on=on)[: len(found)]
        borne_out = tuple(takewhile(lambda citation: reference_of(citation) in entry.citations, shown))
        text = texts.NEAREST.format(question=entry.question, answer=answer.text)
        others = tuple(option for option in self._options(ranking) if option != entry.question)
        return replace(
            answer,
            text=text,
            citations=shown,
            score=max(ranking.match, ranking.article),
            options=others,
            grounds=borne_out or answer.grounds[:ARTICLES_SHOWN],
            tentative=True,
        )

    def _led(self, leading: Citation, found: tuple[Citation, ...], ranking: Ranking, *, province: str | None) -> Answer:
        """The likeliest articles by themselves."""
        named = texts.CITE.format(law=self._library.brief(leading.law), article_no=leading.article_no)
        region = must_be_named(leading.law, province)
        text = texts.LEAD_ANSWER.format(articles=named)
        text = text + texts.LEAD_OF_REGION.format(region=region) if region else text
        topic, options = self._entries[ranking.entries[0]].topic, self._options(ranking)
        return Answer(
            *(Outcome.ANSWERED, text, found, None, topic, ranking.article, options),
            grounds=found[:ARTICLES_SHOWN],
            tentative=True,
        )

    def _from_entry(self, entry: Entry, ranking: Ranking, *, on: date, top: int, province: str | None) -> Answer:
        cited = [self._library.cite(reference, on=on) for reference in entry.citations]
        local = self.local_rule(entry.id, province, on=on) if province else None
        grounds = tuple(by_reference([*cited, *(local.citations if local else ())]).values())
        found = tuple(islice(self._articles.found(ranking, on=on, province=province), top))
        related = tuple(self._by_id[other].question for other in entry.related if other in self._by_id)
        notes = self._not_in_force(cited, on=on)
        paragraphs = [*_warnings(entry, on=on), entry.answer, *notes, *([local.text] if local else [])]
        return Answer(
            Outcome.ANSWERED,
            "\n".join(paragraphs),
            beside(found, grounds, top=top),
            entry.id,
            entry.topic,
            ranking.match,
            related[:MOST_OPTIONS],
            grounds=grounds,
            regions=() if province else self._local.provinces(entry.id, on=on),
        )

    def _not_in_force(self, cited: Sequence[Citation], *, on: date) -> Iterator[str]:
        """Behind the answer, whose first sentence is what people read; its own words say it too (`knowledge check`)."""
        for citation in cited:
            known = citation.version_date is not None
            if known and not self._library.in_force(reference_of(citation), on=on):
                named = texts.CITE.format(law=self._library.brief(citation.law), article_no=citation.article_no)
                yield texts.NOT_IN_FORCE_NOTE.format(articles=named, status=citation.status)

    def _options(self, ranking: Ranking) -> tuple[str, ...]:
        """Two to four questions of our own that might be meant."""
        best = ranking.chances[ranking.entries[0]]
        near = [
            self._entries[place].question
            for n, place in enumerate(ranking.entries[:MOST_OPTIONS])
            if n < FEWEST_OPTIONS or ranking.chances[place] >= OPTION_SHARE * best
        ]
        return tuple(dict.fromkeys(near))

    def _openers(self) -> tuple[str, ...]:
        """For an empty message: the first question of each of some topics."""
        first = {entry.topic: entry.question for entry in reversed(self._entries)}
        return tuple(first[topic] for topic in sorted(first))[:MOST_OPTIONS]
