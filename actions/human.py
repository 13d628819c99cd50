"""A person is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.buttons import call_button
from actions.effects import HandoffReason, RequestHandoff
from actions.scope import Scopes, TurnScope

CALLED_AT: Final = "called_at"
# After that long a call is no longer what somebody means who asks where people are.
WAITS: Final = timedelta(days=3)


class RequestHuman(Action):
    """Puts the conversation before a cadre, and says when it will be seen, as far as that is known."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes

    def name(self) -> str:
        """See Action."""
        return "action_request_human"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        return call_a_person(self._scopes.of(tracker.sender_id), dispatcher)


def call_a_person(scope: TurnScope, dispatcher: CollectingDispatcher) -> list[EventType]:
    """The effect, and the words for it; gives back what remembers it."""
    scope.effects.append(RequestHandoff(HandoffReason.ASKED))
    presence = scope.presence()
    called = texts.PERSON_CALLED_ON_DUTY if presence.on_duty else texts.PERSON_CALLED_OFF_DUTY
    buttons = [] if presence.on_duty or not scope.forms_allowed else [call_button()]
    dispatcher.utter_message(text=called + presence.waiting, buttons=buttons)
    return [SlotSet(CALLED_AT, scope.now.isoformat())]


def waits_for_person(tracker: Tracker, now: datetime) -> bool:
    """Whether a person was called within the last days. `now` is aware."""
    called_at = tracker.get_slot(CALLED_AT)
    return bool(called_at) and now - datetime.fromisoformat(called_at) < WAITS
