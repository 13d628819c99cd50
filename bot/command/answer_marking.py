"""One question put to the desk, and its answer held against the facts. By rule: nobody judges by feeling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from knowledge.search import Outcome

if TYPE_CHECKING:
    from knowledge.search import Answer, Citation, KnowledgeBase


class Verdict(StrEnum):
    """AFTER_BUTTON: the desk was not sure, and one of its buttons leads to an answer that states the facts.

    AFTER_NONE: one of those that come after 「都不是」.
    """

    AT_ONCE = "at_once"
    AFTER_BUTTON = "after_button"
    AFTER_NONE = "after_none"
    WRONG = "wrong"
    ASKED_BESIDE = "asked_beside"
    REFUSED = "refused"

    @property
    def right(self) -> bool:
        """Whether the worker learns what they need."""
        return self in (Verdict.AT_ONCE, Verdict.AFTER_BUTTON, Verdict.AFTER_NONE)


class Blame(StrEnum):
    """FINDING: the entry that should answer states the facts, and was not found. ENTRY: it does not state them."""

    FINDING = "finding"
    ENTRY = "entry"


@dataclass(frozen=True)
class Seen:
    """What a worker sees, without white space: the desk's own words with the names of what it cites, and the law."""

    own: str
    law: str


@dataclass(frozen=True)
class Facts:
    """`must`: stated by the desk or by an article shown. `must_not`: by the desk, for law is quoted as it is."""

    must: tuple[re.Pattern[str], ...]
    must_not: tuple[re.Pattern[str], ...]

    def missing(self, seen: Seen) -> tuple[str, ...]:
        """The patterns of what is not said."""
        return tuple(fact.pattern for fact in self.must if not fact.search(seen.own) and not fact.search(seen.law))

    def false(self, seen: Seen) -> tuple[str, ...]:
        """The patterns of what is said and must not be."""
        return tuple(fact.pattern for fact in self.must_not if fact.search(seen.own))

    def stated(self, seen: Seen) -> bool:
        """All that must be said, and nothing that must not."""
        return not self.missing(seen) and not self.false(seen)


@dataclass(frozen=True)
class Question:
    """One line of the file. `entry`: the id of the one that should answer, where known."""

    id: Any
    topic: str
    text: str
    facts: Facts
    entry: str | None


@dataclass(frozen=True)
class Marked:
    """One question's result. `entry`: which one answered; `missing` and `false` are of that answer."""

    id: Any
    topic: str
    text: str
    verdict: Verdict
    entry: str | None
    blame: Blame | None = None
    missing: tuple[str, ...] = ()
    false: tuple[str, ...] = ()


class Marker:
    """Marks over one knowledge base, as of one day."""

    def __init__(self, knowledge_base: KnowledgeBase, *, today: date) -> None:
        self._knowledge = knowledge_base
        self._today = today
        self._entries = {entry.id: entry for entry in knowledge_base.entries}

    def mark(self, question: Question) -> Marked:
        """Ask it as a worker would, press the buttons when asked back."""
        answer = self._ask(question.text)
        seen, facts = self._seen(answer), question.facts
        verdict = self._verdict(question.text, answer, seen, facts)
        if verdict.right:
            return Marked(question.id, question.topic, question.text, verdict, answer.entry)
        answered = verdict is Verdict.WRONG
        return Marked(
            question.id,
            question.topic,
            question.text,
            verdict,
            answer.entry,
            blame=self._blame(question),
            missing=facts.missing(seen) if answered else (),
            false=facts.false(seen) if answered else (),
        )

    def _ask(self, text: str) -> Answer:
        return self._knowledge.answer(text, today=self._today)

    def _verdict(self, text: str, answer: Answer, seen: Seen, facts: Facts) -> Verdict:
        if answer.outcome not in (Outcome.ANSWERED, Outcome.CLARIFY):
            return Verdict.REFUSED
        is_answer = answer.outcome is Outcome.ANSWERED
        if is_answer and facts.stated(seen):
            return Verdict.AT_ONCE
        if not is_answer or answer.tentative:
            if self._leads_to(answer.options, facts):
                return Verdict.AFTER_BUTTON
            named = self._entries[answer.entry].question if answer.entry else ""
            if self._leads_to(self._knowledge.further(text, shown={*answer.options, named}), facts):
                return Verdict.AFTER_NONE
        return Verdict.WRONG if is_answer else Verdict.ASKED_BESIDE

    def _leads_to(self, options: Sequence[str], facts: Facts) -> bool:
        return any(facts.stated(self._seen(self._ask(option))) for option in options)

    def _seen(self, answer: Answer) -> Seen:
        return _seen(answer.text, answer.grounds)

    def _blame(self, question: Question) -> Blame:
        """Where no entry is named, any that states the facts could have been found."""
        named: Sequence[str] = [question.entry] if question.entry is not None else list(self._entries)
        states = any(question.facts.stated(self.seen_of(entry)) for entry in named)
        return Blame.FINDING if states else Blame.ENTRY

    def seen_of(self, entry_id: str) -> Seen:
        """What somebody sees to whom that entry answers; nothing when there is no such entry."""
        entry = self._entries.get(entry_id)
        if entry is None:
            return Seen("", "")
        cited = (self._knowledge.cite(one.law, one.article_no, on=self._today) for one in entry.citations)
        return _seen(entry.answer, cited)


def _seen(text: str, citations: Iterable[Citation]) -> Seen:
    shown = list(citations)
    named = "".join(f"{citation.law}{citation.article_no}" for citation in shown)
    return Seen(_tight(text) + named, _tight("".join(citation.text for citation in shown)))


def _tight(text: str) -> str:
    return "".join(text.split())
