"""A person is asked for."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.effects import HandoffReason, RequestHandoff
from actions.scope import Scopes, TurnScope


class RequestHuman(Action):
    """Puts the conversation before a cadre, and says when it will be seen, as far as that is known."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes

    def name(self) -> str:
        """See Action."""
        return "action_request_human"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        call_a_person(self._scopes.of(tracker.sender_id), dispatcher)
        return []


def call_a_person(scope: TurnScope, dispatcher: CollectingDispatcher) -> None:
    """The effect, and the words for it."""
    scope.effects.append(RequestHandoff(HandoffReason.ASKED))
    dispatcher.utter_message(text=texts.PERSON_CALLED_ON_DUTY if scope.on_duty else texts.PERSON_CALLED_OFF_DUTY)
