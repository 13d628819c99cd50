"""What cadres add to a talk: who looks, who takes part, notes, sheets, calls, and the broken glass."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from handoff.kinds import CallBackReason, CallBackState, Part, SheetKind
from handoff.models.cadres import Cadre
from handoff.models.cases import Case
from handoff.models.conversations import Conversation
from handoff.models.organisations import Department, Organisation


class Viewing(models.Model):
    """A cadre's page shows the talk; `seen_at` is its last sign of life."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="viewings")
    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "cadre"], name="one_viewing_per_cadre_and_talk")]


class Participant(models.Model):
    """A colleague who was asked for advice, or serves the worker together with the holder."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "cadre"], condition=Q(ended_at__isnull=True), name="one_part_at_a_time"
            )
        ]


class Note(models.Model):
    """A private note of cadres on a talk, never shown to the worker. `to`: a colleague whose advice is asked for."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.PROTECT, related_name="notes_to_me")
    body_sealed = models.BinaryField()
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True, help_text="when the colleague opened the talk")

    class Meta:
        ordering = ["pk"]

    @property
    def body(self) -> str:
        """The words. Raises ContactErased."""
        return self.conversation.contact.open_text(self.body_sealed, place=f"note:{self.reference}:body")

    def seal(self, body: str) -> None:
        """Put the words into the row; the caller saves."""
        self.body_sealed = self.conversation.contact.seal_text(body, place=f"note:{self.reference}:body")


class Sheet(models.Model):
    """A sheet made from the talk: for 110, or the first, further and last report of a collective matter."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="sheets")
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=SheetKind.choices)
    number = models.PositiveSmallIntegerField(default=1, help_text="which one of its kind")
    fields_sealed = models.BinaryField()
    made_by = models.ForeignKey(Cadre, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_to = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "kind", "number"], name="sheets_of_a_kind_are_numbered")
        ]

    @property
    def fields(self) -> dict[str, Any]:
        """What stands on the sheet. Raises ContactErased."""
        opened: dict[str, Any] = self.conversation.contact.open_json(
            self.fields_sealed, place=f"sheet:{self.reference}:fields"
        )
        return opened

    def seal_fields(self, fields: dict[str, Any]) -> None:
        """Put the fields into the row; the caller saves."""
        self.fields_sealed = self.conversation.contact.seal_json(fields, place=f"sheet:{self.reference}:fields")


class CallBack(models.Model):
    """A telephone call that was agreed with the worker: number, time, and how the caller names themselves."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="call_backs")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="call_backs")
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reason = models.CharField(max_length=10, choices=CallBackReason.choices)
    state = models.CharField(max_length=10, choices=CallBackState.choices, default=CallBackState.OPEN)
    due_from = models.DateTimeField()
    due_until = models.DateTimeField()
    details_sealed = models.BinaryField(help_text="phone, when, said_as, about")
    created_at = models.DateTimeField()
    tried = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due_from", "pk"]
        indexes = [
            models.Index(fields=["due_from"], condition=Q(state=CallBackState.OPEN), name="open_call_backs"),
        ]
        constraints = [
            models.CheckConstraint(name="call_ends_after_it_begins", condition=Q(due_until__gt=models.F("due_from"))),
        ]

    @property
    def details(self) -> dict[str, str]:
        """`phone`, `when` (the worker's words), `said_as` (how the caller names themselves), `about`."""
        opened: dict[str, str] = self.conversation.contact.open_json(
            self.details_sealed, place=f"call_back:{self.reference}:details"
        )
        return opened

    def seal_details(self, details: dict[str, str]) -> None:
        """Put the details into the row; the caller saves."""
        self.details_sealed = self.conversation.contact.seal_json(details, place=f"call_back:{self.reference}:details")


class BreakGlass(models.Model):
    """Personal data looked up because a life is in danger (PIPL 13(4), 18): by two people, or by the duty lead."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="broken_glass")
    asked_by = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason_sealed = models.BinaryField()
    confirmed_by = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    @property
    def reason(self) -> str:
        """Why. Raises ContactErased."""
        return self.conversation.contact.open_text(
            self.reason_sealed, place=f"conversation:{self.conversation_id}:glass"
        )

    def seal_reason(self, reason: str) -> None:
        """Put the reason into the row; the caller saves."""
        place = f"conversation:{self.conversation_id}:glass"
        self.reason_sealed = self.conversation.contact.seal_text(reason, place=place)


class CannedReply(models.Model):
    """Words that cadres use again and again. They name no person."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="canned_replies")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=40)
    text = models.CharField(max_length=1000)
    rank = models.PositiveSmallIntegerField(default=0)
    changed_by = models.ForeignKey(Cadre, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "title"], name="one_canned_reply_per_title")]
