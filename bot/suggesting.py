"""Suggested answers for cadres, from the knowledge base."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from handoff.suggestions import CitedArticle, Suggestion
from knowledge.search import CitationKind, Outcome

if TYPE_CHECKING:
    from knowledge.search import Answer, Citation, KnowledgeBase

MOST: Final = 3


class KnowledgeSuggester:
    """Suggests the entry that answers a question, and those that answer what is near to it."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._knowledge_base = knowledge_base
        self._questions = {entry.id: entry.question for entry in knowledge_base.entries}

    def suggest(self, question: str, *, today: date) -> tuple[Suggestion, ...]:
        """The best answer first; none for what is not ours to answer."""
        if not question.strip():
            return ()
        first = self._knowledge_base.answer(question, today=today)
        if first.outcome not in (Outcome.ANSWERED, Outcome.CLARIFY):
            return ()
        is_answer = first.outcome is Outcome.ANSWERED
        found = {self._name(first, question): first} if is_answer and not first.tentative else {}
        for option in (*self._tried(first), *first.options):
            if len(found) >= MOST:
                break
            answer = self._knowledge_base.answer(option, today=today)
            if answer.outcome is Outcome.ANSWERED:
                found.setdefault(self._name(answer, option), answer)
        return tuple(self._suggestion(name, answer) for name, answer in found.items())

    def _tried(self, answer: Answer) -> tuple[str, ...]:
        """Of a tentative answer the question that it answers."""
        return (self._questions[answer.entry],) if answer.tentative and answer.entry else ()

    def _name(self, answer: Answer, asked: str) -> str:
        return self._questions.get(answer.entry or "", asked)

    def _suggestion(self, name: str, answer: Answer) -> Suggestion:
        return Suggestion(name, answer.text, tuple(_cited(citation) for citation in answer.grounds))


def _cited(citation: Citation) -> CitedArticle:
    held = citation.kind is CitationKind.VERBATIM
    return CitedArticle(citation.law, citation.article_no, citation.version_date, citation.status, citation.text, held)
