"""How an answer of the knowledge base is put to the worker: text first, articles along with it as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.buttons import Button, join_button, person_button, question_button
from actions.past.texts import STATUS_THEN
from actions.past.time import NAMED_TIME
from knowledge.search import Outcome

if TYPE_CHECKING:
    from actions.past.note import PastNote
    from knowledge.entries import Entry
    from knowledge.search import Answer, Citation

CITATIONS: Final = "citations"
# Entries after which a worker may want to join there and then.
JOIN_ENTRIES: Final = frozenset({"union-join-how", "union-no-union-at-work", "rider-join-union"})
RELATED_SHOWN: Final = 3
ARTICLES_SHOWN: Final = 3


@dataclass(frozen=True)
class View:
    """By an entry's id: `cited`, how many articles it rests on (what is found beside them is not its ground);
    `questions`, what it answers."""

    cited: Mapping[str, int]
    questions: Mapping[str, str]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> View:
        """For the entries of a knowledge base."""
        known = tuple(entries)
        cited = {entry.id: len(entry.citations) for entry in known}
        return cls(cited, {entry.id: entry.question for entry in known})

    def show(
        self,
        answer: Answer,
        dispatcher: CollectingDispatcher,
        *,
        is_ours: bool,
        named_time: str | None = None,
        past: PastNote | None = None,
    ) -> None:
        """Says the answer. `is_ours`: the question is certainly about labour or the union. `named_time`: what a button
        is to carry along when the question is asked back; `past`: what else is to be said because of that time."""
        if answer.outcome is Outcome.ANSWERED:
            text = with_note(answer.text, past)
            data = {CITATIONS: [*_data_then(past), *(citation_data(citation) for citation in self.grounds(answer))]}
            dispatcher.utter_message(text=text, buttons=_related(answer), json_message=data)
        elif answer.outcome is Outcome.CLARIFY:
            details = {NAMED_TIME: named_time} if named_time else {}
            options = [question_button(option, **details) for option in answer.options]
            dispatcher.utter_message(text=answer.text or texts.WHICH_ONE, buttons=[*options, person_button()])
        else:
            text = texts.DO_NOT_KNOW if is_ours else answer.text or texts.DO_NOT_KNOW
            dispatcher.utter_message(text=text, buttons=[person_button()])

    def show_past(self, answer: Answer, past: PastNote, dispatcher: CollectingDispatcher) -> None:
        """The same answer would come a second time, but now a time has been named: what was different then."""
        data = {CITATIONS: _data_then(past)}
        dispatcher.utter_message(text=past.text, buttons=[*_related(answer), person_button()], json_message=data)

    def show_no_more(self, answer: Answer, dispatcher: CollectingDispatcher) -> None:
        """The same answer would come a second time: a line instead, with what is related and a person."""
        question = self.questions.get(answer.entry or "", texts.THIS_MATTER)
        text = texts.THAT_IS_ALL.format(question=question.strip("？?"))
        dispatcher.utter_message(text=text, buttons=[*_related(answer), person_button()])

    def ask_which(self, word: str, questions: Sequence[str], dispatcher: CollectingDispatcher) -> None:
        """A bare word: its topic's questions as buttons."""
        options = [question_button(question) for question in questions]
        text = texts.WHICH_OF_TOPIC.format(word=word)
        dispatcher.utter_message(text=text, buttons=[*options, person_button()])

    def decline(self, dispatcher: CollectingDispatcher) -> None:
        """Not a matter for this desk."""
        dispatcher.utter_message(text=texts.OUT_OF_SCOPE)

    def grounds(self, answer: Answer) -> Sequence[Citation]:
        """The articles that are shown beside the answer."""
        shown = ARTICLES_SHOWN if answer.entry is None else self.cited.get(answer.entry, ARTICLES_SHOWN)
        return answer.citations[:shown]


def citation_data(citation: Citation) -> Mapping[str, Any]:
    """A citation as JSON can carry it; the day as ISO 8601 or null."""
    day = citation.version_date
    return {**asdict(citation), "version_date": day.isoformat() if day else None, "kind": str(citation.kind)}


def with_note(text: str, past: PastNote | None) -> str:
    """An answer's text, and what is to be said because of the time that was named."""
    return f"{text}\n{past.text}" if past else text


def offers_to_join(answer: Answer) -> bool:
    """Whether the answer is about becoming a member."""
    return answer.entry in JOIN_ENTRIES


def _related(answer: Answer) -> list[Button]:
    related = [question_button(option) for option in answer.options[:RELATED_SHOWN]]
    return [join_button(), *related] if offers_to_join(answer) else related


def _data_then(past: PastNote | None) -> list[Mapping[str, Any]]:
    """`then` tells channels that it is not today's text."""
    texts_then = (citation_data(citation) for citation in (past.articles if past else ()))
    return [{**data, "then": True, "status": STATUS_THEN.format(status=data["status"])} for data in texts_then]
