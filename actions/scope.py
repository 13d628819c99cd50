"""What surrounds a turn: who writes, when, where, and what the turn is going to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from uuid import UUID

from actions.effects import Effect


class UnknownTurn(LookupError):
    """An action ran for a turn that nobody opened, or that is closed already."""


@dataclass(frozen=True)
class Presence:
    """`on_duty`: a cadre is there now; `waiting`: the sentence that says how long it may take until one comes."""

    on_duty: bool = False
    waiting: str = ""


@dataclass
class TurnScope:
    """`now` is aware and in the union's time zone: its date is «today» for the law. `presence` is asked only where
    somebody wants a person: it takes several reads. `forms_allowed`: whether personal data may be asked for on this
    channel; if not, `web_page` is where it may (empty when there is no such address).

    Actions append to `effects`; nobody else writes to it.
    """

    now: datetime
    contact_id: UUID
    conversation_id: int
    channel: str
    province: str | None
    effects: list[Effect] = field(default_factory=list)
    presence: Callable[[], Presence] = Presence
    forms_allowed: bool = True
    web_page: str = ""


class Scopes:
    """Through this registry an action finds its turn by the tracker's sender id. Threads may share it."""

    def __init__(self) -> None:
        self._open: dict[str, TurnScope] = {}
        self._lock = Lock()

    def open(self, turn: str, scope: TurnScope) -> None:
        """Before the engine is asked. A turn id is used once."""
        with self._lock:
            if turn in self._open:
                raise ValueError("a turn is opened once")
            self._open[turn] = scope

    def of(self, turn: str) -> TurnScope:
        """Raises UnknownTurn."""
        with self._lock:
            try:
                return self._open[turn]
            except KeyError:
                raise UnknownTurn(turn) from None

    def close(self, turn: str) -> TurnScope:
        """Takes the turn out and gives its scope back. Raises UnknownTurn."""
        with self._lock:
            try:
                return self._open.pop(turn)
            except KeyError:
                raise UnknownTurn(turn) from None
