"""The form itself: reads each message, and puts the next question."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.buttons import Button, intent_button, person_button
from actions.heard import heard, heard_just_now
from actions.join.reading import NONE, Reading, read
from actions.join.state import (
    BAD_ANSWERS_BEFORE_PERSON,
    ENDING,
    FORM,
    GIVEN,
    REQUESTED,
    TONE,
    UNCLEAR,
    Field,
    JoinState,
    Tone,
)

_NOT_AN_ANSWER: Final = (Tone.UNCLEAR, Tone.NEEDED, Tone.RESIDENT_ID)


class ValidateJoinForm(Action):
    """Reads the message and sets slots. No slot set: Rasa takes the message for an interruption."""

    def name(self) -> str:
        """See Action."""
        return f"validate_{FORM}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        state = JoinState.of(tracker.slots)
        if state.requested is None:
            # The form has only just begun; how it began is action_check_join's business.
            return [SlotSet(UNCLEAR, 0)]
        if not heard_just_now(tracker):
            return [SlotSet(TONE, Tone.RESUMED)]
        return _events(read(heard(tracker), state), state)


def _events(reading: Reading, state: JoinState) -> list[EventType]:
    if reading.is_interruption:
        return []
    unclear = state.unclear + 1 if reading.tone in _NOT_AN_ANSWER else 0
    tone = Tone.OFFER_PERSON if unclear >= BAD_ANSWERS_BEFORE_PERSON else reading.tone
    events = [SlotSet(item, value) for item, value in reading.values.items()]
    events += [SlotSet(TONE, tone), SlotSet(UNCLEAR, unclear)]
    if reading.ending is not None:
        events += [SlotSet(ENDING, reading.ending), SlotSet(REQUESTED, None)]
    return events


class AskJoin(Action):
    """Puts one question, in the tone that the last answer calls for."""

    def __init__(self, item: Field, union_name: str) -> None:
        self._item = item
        self._union_name = union_name

    def name(self) -> str:
        """See Action."""
        return f"action_ask_{self._item}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        tone = Tone(tracker.get_slot(TONE) or Tone.PLAIN)
        state = JoinState.of(tracker.slots)
        text = wording(self._item, tone, state, union_name=self._union_name)
        dispatcher.utter_message(text=text, buttons=choices(self._item, tone))
        return []


def wording(item: Field, tone: Tone, state: JoinState, *, union_name: str) -> str:
    """The question's words."""
    question = _question(item, state, union_name)
    match tone:
        case Tone.RESUMED:
            again = texts.JOIN_SHORT_CONSENT if item is Field.CONSENT else question
            return f"{texts.JOIN_RESUMED}{again}" if item is not Field.CONSENT else again
        case Tone.DRAFT:
            return f"{texts.JOIN_DRAFT_RESUMED}{question}"
        case Tone.CORRECTED:
            return f"{texts.JOIN_CORRECTED}{question}"
        case Tone.UNCLEAR:
            return texts.JOIN_UNCLEAR[item]
        case Tone.NEEDED:
            return texts.JOIN_NEEDED.get(item, texts.JOIN_UNCLEAR[item])
        case Tone.NO_MOBILE:
            return texts.JOIN_NO_MOBILE
        case Tone.REASSURED:
            return f"{texts.JOIN_REASSURED}\n{texts.JOIN_SHORT_CONSENT}"
        case Tone.RESIDENT_ID:
            return f"{texts.JOIN_NO_RESIDENT_ID}{question}"
        case Tone.OFFER_PERSON:
            return f"{texts.JOIN_OFFER_PERSON}\n{texts.JOIN_UNCLEAR[item]}"
        case Tone.WHICH if item is Field.CONFIRMED:
            return texts.JOIN_WHICH
        case _:
            return question


def choices(item: Field, tone: Tone) -> list[Button]:
    """The buttons under it."""
    stop = intent_button(texts.BUTTONS["stop"], "cancel")
    if tone is Tone.WHICH and item is Field.CONFIRMED:
        wrong = [intent_button(texts.JOIN_FIELDS[given], "correct_answer", detail=str(given)) for given in GIVEN]
        return [*wrong, intent_button(texts.BUTTONS["submit"], "affirm"), stop]
    buttons = _own_choices(item)
    if tone in (Tone.OFFER_PERSON, Tone.NO_MOBILE):
        return [person_button(), *buttons, stop]
    return buttons


def _own_choices(item: Field) -> list[Button]:
    if item is Field.CONSENT:
        agree = intent_button(texts.BUTTONS["agree"], "affirm")
        return [agree, intent_button(texts.BUTTONS["disagree"], "deny")]
    if item is Field.CONFIRMED:
        submit, wrong = texts.BUTTONS["submit"], texts.BUTTONS["wrong"]
        stop = intent_button(texts.BUTTONS["stop"], "cancel")
        return [intent_button(submit, "affirm"), intent_button(wrong, "deny"), stop]
    if item is Field.EMPLOYER:
        none = intent_button(texts.BUTTONS["no_employer"], "skip", detail=NONE)
        return [none, intent_button(texts.BUTTONS["skip"], "skip")]
    if item is Field.DISTRICT:
        return [intent_button(texts.BUTTONS["skip"], "skip")]
    return []


def _question(item: Field, state: JoinState, union_name: str) -> str:
    if item is Field.CONSENT:
        return texts.JOIN_QUESTIONS[item].format(union=union_name)
    if item is not Field.CONFIRMED:
        return texts.JOIN_QUESTIONS[item]
    return texts.JOIN_QUESTIONS[item].format(
        name=state.text(Field.NAME),
        mobile=state.text(Field.MOBILE),
        employer=state.text(Field.EMPLOYER),
        district=state.text(Field.DISTRICT),
    )
