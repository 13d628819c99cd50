"""Answers from the knowledge base. What it does not know is said to be unknown; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.answer_view import View, offers_to_join
from actions.buttons import NONE_OF_THESE, asked_by, person_button
from actions.heard import Heard, heard, said_last_turn
from actions.human import call_a_person, waits_for_person
from actions.join.state import FORM
from actions.past.note import PastNote, note_of
from actions.past.periods import as_words, says_only_when
from actions.past.time import NAMED_TIME, time_meant
from actions.scope import Scopes
from knowledge.places import is_only_a_place, province_told
from knowledge.search import Outcome, without_follow_up

if TYPE_CHECKING:
    from knowledge.search import Answer, KnowledgeBase, Period

TOPIC: Final = "topic"
LAST_QUESTION: Final = "last_question"
LAST_ENTRY: Final = "last_entry"
PROVINCE: Final = "province"
OFFER: Final = "offer"
SHORT_MESSAGE: Final = 10
QUESTION_KEPT: Final = 120
QUESTIONS_OF_TOPIC: Final = 4
# Characters of a follow-up, little words left out, that make a question of it.
STANDS_ALONE: Final = 5
SAYS_SOMETHING: Final = 2
_LITTLE: Final = re.compile(texts.LITTLE_WORDS)
_GOES_ON: Final = re.compile(texts.GOES_ON)
_EDGES: Final = " \t\n,，.。;；:：!！?？~～、…"
# Encoding takes time with the square of the length, and people ask at the beginning of a long message or at its end.
QUESTION_HEAD, QUESTION_TAIL = 140, 100


class AnswerQuestion(Action):
    """A question, a follow-up, or a message only half understood."""

    def __init__(self, knowledge_base: KnowledgeBase, scopes: Scopes) -> None:
        self._knowledge = knowledge_base
        self._scopes = scopes
        self._view = View({entry.id: entry.question for entry in knowledge_base.entries})

    def name(self) -> str:
        """See Action."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        message = heard(tracker)
        word = message.text.strip(_EDGES)
        if not message.pressed and word in texts.TOPIC_WORDS:
            self._view.ask_which(word, self._questions(texts.TOPIC_WORDS[word]), dispatcher)
            return [SlotSet(OFFER, None)]
        if NONE_OF_THESE in message.details:
            return self._show_further(tracker, dispatcher)
        asked = _asked(message)
        if _joins(tracker):
            answer = self._ask_while_joining(message.text, tracker)
            return self._give(answer, message, asked, tracker=tracker, dispatcher=dispatcher)
        if is_only_a_place(asked) and (tracker.get_slot(LAST_ENTRY) or not tracker.get_slot(LAST_QUESTION)):
            return self._note_where(tracker, dispatcher)
        base = _base(message, tracker, today=self._today(tracker))
        if base and says_only_when(message.text, today=self._today(tracker)):
            answer = self._ask(base, tracker)
        else:
            answer = self._go_on(base, asked, tracker) if base else self._ask(asked, tracker)
        return self._give(answer, message, base or asked, tracker=tracker, dispatcher=dispatcher)

    def _show_further(self, tracker: Tracker, dispatcher: CollectingDispatcher) -> list[EventType]:
        """Nothing was meant that has been offered: what comes next, as long as the talk remembers what was asked."""
        question = tracker.get_slot(LAST_QUESTION)
        if not question:
            self._view.show(self._ask("", tracker), dispatcher, is_ours=False)
            return [SlotSet(OFFER, None)]
        buttons = (button for said in said_last_turn(tracker) for button in said["data"].get("buttons") or ())
        shown = {offered for button in buttons if (offered := asked_by(button))}
        if last := tracker.get_slot(LAST_ENTRY):
            shown.add(self._view.questions.get(last, ""))
        questions = self._knowledge.further(question, shown=shown)
        self._view.show_further(questions, dispatcher, named_time=tracker.get_slot(NAMED_TIME))
        return [SlotSet(OFFER, None)]

    def _note_where(self, tracker: Tracker, dispatcher: CollectingDispatcher) -> list[EventType]:
        """The worker says where they are and nothing else: what their province adds to the last answer."""
        last, where = tracker.get_slot(LAST_ENTRY), province_told(_asked(heard(tracker)))
        if where is None:  # two provinces
            dispatcher.utter_message(text=texts.WHICH_PROVINCE)
            return [SlotSet(OFFER, None)]
        local = self._knowledge.local_rule(last, where, on=self._today(tracker)) if last else None
        self._view.show_where(where, local, dispatcher, after_answer=bool(last))
        return [SlotSet(PROVINCE, where), SlotSet(OFFER, None)]

    def _where(self, tracker: Tracker) -> str | None:
        """The province: as just told, as told before in the talk, or as the account or the union has it."""
        told = province_told(_asked(heard(tracker)))
        return told or tracker.get_slot(PROVINCE) or self._scopes.of(tracker.sender_id).province

    def _today(self, tracker: Tracker) -> date:
        return self._scopes.of(tracker.sender_id).now.date()

    def _questions(self, topic: str) -> list[str]:
        entries = (entry for entry in self._knowledge.entries if entry.topic == topic and entry.region is None)
        return [entry.question for entry in islice(entries, QUESTIONS_OF_TOPIC)]

    def _ask_while_joining(self, asked: str, tracker: Tracker) -> Answer:
        """A short question in the middle of joining may be about joining without saying so."""
        alone = self._ask(asked, tracker)
        if alone.outcome is Outcome.HANDOFF or len(asked) > SHORT_MESSAGE:
            return alone
        about = self._ask(f"{texts.BUTTONS['join']} {asked}", tracker)
        if alone.outcome is Outcome.OUT_OF_SCOPE and about.outcome in (Outcome.ANSWERED, Outcome.CLARIFY):
            return about
        return about if _is_known(about) and (not _is_known(alone) or about.score > alone.score) else alone

    def _go_on(self, base: str, asked: str, tracker: Tracker) -> Answer:
        """A follow-up means most together with the question before it. When that only brings back the same answer,
        whichever reading finds another one is meant; else that answer, beside which stands what else is near. Where
        there is none the nearest of the topic is given, or what is near asked back. A follow-up long enough to stand
        alone is believed alone."""
        topic, last = tracker.get_slot(TOPIC), tracker.get_slot(LAST_ENTRY)
        alone = self._ask(asked, tracker)
        joined = f"{base} {without_follow_up(asked)}"
        together = self._ask(joined, tracker, topic=topic)
        if _stands_alone(asked) and _is_known(alone) and alone.topic != topic and alone.score >= together.score:
            return alone
        if _is_known(together) and together.entry != last:
            return together
        without_topic = self._ask(joined, tracker)
        further = (self._ask(asked, tracker, topic=topic), without_topic, alone)
        known = next((answer for answer in further if _is_known(answer) and answer.entry != last), None)
        if known or together.entry not in (None, last):
            return known or together
        if together.entry == last and without_topic.entry not in (None, last):
            return without_topic
        asked_back = self._ask_back((together, *further), last=last, topic=topic)
        if together.entry == last:
            return replace(together, options=asked_back.options) if asked_back else together
        nearest = (one for one in further if one.tentative and one.topic == topic and one.entry not in (None, last))
        return next(nearest, None) or asked_back or together

    def _ask_back(self, readings: Sequence[Answer], *, last: str | None, topic: str | None) -> Answer | None:
        """Of the same topic, what else than the last answer may be meant; None where nothing else is near."""
        asked_back = (one for one in readings if one.outcome is Outcome.CLARIFY and one.topic == topic)
        answered = self._view.questions.get(last or "")
        for answer in asked_back:
            if options := tuple(option for option in answer.options if option != answered):
                return replace(answer, options=options)
        return None

    def _ask(self, question: str, tracker: Tracker, *, topic: str | None = None) -> Answer:
        where = self._where(tracker)
        return self._knowledge.answer(_ends(question), today=self._today(tracker), topic=topic, province=where)

    def _give(
        self, answer: Answer, message: Heard, question: str, *, tracker: Tracker, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        """Says the answer; gives back what a follow-up can go on from, and what has been offered."""
        told = province_told(_asked(message))
        remembered = [SlotSet(PROVINCE, told)] if told else []
        return [*remembered, *self._say(answer, message, question, tracker=tracker, dispatcher=dispatcher)]

    def _say(
        self, answer: Answer, message: Heard, question: str, *, tracker: Tracker, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        if answer.outcome is Outcome.HANDOFF:
            return [*call_a_person(self._scopes.of(tracker.sender_id), dispatcher), SlotSet(OFFER, None)]
        periods = self._time_meant(answer, message, tracker)
        past, named_time = self._past(answer, periods, tracker), as_words(periods)
        if _was_just_said(answer, tracker):
            self._say_no_more(answer, past, message, tracker=tracker, dispatcher=dispatcher)
            return [SlotSet(OFFER, "join" if offers_to_join(answer) else "human"), SlotSet(NAMED_TIME, named_time)]
        is_ours = message.means("ask_question", "follow_up")
        self._view.show(answer, dispatcher, is_ours=is_ours, named_time=named_time, past=past)
        if answer.outcome is Outcome.ANSWERED or (answer.outcome is Outcome.CLARIFY and answer.topic):
            # A follow-up may also go on from a question that has been asked back.
            offer = "join" if offers_to_join(answer) else None
            kept = question[:QUESTION_KEPT]
            remembered = {TOPIC: answer.topic, LAST_ENTRY: answer.entry, LAST_QUESTION: kept, OFFER: offer}
            return [*(SlotSet(name, value) for name, value in remembered.items()), SlotSet(NAMED_TIME, named_time)]
        return [SlotSet(OFFER, "human" if answer.outcome is Outcome.OUT_OF_SCOPE else None)]

    def _say_no_more(
        self,
        answer: Answer,
        past: PastNote | None,
        message: Heard,
        *,
        tracker: Tracker,
        dispatcher: CollectingDispatcher,
    ) -> None:
        """Of an answer that stands right above: what a time that is named now adds to it, or the sentence asked for."""
        if past is None or _was_just_noted(past, tracker):
            asks_further = not message.pressed and _asks_further(message.text, tracker.get_slot(LAST_QUESTION))
            entry = answer.entry if asks_further else None
            closest = self._knowledge.closest_sentence(entry, _in_full(message.text, tracker)) if entry else None
            self._view.show_no_more(answer, closest, dispatcher)
        else:
            self._view.show_past(answer, past, dispatcher)

    def _time_meant(self, answer: Answer, message: Heard, tracker: Tracker) -> tuple[Period, ...]:
        today = self._today(tracker)
        goes_on = _base(message, tracker, today=today) is not None or answer.topic == tracker.get_slot(TOPIC)
        return time_meant(message, tracker.get_slot(NAMED_TIME), goes_on=goes_on, today=today)

    def _past(self, answer: Answer, periods: tuple[Period, ...], tracker: Tracker) -> PastNote | None:
        if answer.outcome is not Outcome.ANSWERED or not periods:
            return None
        grounds, today = answer.grounds, self._today(tracker)
        earlier = self._knowledge.earlier(grounds, periods, today=today)
        leading = grounds[0].law if grounds else None
        return note_of(earlier, answer=answer.text, leading=leading)


class OutOfScope(AnswerQuestion):
    """Not a labour matter, it seems. The knowledge base is asked all the same: no labour question is turned away."""

    def name(self) -> str:
        """See Action."""
        return "action_out_of_scope"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        message = heard(tracker)
        if is_only_a_place(message.text):
            return super().run(dispatcher, tracker, domain)
        answer = self._ask(message.text, tracker)
        # The dialogue takes the words for small talk: only what is likely in spite of that is asked back.
        if answer.outcome in (Outcome.ANSWERED, Outcome.ABROAD, Outcome.HANDOFF) or answer.likely:
            return self._give(answer, message, message.text, tracker=tracker, dispatcher=dispatcher)
        self._view.decline(dispatcher)
        return []


class StillWaiting(AnswerQuestion):
    """Somebody asks where the people are. Who called none may mean how long a matter takes: a follow-up."""

    def name(self) -> str:
        """See Action."""
        return "action_still_waiting"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        scope = self._scopes.of(tracker.sender_id)
        if waits_for_person(tracker, scope.now):
            presence = scope.presence()
            text = texts.STILL_WAITING_ON_DUTY if presence.on_duty else texts.STILL_WAITING_OFF_DUTY
            dispatcher.utter_message(text=text + presence.waiting)
            return []
        if tracker.get_slot(LAST_QUESTION):
            return super().run(dispatcher, tracker, domain)
        dispatcher.utter_message(text=texts.NOT_WAITING_YET, buttons=[person_button()])
        return [SlotSet(OFFER, "human")]


def _asked(message: Heard) -> str:
    """The words typed, or those that a button stands for."""
    return message.details.get("asked") or message.text


def _joins(tracker: Tracker) -> bool:
    return bool(tracker.active_loop_name == FORM)


def _asks_further(asked: str, before: str | None) -> bool:
    """Whether it says more than 「还有呢」, and something else than the question before."""
    return len(_LITTLE.sub("", asked)) >= SAYS_SOMETHING and not (before or "").endswith(asked.strip()[-QUESTION_KEPT:])


def _in_full(asked: str, tracker: Tracker) -> str:
    """A few words mean something only behind the question that they go on from."""
    return asked if _stands_alone(asked) else f"{tracker.get_slot(LAST_QUESTION) or ''} {asked}"


def _stands_alone(asked: str) -> bool:
    return len(_LITTLE.sub("", asked)) >= STANDS_ALONE


def _is_known(answer: Answer) -> bool:
    return answer.outcome is Outcome.ANSWERED and answer.entry is not None and not answer.tentative


def _was_just_said(answer: Answer, tracker: Tracker) -> bool:
    """Whether the desk said the very same in the turn before, with whatever note or question beside it."""
    said = (str(event.get("text") or "") for event in said_last_turn(tracker))
    return answer.outcome is Outcome.ANSWERED and any(answer.text in text for text in said)


def _was_just_noted(past: PastNote, tracker: Tracker) -> bool:
    return any(past.text in str(event.get("text") or "") for event in said_last_turn(tracker))


def _ends(question: str) -> str:
    if len(question) <= QUESTION_HEAD + QUESTION_TAIL:
        return question
    return f"{question[:QUESTION_HEAD]} {question[-QUESTION_TAIL:]}"


def _base(message: Heard, tracker: Tracker, *, today: date) -> str | None:
    """The question that a follow-up goes on from."""
    half_understood = message.means("nlu_fallback") and len(message.text) <= SHORT_MESSAGE
    begins_so = message.means("ask_question") and _GOES_ON.match(message.text) is not None
    goes_on = message.means("follow_up", "still_waiting") or half_understood or begins_so
    if message.pressed or not (goes_on or says_only_when(message.text, today=today)):
        return None
    base: str | None = tracker.get_slot(LAST_QUESTION)
    return base
