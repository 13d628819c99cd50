"""Answers from the knowledge base. What it does not know is said to be unknown; nothing is guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer_view import View, offers_to_join
from actions.heard import Heard, heard
from actions.human import call_a_person
from actions.scope import Scopes
from knowledge.search import Outcome

if TYPE_CHECKING:
    from knowledge.search import Answer, KnowledgeBase

TOPIC: Final = "topic"
LAST_QUESTION: Final = "last_question"
LAST_ENTRY: Final = "last_entry"
OFFER: Final = "offer"
SHORT_MESSAGE: Final = 10
QUESTION_KEPT: Final = 120
# Encoding takes time with the square of the length, and people ask at the beginning of a long message or at its end.
QUESTION_HEAD, QUESTION_TAIL = 140, 100


class AnswerQuestion(Action):
    """A question, a follow-up, or a message only half understood."""

    def __init__(self, knowledge_base: KnowledgeBase, scopes: Scopes) -> None:
        self._knowledge = knowledge_base
        self._scopes = scopes
        self._view = View.of(knowledge_base.entries)

    def name(self) -> str:
        """See Action."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        message = heard(tracker)
        asked = message.details.get("asked") or message.text
        base = _base(message, tracker)
        answer = self._go_on(base, asked, tracker) if base else self._ask(asked, tracker)
        return self._give(answer, message, base or asked, tracker=tracker, dispatcher=dispatcher)

    def _go_on(self, base: str, asked: str, tracker: Tracker) -> Answer:
        """A follow-up means most together with the question before it. When that only brings back the same answer and
        the follow-up by itself finds another one of the same topic, the other one is meant."""
        topic = tracker.get_slot(TOPIC)
        together = self._ask(f"{base} {asked}", tracker, topic=topic)
        if together.entry is None or together.entry != tracker.get_slot(LAST_ENTRY):
            return together
        alone = self._ask(asked, tracker, topic=topic)
        found = alone.outcome is Outcome.ANSWERED and alone.topic == topic
        return alone if found and alone.entry not in (None, together.entry) else together

    def _ask(self, question: str, tracker: Tracker, *, topic: str | None = None) -> Answer:
        today = self._scopes.of(tracker.sender_id).now.date()
        return self._knowledge.answer(_ends(question), today=today, topic=topic)

    def _give(
        self, answer: Answer, message: Heard, question: str, *, tracker: Tracker, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        """Says the answer; gives back what a follow-up can go on from, and what has been offered."""
        if answer.outcome is Outcome.HANDOFF:
            call_a_person(self._scopes.of(tracker.sender_id), dispatcher)
            return [SlotSet(OFFER, None)]
        self._view.show(answer, dispatcher, is_ours=message.means("ask_question", "follow_up"))
        if answer.outcome is Outcome.ANSWERED:
            offer = "join" if offers_to_join(answer) else None
            kept = question[:QUESTION_KEPT]
            remembered = {TOPIC: answer.topic, LAST_ENTRY: answer.entry, LAST_QUESTION: kept, OFFER: offer}
            return [SlotSet(name, value) for name, value in remembered.items()]
        return [SlotSet(OFFER, "human" if answer.outcome is Outcome.OUT_OF_SCOPE else None)]


class OutOfScope(AnswerQuestion):
    """Not a labour matter, it seems. The knowledge base is asked all the same: no labour question is turned away."""

    def name(self) -> str:
        """See Action."""
        return "action_out_of_scope"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        message = heard(tracker)
        answer = self._ask(message.text, tracker)
        if answer.outcome is Outcome.ANSWERED:
            return self._give(answer, message, message.text, tracker=tracker, dispatcher=dispatcher)
        self._view.decline(dispatcher)
        return []


def _ends(question: str) -> str:
    if len(question) <= QUESTION_HEAD + QUESTION_TAIL:
        return question
    return f"{question[:QUESTION_HEAD]} {question[-QUESTION_TAIL:]}"


def _base(message: Heard, tracker: Tracker) -> str | None:
    """The question that a follow-up goes on from."""
    half_understood = message.means("nlu_fallback") and len(message.text) <= SHORT_MESSAGE
    if message.pressed or not (message.means("follow_up") or half_understood):
        return None
    base: str | None = tracker.get_slot(LAST_QUESTION)
    return base
