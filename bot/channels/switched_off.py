"""A channel that the settings have switched off: what is still pending there waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.delivery import SendOutcome, SendResult
from handoff.models import Message


class SwitchedOffSender:
    """Sends nothing; the cadre sees that nothing arrives."""

    pulls = False

    def send(self, message: Message, *, joined: Sequence[Message] = ()) -> SendOutcome:
        """Until the channel is there again and the worker writes."""
        return SendOutcome(SendResult.WAITING, "channel switched off")

    def holds(self, first: Message, *, now: datetime) -> bool:
        """Nothing is held."""
        return False

    def joins(self, first: Message, following: Sequence[Message]) -> int:
        """Nothing is joined."""
        return 0
