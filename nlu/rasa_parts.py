"""The pieces of Rasa that the engine replaces by its own. Importing this module imports Rasa: ten seconds, so late.

Rasa swallows an exception in an action and goes on in silence; here it ends the turn. Its tracker store saves to memory
behind one's back when saving fails (`FailSafeTrackerStore`); here a tracker lives for one turn.
"""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

RunAction = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class ActionFailed(BaseException):
    """An action raised; the cause is kept. Not an Exception, so that Rasa's `except Exception` lets it through."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


def trust_own_results() -> None:
    """Rasa checks what an action server answers against a schema that it builds anew each time, a third of a turn's
    work. Ours never leaves this process: rasa_sdk made it."""
    RemoteAction._validate_action_result = _is_our_own


def _is_our_own(action: RemoteAction, result: dict[str, Any]) -> bool:
    return True


class InProcessEndpoint(EndpointConfig):
    """An action endpoint without HTTP. Actions get no copy of the domain: none of ours asks for one."""

    def __init__(self, run_action: RunAction) -> None:
        super().__init__(url="in-process:", selective_domain=True)
        self._run_action = run_action

    async def request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """See EndpointConfig. Raises ActionFailed."""
        payload: dict[str, Any] = kwargs["json"]
        try:
            return await self._run_action(payload)
        except Exception as error:
            raise ActionFailed(payload["next_action"]) from error


class TurnTrackers(TrackerStore):
    """Trackers of the turns that are running now."""

    def __init__(self) -> None:
        super().__init__(domain=None)
        self._trackers: dict[str, DialogueStateTracker] = {}

    def begin(self, tracker: DialogueStateTracker) -> None:
        """Rasa will find this tracker under its sender id."""
        self._trackers[tracker.sender_id] = tracker

    def end(self, turn: str) -> None:
        """Forgets the turn."""
        self._trackers.pop(turn, None)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """See TrackerStore."""
        return self._trackers.get(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Nothing: what lasts is the snapshot."""


class Collected(OutputChannel):
    """Keeps each message whole, text and buttons and data together."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """See OutputChannel."""
        return "niangjia"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """See OutputChannel."""
        self.messages.append(copy.deepcopy(message))
