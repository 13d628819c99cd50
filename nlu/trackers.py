"""From a snapshot to a Rasa tracker and back. Importing this module imports Rasa."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any, Final

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    REQUESTED_SLOT,
    SESSION_START_METADATA_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.snapshot import LONGEST_SAID, SAID_KEPT, TURNS_KEPT, PastTurn, Said, Snapshot

# Forgotten unless the turn itself sets it: what was offered two turns ago is not meant by a yes of today.
SHORT_LIVED: Final = frozenset({"offer"})
_OWN_SLOTS: Final = frozenset({REQUESTED_SLOT, SESSION_START_METADATA_SLOT})


def rebuild(turn: str, snapshot: Snapshot, domain: Domain) -> DialogueStateTracker:
    """A short tracker that stands where the talk stands. Slots and forms that the domain no longer has are left out."""
    tracker: DialogueStateTracker = DialogueStateTracker.from_events(
        turn, list(_events(snapshot, domain)), slots=domain.slots, domain=domain
    )
    return tracker


def _events(snapshot: Snapshot, domain: Domain) -> Iterator[Event]:
    known = {slot.name for slot in domain.slots} - _OWN_SLOTS
    yield ActionExecuted(ACTION_SESSION_START_NAME)
    yield SessionStarted()
    yield from (SlotSet(name, value) for name, value in snapshot.slots.items() if name in known)
    yield ActionExecuted(ACTION_LISTEN_NAME)
    for past in snapshot.recent:
        yield UserUttered(text="", intent={"name": past.intent, "confidence": 1.0})
        yield from (ActionExecuted(action) for action in past.actions if action in domain.action_names_or_texts)
        if past is snapshot.recent[-1]:
            yield from (BotUttered(said.text, {"buttons": list(said.buttons)}) for said in snapshot.said)
            yield from _form(snapshot, domain)
        yield ActionExecuted(ACTION_LISTEN_NAME)


def _form(snapshot: Snapshot, domain: Domain) -> Iterator[Event]:
    if snapshot.active_loop in domain.form_names:
        yield ActionExecuted(snapshot.active_loop)
        yield ActiveLoop(snapshot.active_loop)
        yield SlotSet(REQUESTED_SLOT, snapshot.requested_slot)


def keep(tracker: DialogueStateTracker, before: Snapshot) -> Snapshot:
    """What remains of the talk after a turn."""
    events = events_of_turn(tracker)
    recent = (*before.recent, _past_turn(events))[-TURNS_KEPT:]
    return Snapshot(
        slots=dict(_slots(tracker, events)),
        active_loop=tracker.active_loop_name,
        requested_slot=tracker.get_slot(REQUESTED_SLOT),
        recent=recent,
        said=tuple(_said(events))[-SAID_KEPT:],
    )


def events_of_turn(tracker: DialogueStateTracker) -> Sequence[Event]:
    """What happened since the worker's message, that message first."""
    events = list(tracker.events)
    last = max(place for place, event in enumerate(events) if isinstance(event, UserUttered))
    return events[last:]


def _past_turn(events: Sequence[Event]) -> PastTurn:
    ran = [event.action_name for event in events if isinstance(event, ActionExecuted)]
    heard = events[0]
    intent = heard.intent_name if isinstance(heard, UserUttered) else None
    return PastTurn(intent or "", tuple(name for name in ran if name and name != ACTION_LISTEN_NAME))


def _slots(tracker: DialogueStateTracker, events: Sequence[Event]) -> Iterator[tuple[str, Any]]:
    fresh = {event.key for event in events if isinstance(event, SlotSet)}
    for name, slot in tracker.slots.items():
        forgotten = name in _OWN_SLOTS or (name in SHORT_LIVED and name not in fresh)
        if not forgotten and slot.value != slot.initial_value:
            yield name, _bare(slot.value)


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _said(events: Sequence[Event]) -> Iterator[Said]:
    for event in events:
        if isinstance(event, BotUttered) and event.text:
            yield Said(event.text[:LONGEST_SAID], tuple(event.data.get("buttons") or ()))
