"""A dialogue engine that says what a test wants: for races and faults, where a trained model only costs time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from nlu.engine import EngineReply, Snapshot, TurnResult


class FakeDialogue:
    """Answers every turn with `answer(text)`; counts the turns; `before` runs in the middle of each."""

    def __init__(self, answer: Callable[[str], str] = lambda text: f"answer to {text}") -> None:
        self._answer = answer
        self._lock = threading.Lock()
        self.asked: list[str] = []
        self.payloads: list[str | None] = []
        self.before: Callable[[], None] = lambda: None
        self.citations: tuple[dict[str, str], ...] = ()
        self.sureness = "sure"
        self.intent = "ask_question"

    def respond(self, turn: str, text: str, snapshot: Snapshot | None, *, payload: str | None = None) -> TurnResult:
        """Like `nlu.engine.DialogueEngine.respond`."""
        with self._lock:
            self.asked.append(text)
            self.payloads.append(payload)
        self.before()
        return TurnResult(
            replies=(EngineReply(text=self._answer(text), citations=self.citations, sureness=self.sureness),),
            snapshot=snapshot or Snapshot(),
            intent=self.intent,
            confidence=1.0,
        )

    def close(self) -> None:
        """Nothing to close."""
