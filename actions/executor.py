"""Runs actions inside the process, in the shape that Rasa's action endpoint speaks."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor


class ActionRunner:
    """A failing action raises out of `run`: the turn fails as a whole and nothing it wanted is committed."""

    def __init__(self, actions: Iterable[Action]) -> None:
        # It announces every action it is given, and would show what an action returned at debug level.
        logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)

    @property
    def names(self) -> frozenset[str]:
        """Names of the actions that can run."""
        return frozenset(self._executor.actions)

    async def run(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Takes Rasa's webhook payload, gives `{"events": [...], "responses": [...]}`."""
        result: dict[str, Any] | None = await self._executor.run(payload)
        return result or {"events": [], "responses": []}
