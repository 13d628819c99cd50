"""A desk for tests over the test database: real records, real rules, real turns and delivery; the engine is chosen."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from bot.composition import Desk, compose
from bot.parts import PartState
from bot.visitors import begin_conversation
from handoff.first_run import add_cadre, ensure_union
from handoff.intake import Inbound, Received, receive
from handoff.kinds import CadreRole, Channel
from handoff.models import Cadre, Conversation, Message, Organisation
from handoff.screening.screener import Screener


@dataclass
class Clock:
    """A clock that moves when told."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 10, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: float) -> None:
        """Move on: `forward(minutes=5)`."""
        self.now += timedelta(**units)


@dataclass
class TestDesk:
    """A composed desk with helpers in a test's words."""

    __test__ = False
    desk: Desk
    clock: Clock
    union: Organisation

    def visitor(self, channel: Channel = Channel.WEBCHAT) -> Conversation:
        """A new worker's conversation."""
        return begin_conversation(self.union, channel, external_hash=secrets.token_hex(32), now=self.clock())

    def writes(self, conversation: Conversation, text: str, *, key: str | None = None, **extras: Any) -> Received:
        """A worker's message is stored (no turn runs)."""
        inbound = Inbound(text, platform_key=key or f"test:{secrets.token_hex(8)}", extras=extras)
        return receive(conversation.pk, inbound, screen_rules=self.desk.rules.screen, now=self.clock())

    def says(self, conversation: Conversation, text: str, **extras: Any) -> list[str]:
        """A worker's message, its turn and delivery; what became visible to the worker."""
        before = self.heard(conversation)
        self.writes(conversation, text, **extras)
        self.run(conversation)
        return self.heard(conversation)[len(before) :]

    def run(self, conversation: Conversation) -> None:
        """Run what is due."""
        self.desk.turns.run(conversation.pk)
        self.desk.deliverer.run(conversation.pk)

    def heard(self, conversation: Conversation) -> list[str]:
        """All that the worker has been shown by the desk and its cadres, in order."""
        rows = visible(conversation).exclude(kind="worker")
        return [row.body for row in rows]

    def cadre(self, name: str, *, role: CadreRole = CadreRole.CADRE, on_duty: bool = False) -> Cadre:
        """A cadre of the union."""
        add_cadre(self.union, name, display_name=name, role=role, password="correct horse battery")
        cadre = Cadre.objects.get(user__username=name)
        if on_duty:
            Cadre.objects.filter(pk=cadre.pk).update(on_duty=True, seen_at=self.clock())
            cadre.refresh_from_db()
        return cadre


def visible(conversation: Conversation) -> Any:
    """The messages that the worker's page shows, in order."""
    return (
        Message.objects.filter(conversation=conversation, position__isnull=False)
        .select_related("conversation__contact", "cadre")
        .order_by("position")
    )


def make_desk(dialogue: Any) -> TestDesk:
    """A test desk with the given engine; only the rules layer screens."""
    clock = Clock()
    desk = compose(settings.NIANGJIA, clock=clock)
    desk.parts.dialogue = dialogue
    desk.parts.screening = Screener(desk.rules, None)
    for name in desk.parts.states:
        desk.parts.states[name] = PartState.READY
    return TestDesk(desk, clock, ensure_union("测试总工会"))
