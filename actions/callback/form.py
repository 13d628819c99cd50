"""The form itself: reads each message, and puts the next question."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import Button, intent_button, person_button
from actions.callback import texts
from actions.callback.reading import Reading, read
from actions.callback.state import (
    BAD_ANSWERS_BEFORE_PERSON,
    FORM,
    GIVEN,
    REQUESTED,
    SLOT,
    TONE,
    UNCLEAR,
    CallState,
    Field,
    Tone,
)
from actions.callback.times import choices as time_choices
from actions.elsewhere import not_here
from actions.heard import heard, heard_just_now
from actions.scope import Scopes, TurnScope
from handoff.phones import masked

_NOT_AN_ANSWER: Final = (Tone.UNCLEAR, Tone.NOT_THEN)


class ValidateCallbackForm(Action):
    """Reads the message and sets slots. No slot set: Rasa takes the message for an interruption."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes

    def name(self) -> str:
        """See Action."""
        return f"validate_{FORM}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        state, now = CallState.of(tracker.slots), self._scopes.of(tracker.sender_id).now
        if state.requested is None:
            return [SlotSet(UNCLEAR, 0)]
        if not heard_just_now(tracker):
            return [SlotSet(TONE, Tone.RESUMED)]
        if state.has_passed(now):
            return [SlotSet(Field.WHEN, None), SlotSet(SLOT, None), SlotSet(TONE, Tone.TOO_LATE)]
        return _events(read(heard(tracker), state, now=now), state)


def _events(reading: Reading, state: CallState) -> list[EventType]:
    if reading.is_interruption:
        return []
    unclear = state.unclear + 1 if reading.tone in _NOT_AN_ANSWER else 0
    tone = Tone.OFFER_PERSON if unclear >= BAD_ANSWERS_BEFORE_PERSON else reading.tone
    events = [SlotSet(name, value) for name, value in reading.slots.items()]
    return [*events, SlotSet(TONE, tone), SlotSet(UNCLEAR, unclear)]


class AskCallback(Action):
    """Puts one question, in the tone that the last answer calls for."""

    def __init__(self, item: Field, scopes: Scopes) -> None:
        self._item = item
        self._scopes = scopes

    def name(self) -> str:
        """See Action."""
        return f"action_ask_{self._item}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        tone = Tone(tracker.get_slot(TONE) or Tone.PLAIN)
        state, scope = CallState.of(tracker.slots), self._scopes.of(tracker.sender_id)
        if not scope.forms_allowed:
            dispatcher.utter_message(text=not_here(texts.NOT_HERE, scope), buttons=[person_button()])
            return [SlotSet(REQUESTED, None)]  # the form ends before it has asked anything
        dispatcher.utter_message(
            text=wording(self._item, tone, state), buttons=_choices(self._item, tone, state, scope=scope)
        )
        return []


def wording(item: Field, tone: Tone, state: CallState) -> str:
    """The question's words."""
    question = _question(item, state, begins=tone is Tone.PLAIN)
    before = {Tone.RESUMED: texts.RESUMED, Tone.DRAFT: texts.DRAFT, Tone.CORRECTED: texts.CORRECTED}
    match tone:
        case Tone.RESUMED | Tone.DRAFT | Tone.CORRECTED:
            return f"{before[tone]}{question}"
        case Tone.UNCLEAR:
            return texts.UNCLEAR[item]
        case Tone.NOT_THEN if item is Field.WHEN:
            return texts.NOT_THEN
        case Tone.TOO_LATE if item is Field.WHEN:
            return f"{texts.TOO_LATE}{question}"
        case Tone.NO_PHONE if item is Field.MOBILE:
            return texts.NO_PHONE
        case Tone.OFFER_PERSON:
            return f"{texts.OFFER_PERSON}\n{texts.UNCLEAR[item]}"
        case Tone.WHICH if item is Field.CONFIRMED:
            return texts.WHICH
        case _:
            return question


def summary(state: CallState) -> dict[str, str]:
    """What was given, with the number masked: somebody may look over the shoulder."""
    return {
        "phone": masked(state.text(Field.MOBILE)),
        "when": state.text(Field.WHEN),
        "said_as": state.text(Field.SAID_AS),
        "voicemail": texts.VOICEMAIL[bool(state.values.get(Field.VOICEMAIL))],
    }


def _question(item: Field, state: CallState, *, begins: bool) -> str:
    if item is Field.CONFIRMED:
        return texts.QUESTIONS[item].format(**summary(state))
    if item is not Field.MOBILE:
        return texts.QUESTIONS[item]
    question = texts.QUESTIONS[item] if begins else texts.SHORT_MOBILE
    return f"{question}{texts.OFFERED.format(phone=masked(state.offered))}" if state.offered else question


def _choices(item: Field, tone: Tone, state: CallState, *, scope: TurnScope) -> list[Button]:
    """The buttons under it."""
    stop = intent_button(texts.BUTTONS["stop"], "cancel")
    if tone is Tone.WHICH and item is Field.CONFIRMED:
        wrong = [intent_button(texts.FIELDS[given], "correct_answer", detail=str(given)) for given in GIVEN]
        return [*wrong, intent_button(texts.BUTTONS["submit"], "affirm"), stop]
    buttons = _own_choices(item, state, scope)
    return [person_button(), *buttons, stop] if tone in (Tone.OFFER_PERSON, Tone.NO_PHONE) else buttons


def _own_choices(item: Field, state: CallState, scope: TurnScope) -> list[Button]:
    match item:
        case Field.MOBILE if state.offered:
            title = texts.BUTTONS["offered"].format(phone=masked(state.offered))
            return [intent_button(title, "affirm", detail=str(Field.MOBILE))]
        case Field.WHEN:
            return [intent_button(title, "affirm", detail=key) for key, title in time_choices(scope.now).items()]
        case Field.SAID_AS:
            return [_choice("union"), _choice("surname")]
        case Field.VOICEMAIL:
            return [_choice("voicemail"), _choice("no_voicemail")]
        case Field.CONFIRMED:
            submit, wrong = texts.BUTTONS["submit"], texts.BUTTONS["wrong"]
            stop = intent_button(texts.BUTTONS["stop"], "cancel")
            return [intent_button(submit, "affirm"), intent_button(wrong, "deny"), stop]
        case _:
            return []


def _choice(key: str) -> Button:
    return intent_button(texts.BUTTONS[key], "affirm", detail=key)
