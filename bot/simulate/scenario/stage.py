"""Where a scenario plays: what people can do on any of the platforms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.simulate.faults import Faults
from bot.simulate.records import Push, Record
from bot.simulate.scenario.steps import Act, Sent


class NotThere(Exception):
    """What somebody was to tap is not on their screen, or the platform has no such thing; a sentence."""


class Stage(Protocol):
    """One simulator as a scenario sees it. `who` are people's names."""

    platform_name: str

    @property
    def record(self) -> Record: ...

    @property
    def faults(self) -> Faults: ...

    def now(self) -> float:
        """The platform's time."""

    def key(self, who: str) -> str:
        """By what the record knows a person."""

    def figures(self) -> Mapping[str, object]:
        """What the rehearsal comes to so far."""

    async def says(self, who: str, words: str) -> Push:
        """A text message."""

    async def sends(self, who: str, what: Sent) -> Push:
        """A sample file or a place."""

    async def taps(self, who: str, words: str) -> Push:
        """A link, button or menu entry with these words. Raises NotThere."""

    async def follows(self, who: str, scene: str) -> Push:
        """A new follower."""

    async def unfollows(self, who: str) -> Push:
        """One less."""

    async def scans(self, who: str, scene: str) -> Push:
        """A poster's code."""

    async def uploads(self, who: str, name: str, content: bytes, content_type: str) -> Push:
        """A file of the operator's own."""

    def standing(self, who: str) -> str:
        """How this person stands with the account, as words."""

    def account_words(self) -> str:
        """What is played here, as words."""

    def acts(self, act: Act, who: tuple[str, ...]) -> None:
        """The platform itself. Raises NotThere."""
