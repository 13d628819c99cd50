"""Buttons that actions offer. A payload stays inside the desk; it is trusted when it comes back."""

from __future__ import annotations

import json
from typing import Any

from actions import texts

Button = dict[str, Any]
TITLE_LENGTH = 40
NONE_OF_THESE = "none_of_these"


def intent_button(title: str, intent: str, **details: str) -> Button:
    """Pressing it is as good as being understood for certain."""
    data = json.dumps(details, ensure_ascii=False) if details else ""
    return {"title": title, "payload": f"/{intent}{data}"}


def question_button(question: str, **details: str) -> Button:
    """Asks the knowledge base this question; `details` go along with it."""
    title = question if len(question) <= TITLE_LENGTH else question[: TITLE_LENGTH - 1] + "…"
    return intent_button(title, "ask_question", asked=question, **details)


def asked_by(button: Button) -> str | None:
    """The question that a button of `question_button` asks; None for any other button."""
    _, opened, details = str(button.get("payload") or "").partition("{")
    return json.loads(opened + details).get("asked") if opened else None


def none_button() -> Button:
    """None of the questions offered was meant."""
    return intent_button(texts.BUTTONS["none"], "ask_question", **{NONE_OF_THESE: "yes"})


def person_button() -> Button:
    """Calls a cadre."""
    return intent_button(texts.BUTTONS["person"], "request_human")


def join_button() -> Button:
    """Begins to join."""
    return intent_button(texts.BUTTONS["join"], "join_union")


def call_button() -> Button:
    """Begins to book a telephone call."""
    return intent_button(texts.BUTTONS["call"], "book_call")
