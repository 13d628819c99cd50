"""Saying the last thing again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.heard import said_last_turn


class Repeat(Action):
    """Repeats what the desk said in the turn before, buttons included."""

    def name(self) -> str:
        """See Action."""
        return "action_repeat"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        said = [event for event in said_last_turn(tracker) if event.get("text")]
        for event in said:
            dispatcher.utter_message(text=event["text"], buttons=(event.get("data") or {}).get("buttons"))
        if not said:
            dispatcher.utter_message(text=texts.NOTHING_TO_REPEAT)
        return []
