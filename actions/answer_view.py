"""How an answer of the knowledge base is put to the worker: text first, articles along with it as data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.buttons import Button, join_button, none_button, person_button, question_button
from actions.past.texts import STATUS_THEN
from actions.past.time import NAMED_TIME
from actions.sureness import SURENESS, Sureness
from knowledge.search import Outcome

if TYPE_CHECKING:
    from actions.past.note import PastNote
    from knowledge.search import Answer, Citation, LocalRule

CITATIONS: Final = "citations"
# Entries after which a worker may want to join there and then.
JOIN_ENTRIES: Final = frozenset({"union-join-how", "union-no-union-at-work", "rider-join-union"})
RELATED_SHOWN: Final = 3
_INNER_QUOTES: Final = str.maketrans(texts.QUOTES, texts.QUOTES_WITHIN)
_BARE_OPENING: Final = re.compile(texts.BARE_OPENING)


@dataclass(frozen=True)
class View:
    """`questions`: by an entry's id, what it answers."""

    questions: Mapping[str, str]

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
        details = _timed(named_time)
        if answer.outcome is Outcome.ANSWERED:
            text = with_note(self._with_question(answer), past)
            text = f"{text}\n{texts.WHERE_ARE_YOU}" if answer.regions else text
            articles = [*_data_then(past), *(citation_data(citation) for citation in answer.grounds)]
            data = {CITATIONS: articles, **_marked(Sureness.TENTATIVE if answer.tentative else Sureness.SURE)}
            places = [question_button(region) for region in answer.regions]
            further = _else_meant(answer, details) if answer.tentative else _related(answer)
            dispatcher.utter_message(text=text, buttons=[*places, *further], json_message=data)
        elif answer.outcome is Outcome.CLARIFY:
            text, buttons = answer.text or texts.WHICH_ONE, _else_meant(answer, details)
            data = _marked(Sureness.ASKED_BACK if answer.ours else Sureness.GUESSED)
            dispatcher.utter_message(text=text, buttons=buttons, json_message=data)
        elif answer.outcome is Outcome.ABROAD:
            data = _marked(Sureness.ELSEWHERE)
            dispatcher.utter_message(text=answer.text, buttons=[person_button()], json_message=data)
        else:
            text = texts.DO_NOT_KNOW if is_ours or not answer.text else answer.text
            data = _marked(Sureness.UNKNOWN)
            dispatcher.utter_message(text=text, buttons=[person_button()], json_message=data)

    def _with_question(self, answer: Answer) -> str:
        """A bare yes or no says nothing to whoever asked the other way round."""
        question = self.questions.get(answer.entry or "")
        bare = question and not answer.tentative and _BARE_OPENING.search(answer.text)
        return texts.ASKED.format(question=question, text=answer.text) if bare else answer.text

    def show_past(self, answer: Answer, past: PastNote, dispatcher: CollectingDispatcher) -> None:
        """The same answer would come a second time, but now a time has been named: what was different then."""
        data = {CITATIONS: _data_then(past), **_marked(Sureness.SURE)}
        dispatcher.utter_message(text=past.text, buttons=[*_related(answer), person_button()], json_message=data)

    def show_no_more(self, answer: Answer, closest: str | None, dispatcher: CollectingDispatcher) -> None:
        """The same answer would come a second time: a line instead, with what is related and a person. `closest`: the
        sentence of it that is meant, where something has been asked."""
        question = self.questions.get(answer.entry or "", texts.THIS_MATTER)
        all_of_it = texts.THAT_IS_ALL.format(question=question.strip("？?"))
        text = texts.CLOSEST.format(sentence=closest.translate(_INNER_QUOTES)) if closest else all_of_it
        dispatcher.utter_message(text=text, buttons=[*_related(answer), person_button()])

    def show_where(
        self, province: str, local: LocalRule | None, dispatcher: CollectingDispatcher, *, after_answer: bool
    ) -> None:
        """Where the worker is has been noted; what that adds to the answer before, if there was one."""
        noted = texts.PROVINCE_NOTED.format(province=province)
        if local is not None:
            data = {CITATIONS: [citation_data(citation) for citation in local.citations], **_marked(Sureness.SURE)}
            dispatcher.utter_message(text=f"{noted}\n{local.text}", buttons=[person_button()], json_message=data)
        elif after_answer:
            text = noted + texts.NOTHING_LOCAL.format(province=province)
            dispatcher.utter_message(text=text, buttons=[person_button()])
        else:
            dispatcher.utter_message(text=noted + texts.WRITE_ON)

    def show_further(
        self, questions: Sequence[str], dispatcher: CollectingDispatcher, *, named_time: str | None
    ) -> None:
        """What else might be meant, where nothing was that has been offered."""
        options = [question_button(question, **_timed(named_time)) for question in questions]
        dispatcher.utter_message(text=texts.WHICH_OTHER, buttons=[*options, person_button()])

    def ask_which(self, word: str, questions: Sequence[str], dispatcher: CollectingDispatcher) -> None:
        """A bare word: its topic's questions as buttons."""
        options = [question_button(question) for question in questions]
        text = texts.WHICH_OF_TOPIC.format(word=word)
        dispatcher.utter_message(text=text, buttons=[*options, person_button()])

    def decline(self, dispatcher: CollectingDispatcher) -> None:
        """Not a matter for this desk."""
        dispatcher.utter_message(text=texts.OUT_OF_SCOPE, json_message=_marked(Sureness.UNKNOWN))


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


def _timed(named_time: str | None) -> Mapping[str, str]:
    return {NAMED_TIME: named_time} if named_time else {}


def _marked(sureness: Sureness) -> dict[str, Any]:
    return {SURENESS: sureness.value}


def _else_meant(answer: Answer, details: Mapping[str, str]) -> list[Button]:
    """All of them: which one is meant the desk does not know."""
    options = [question_button(option, **details) for option in answer.options]
    return [*options, none_button(), person_button()] if answer.topic else [*options, person_button()]


def _related(answer: Answer) -> list[Button]:
    related = [question_button(option) for option in answer.options[:RELATED_SHOWN]]
    return [join_button(), *related] if offers_to_join(answer) else related


def _data_then(past: PastNote | None) -> list[Mapping[str, Any]]:
    """`then` tells channels that it is not today's text."""
    texts_then = (citation_data(citation) for citation in (past.articles if past else ()))
    return [{**data, "then": True, "status": STATUS_THEN.format(status=data["status"])} for data in texts_then]
