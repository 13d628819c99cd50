"""Saying the last thing again."""

from __future__ import annotations

import re
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.buttons import person_button
from actions.heard import said_last_turn

_SENTENCE: Final = re.compile(r"[^。！？\n]+[。！？]?")
SHORT_ENOUGH: Final = 80


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


class Shorten(Action):
    """The first one or two sentences of the last answer, for who finds it too long."""

    def name(self) -> str:
        """See Action."""
        return "action_shorten"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        said = [str(event["text"]) for event in said_last_turn(tracker) if event.get("text")]
        text = texts.SHORTER.format(text=in_short(said[0])) if said else texts.NOTHING_TO_REPEAT
        dispatcher.utter_message(text=text, buttons=[person_button()])
        return []


def in_short(text: str) -> str:
    """The first sentence, and the second where both are short."""
    before = texts.SHORTER.format(text="")
    first, *rest = _SENTENCE.findall(text.removeprefix(before)) or [text]
    second = rest[0] if rest and not text.startswith(before) else ""
    return f"{first}{second}" if len(first) + len(second) <= SHORT_ENOUGH else str(first)
