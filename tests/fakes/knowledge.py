"""A knowledge base with one entry, which remembers what it was asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from knowledge.earlier import Earlier, Period, Then
from knowledge.entries import Asker, Entry, Reference
from knowledge.search import Answer, Citation, CitationKind, LocalRule, Outcome

LAW = "中华人民共和国劳动合同法"
ENTRY = Entry(
    id="wages-arrears-first-steps",
    topic="wages",
    question="老板拖欠工资怎么办？",
    wordings=("工资不给",),
    answer="先问清楚，再找人社。",
    asked_by=(Asker.WORKER,),
    citations=(Reference(LAW, "第八十五条"),),
    region=None,
    valid_from=date(2013, 7, 1),
    valid_until=None,
    reviewed_on=date(2026, 11, 21),
    related=(),
)


def _citation(article_no: str, article: int) -> Citation:
    return Citation(LAW, article_no, article, date(2012, 12, 28), "条文", "现行有效", CitationKind.VERBATIM)


@dataclass
class FakeKnowledge:
    """See knowledge.search.KnowledgeBase."""

    asked: list[tuple[str, date, str | None]] = field(default_factory=list)
    went_on_from: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    @property
    def entries(self) -> Sequence[Entry]:
        """See KnowledgeBase."""
        return (ENTRY,)

    def further(self, question: str, *, shown: Collection[str]) -> tuple[str, ...]:
        """See KnowledgeBase; its one question."""
        self.went_on_from.append((question, frozenset(shown)))
        return (ENTRY.question,)

    def local_rule(self, entry: str, province: str, *, on: date) -> LocalRule | None:
        """See KnowledgeBase; wages differ by province."""
        return LocalRule(f"{province}：看当地的标准。", ()) if entry == ENTRY.id else None

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
        """Wages are known, a person is called when asked for, everything else is out of scope."""
        self.asked.append((question, today, topic))
        if "真人" in question:
            return Answer(Outcome.HANDOFF, "", (), None, None, 1.0, ())
        if "工资" not in question:
            return Answer(Outcome.OUT_OF_SCOPE, "", (), None, None, 0.1, ())
        found = (_citation("第八十五条", 85), _citation("第三十条", 30))
        return Answer(Outcome.ANSWERED, ENTRY.answer, found, ENTRY.id, ENTRY.topic, 0.9, (), grounds=found[:1])

    def closest_sentence(self, entry: str, question: str) -> str | None:
        """The answer as a whole."""
        return ENTRY.answer if entry == ENTRY.id else None

    def earlier(self, citations: Iterable[Citation], periods: Sequence[Period], *, today: date) -> tuple[Earlier, ...]:
        """Every article read otherwise before 2013."""
        past = any(period.first < ENTRY.valid_from for period in periods)
        changed = (
            Earlier(one, tuple(periods), Then.OTHER, ENTRY.valid_from, replace(one, text="旧条文")) for one in citations
        )
        return tuple(changed) if past else ()
