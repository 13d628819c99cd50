"""One worker's conversation in this process, without the background threads: for `talk` and `chat`."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bot.visitors import begin_conversation
from handoff.intake import Inbound, receive
from handoff.kinds import Channel, MessageKind
from handoff.models import Conversation, Message, Organisation

if TYPE_CHECKING:
    from bot.composition import Desk


class LocalConversation:
    """A new worker who writes through the whole desk: stored, screened, answered, delivered."""

    def __init__(self, desk: Desk, union: Organisation) -> None:
        self._desk = desk
        self._seen = 0
        conversation = begin_conversation(
            union, Channel.TERMINAL, external_hash=secrets.token_hex(32), now=desk.clock()
        )
        self.id = conversation.pk

    def write(self, text: str) -> None:
        """Say something; every turn and delivery that follows from it has ended when this returns."""
        inbound = Inbound(text, platform_key=f"terminal:{self.id}:{secrets.token_hex(8)}")
        receive(self.id, inbound, screen_rules=self._desk.rules.screen, now=self._desk.clock())
        self._desk.turns.run(self.id)
        self._desk.deliverer.run(self.id)

    def heard(self) -> list[Message]:
        """What the desk has said since the last call, in the order in which the worker sees it."""
        self._desk.deliverer.run(self.id)
        rows = list(
            Message.objects.filter(conversation_id=self.id, position__gt=self._seen)
            .select_related("conversation__contact", "cadre")
            .order_by("position")
        )
        if rows:
            self._seen = rows[-1].position or self._seen
        return [row for row in rows if row.kind != MessageKind.WORKER]

    def actions_of_last_turn(self) -> tuple[str, ...]:
        """What the dialogue did; nothing when it was not asked, as in danger."""
        from nlu.engine import Snapshot

        kept = Conversation.objects.select_related("contact").get(pk=self.id).snapshot
        recent = Snapshot.from_json(kept).recent if kept else ()
        return recent[-1].actions if recent else ()
