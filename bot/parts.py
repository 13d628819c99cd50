"""The three parts that are built and loaded: knowledge, screening, dialogue; and how far each is.

The edges store messages long before these are ready; turns wait for them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoff.screening.screener import Screener
    from knowledge.search import KnowledgeBase
    from nlu.engine import DialogueEngine


class PartState(StrEnum):
    """How far a part is."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class PartNotReady(Exception):
    """A part has not been loaded yet, or could not be."""


@dataclass
class Parts:
    """The loaded parts. Written by one loading thread (later `knowledge` by one that renews it), read by all.

    A newer knowledge base takes the place of the one before in one assignment: read it once for one piece of work.
    """

    knowledge: KnowledgeBase | None = None
    screening: Screener | None = None
    dialogue: DialogueEngine | None = None
    states: dict[str, PartState] = field(
        default_factory=lambda: dict.fromkeys(("knowledge", "screening", "dialogue"), PartState.LOADING)
    )
    seconds: dict[str, float] = field(default_factory=dict)
    _settled: threading.Event = field(default_factory=threading.Event)

    @property
    def ready(self) -> bool:
        """Whether every part can answer."""
        return all(state == PartState.READY for state in self.states.values())

    @property
    def settled(self) -> bool:
        """Whether loading is over, well or not."""
        return self._settled.is_set()

    def load(self, loaders: Mapping[str, Callable[[Parts], object]]) -> None:
        """Load part after part; a failure is kept in `states` and raised."""
        try:
            for name, loader in loaders.items():
                began = time.monotonic()
                try:
                    setattr(self, name, loader(self))
                except BaseException:
                    self.states[name] = PartState.FAILED
                    raise
                self.states[name] = PartState.READY
                self.seconds[name] = round(time.monotonic() - began, 2)
        finally:
            self._settled.set()

    def need_dialogue(self) -> DialogueEngine:
        """The engine. Raises PartNotReady."""
        if self.dialogue is None:
            raise PartNotReady("dialogue")
        return self.dialogue

    def need_screening(self) -> Screener:
        """Both layers of screening. Raises PartNotReady."""
        if self.screening is None:
            raise PartNotReady("screening")
        return self.screening

    def need_knowledge(self) -> KnowledgeBase:
        """The knowledge base. Raises PartNotReady."""
        if self.knowledge is None:
            raise PartNotReady("knowledge")
        return self.knowledge
