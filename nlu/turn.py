"""What goes into the engine and what comes out, as values. Nothing here needs Rasa."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nlu.snapshot import Snapshot


@dataclass(frozen=True)
class Button:
    """`payload` stays inside the desk: a channel sends back which button of which message, never a payload."""

    title: str
    payload: str


@dataclass(frozen=True)
class EngineReply:
    """One message to the worker. `citations`: articles as data, for the channel to show. `sureness`: of an answer, as
    who answered marked it; empty for what answers no question."""

    text: str
    buttons: tuple[Button, ...] = ()
    citations: tuple[Mapping[str, Any], ...] = ()
    sureness: str = ""


@dataclass(frozen=True)
class TurnResult:
    """At least one reply; the state to keep; what was understood (`confidence` 0..1)."""

    replies: tuple[EngineReply, ...]
    snapshot: Snapshot
    intent: str
    confidence: float


@dataclass(frozen=True)
class Entity:
    """`value` in its one form (a mobile is 11 digits); `start` and `end` are places in the text given."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Understanding:
    """What a sentence means, without a conversation around it."""

    intent: str
    confidence: float
    entities: tuple[Entity, ...]
