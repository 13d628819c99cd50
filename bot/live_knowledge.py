"""A knowledge base that is built while the desk runs is taken up by itself: loaded beside the old one, then put in its
place. Whatever runs at that moment ends with the one it began with."""

from __future__ import annotations

import logging
import threading
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from bot.interpreter import keep_what_is_loaded
from bot.journal import log_failure

if TYPE_CHECKING:
    from bot.parts import Parts
    from knowledge.search import KnowledgeBase

log = logging.getLogger("niangjia.knowledge")

RunAction = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

LOOK_EVERY_S: Final = 10.0


class KnowledgeWatch:
    """A thread that looks, every few seconds, for a newer knowledge base. Each process that holds one has its own."""

    def __init__(self, renew: Callable[[], bool]) -> None:
        """`renew`: take up what is newer; whether there was anything. What it raises is logged, and tried again."""
        self._renew = renew
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="knowledge-watch", daemon=True)

    def start(self) -> None:
        """Once, when the parts are loaded or known to be missing."""
        self._thread.start()

    def stop(self) -> None:
        """Also before `start`. What is being loaded is left."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            try:
                if self._renew():
                    log.info("a newer knowledge base was taken up")
                    keep_what_is_loaded()
            except Exception as error:
                log_failure(log, "a newer knowledge base could not be taken up; the present one goes on", error)


class LiveActions:
    """Runs the dialogue's actions, each from beginning to end over the knowledge base that is loaded as it begins."""

    def __init__(self, parts: Parts, make: Callable[[KnowledgeBase], RunAction]) -> None:
        """`make`: what runs the actions over one knowledge base."""
        self._parts, self._make = parts, make
        self._made: tuple[KnowledgeBase, RunAction] | None = None

    async def run(self, payload: dict[str, Any]) -> dict[str, Any]:
        """See `ActionRunner`. Raises PartNotReady."""
        return await self._over(self._parts.need_knowledge())(payload)

    def _over(self, knowledge_base: KnowledgeBase) -> RunAction:
        made = self._made  # read once: another thread may put a newer pair there
        if made is None or made[0] is not knowledge_base:
            self._made = made = (knowledge_base, self._make(knowledge_base))
        return made[1]
