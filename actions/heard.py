"""What the person has just said, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

BUTTON_SIGN = "/"
LISTEN = "action_listen"


@dataclass(frozen=True)
class Heard:
    """`text` as typed. `pressed`: a button of ours, not words; then `intent` is certain."""

    text: str
    intent: str
    confidence: float
    details: Mapping[str, str]
    pressed: bool

    def means(self, *intents: str, at_least: float = 0.0) -> bool:
        """Whether this is one of the intents, surely enough."""
        return self.intent in intents and self.confidence >= at_least


def heard(tracker: Tracker) -> Heard:
    """The last message of the tracker."""
    message = tracker.latest_message
    intent = message.get("intent") or {}
    text = _typed(tracker)
    return Heard(
        text=text,
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0.0),
        details={entity["entity"]: str(entity["value"]) for entity in reversed(message.get("entities") or [])},
        pressed=text.startswith(BUTTON_SIGN),
    )


def heard_just_now(tracker: Tracker) -> bool:
    """Whether a form runs because of the message itself, not because it comes back after an interruption."""
    ran = [event["name"] for event in tracker.events if event["event"] == "action"]
    # The last one is the form's own mark.
    return len(ran) >= 2 and ran[-2] == LISTEN


def said_last_turn(tracker: Tracker) -> list[Mapping[str, Any]]:
    """The desk's messages right before the person's last one."""
    seen_person = False
    said: list[Mapping[str, Any]] = []
    for event in reversed(tracker.events):
        if event["event"] == "user":
            if seen_person:
                break
            seen_person = True
        elif event["event"] == "bot" and seen_person:
            said.append(event)
    return said[::-1]


def _typed(tracker: Tracker) -> str:
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return str(event.get("text") or "").strip()
    return ""
