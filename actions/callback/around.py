"""What comes before the form and after it: a number to offer, the booking itself, leaving half-way."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.callback import texts
from actions.callback.form import summary
from actions.callback.state import OFFERED, SLOT, TONE, CallState, Field, Tone, forgotten
from actions.effects import BookCallBack
from actions.heard import heard
from actions.scope import Scopes
from handoff.callbacks import Agreed
from handoff.phones import phone_in

_JOIN_MOBILE: Final = "join_mobile"


class BeginCallback(Action):
    """A number that was typed elsewhere is offered, never assumed; an old draft is taken up, less a time gone by."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes

    def name(self) -> str:
        """See Action."""
        return "action_begin_callback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        state, now = CallState.of(tracker.slots), self._scopes.of(tracker.sender_id).now
        elsewhere = phone_in(heard(tracker).text) or tracker.get_slot(_JOIN_MOBILE)
        events = [SlotSet(TONE, Tone.DRAFT if state.values else Tone.PLAIN), SlotSet(OFFERED, elsewhere)]
        if state.has_passed(now):
            events += [SlotSet(Field.WHEN, None), SlotSet(SLOT, None)]
        return events


class FinishCallback(Action):
    """The call is booked, where that is allowed, and what the form held is forgotten."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes

    def name(self) -> str:
        """See Action."""
        return "action_finish_callback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        if not self._scopes.of(tracker.sender_id).forms_allowed:  # said so already
            return _forget()
        state = CallState.of(tracker.slots)
        if state.slot is None:  # the form does not end without one
            raise ValueError("a call without a time")
        agreed = Agreed(
            phone=state.text(Field.MOBILE),
            when=state.text(Field.WHEN),
            said_as=state.text(Field.SAID_AS),
            voicemail=bool(state.values.get(Field.VOICEMAIL)),
        )
        self._scopes.of(tracker.sender_id).effects.append(BookCallBack(agreed, state.slot))
        given = summary(state)
        dispatcher.utter_message(text=texts.DONE.format(when=given["when"], phone=given["phone"]))
        return _forget()


class StopCallback(Action):
    """The person does not want to go on: everything given is forgotten, and said to be."""

    def name(self) -> str:
        """See Action."""
        return "action_stop_callback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        dispatcher.utter_message(text=texts.STOPPED)
        return _forget()


class LeaveCallback(Action):
    """A person was asked for in the middle: the draft stays and the form takes it up again when asked."""

    def name(self) -> str:
        """See Action."""
        return "action_leave_callback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        dispatcher.utter_message(text=texts.PAUSED)
        return []


def _forget() -> list[EventType]:
    return [SlotSet(name, None) for name in forgotten()]
