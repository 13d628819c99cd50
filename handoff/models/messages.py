"""Messages: what was said, in and out, with how far each came."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from handoff.kinds import Delivery, Medium, MessageKind
from handoff.models.cadres import Cadre
from handoff.models.conversations import Conversation
from handoff.screening.levels import Level


class Message(models.Model):
    """One message. The words and what belongs to them (buttons, citations, platform payload) are sealed."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=MessageKind.choices)
    platform_key = models.CharField(max_length=160, null=True, blank=True, unique=True)
    body_sealed = models.BinaryField()
    extras_sealed = models.BinaryField(default=b"", blank=True)
    cadre = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    in_reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies")
    created_at = models.DateTimeField()
    position = models.PositiveIntegerField(null=True, blank=True, help_text="place in the talk, once visible")

    answered_at = models.DateTimeField(null=True, blank=True, help_text="worker's message: when its turn was over")
    level = models.CharField(
        max_length=12, choices=[(level.value, level.value) for level in Level], default=Level.ORDINARY.value
    )

    medium = models.CharField(max_length=8, choices=Medium.choices, default=Medium.TEXT)
    words_name = models.CharField(max_length=30, blank=True, help_text="which of the fixed words these are")
    delivery = models.CharField(max_length=10, choices=Delivery.choices)
    delivery_owner = models.CharField(max_length=60, blank=True)
    delivery_changed_at = models.DateTimeField(null=True, blank=True)
    delivery_reason = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    parts_sent = models.PositiveSmallIntegerField(default=0, help_text="of a long text that is sent in several")
    retry_at = models.DateTimeField(null=True, blank=True, help_text="pending: not to be tried before")
    carried_by = models.ForeignKey(
        "handoff.Push",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="carried",
        help_text="the push whose response carried these words",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "position"], name="one_message_per_position"),
            models.CheckConstraint(
                name="worker_messages_are_received_others_are_sent",
                condition=Q(kind=MessageKind.WORKER, delivery=Delivery.RECEIVED)
                | (~Q(kind=MessageKind.WORKER) & ~Q(delivery=Delivery.RECEIVED)),
            ),
            models.CheckConstraint(
                name="cadre_messages_name_their_cadre",
                condition=~Q(kind=MessageKind.CADRE) | Q(cadre__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["conversation", "id"],
                condition=Q(kind=MessageKind.WORKER, answered_at__isnull=True),
                name="unanswered_messages",
            ),
            # Not a partial index: SQLite does not use one for `IN` with parameters.
            models.Index(fields=["delivery", "conversation"], name="messages_by_delivery"),
        ]

    @property
    def body(self) -> str:
        """The words. Raises ContactErased."""
        return self.conversation.contact.open_text(self.body_sealed, place=f"message:{self.reference}:body")

    @property
    def extras(self) -> dict[str, Any]:
        """What came with the words: `buttons`, `citations` (ours), `choice`, `payload` (theirs)."""
        if not self.extras_sealed:
            return {}
        opened: dict[str, Any] = self.conversation.contact.open_json(
            self.extras_sealed, place=f"message:{self.reference}:extras"
        )
        return opened

    def seal(self, body: str, extras: dict[str, Any] | None = None) -> None:
        """Put words and extras into the row; the caller saves."""
        contact = self.conversation.contact
        self.body_sealed = contact.seal_text(body, place=f"message:{self.reference}:body")
        if extras:
            self.extras_sealed = contact.seal_json(extras, place=f"message:{self.reference}:extras")

    def add_extras(self, **more: Any) -> None:
        """Put further extras beside those that are there; the caller saves `extras_sealed`."""
        self.extras_sealed = self.conversation.contact.seal_json(
            {**self.extras, **more}, place=f"message:{self.reference}:extras"
        )
