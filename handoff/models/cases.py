"""Cases: requests with a number, kept moving."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from handoff.kinds import CaseKind, CaseState, Outcome
from handoff.models.contacts import Contact
from handoff.models.conversations import Conversation
from handoff.models.messages import Message
from handoff.models.organisations import Organisation


class Case(models.Model):
    """A request. `case_no` is the number people see; the fields a worker gave are sealed."""

    case_no = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=CaseKind.choices)
    state = models.CharField(max_length=12, choices=CaseState.choices, default=CaseState.REGISTERED)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="cases")
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="cases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    begun_by = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    fields_sealed = models.BinaryField(default=b"", blank=True)
    external_system = models.CharField(max_length=40, blank=True)
    external_no = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    key_date = models.DateField(null=True, blank=True, help_text="from which the worker's own limitation runs")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["begun_by", "kind"], name="one_case_per_message_and_kind"),
            models.UniqueConstraint(
                fields=["conversation", "kind"],
                condition=Q(kind__in=[CaseKind.CRISIS, CaseKind.HANDOFF, CaseKind.SENSITIVE])
                & Q(state__in=[CaseState.REGISTERED, CaseState.ACCEPTED]),
                name="one_open_handover_case_per_talk",
            ),
        ]
        indexes = [models.Index(fields=["contact", "opened_at"], name="cases_of_contact")]

    @property
    def fields(self) -> dict[str, Any]:
        """What the worker gave. Raises ContactErased."""
        if not self.fields_sealed:
            return {}
        opened: dict[str, Any] = self.contact.open_json(self.fields_sealed, place=f"case:{self.case_no}:fields")
        return opened

    def seal_fields(self, fields: dict[str, Any]) -> None:
        """Put the worker's fields into the row; the caller saves."""
        self.fields_sealed = self.contact.seal_json(fields, place=f"case:{self.case_no}:fields")
