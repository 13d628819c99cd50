"""Voice, pictures, videos and files that workers sent: the original is kept, sealed, in a file of its own."""

from __future__ import annotations

import uuid

from django.db import models

from handoff.models.cadres import Cadre
from handoff.models.messages import Message


class Attachment(models.Model):
    """One file. `sha256` is of the original bytes; the sealed bytes lie in the evidence folder under `reference`."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name_sealed = models.BinaryField()
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True, help_text="when a cadre first opened it")
    opened_by = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    @property
    def name(self) -> str:
        """The file's name as the worker had it. Raises ContactErased."""
        return self.message.conversation.contact.open_text(self.name_sealed, place=f"attachment:{self.reference}:name")

    def seal_name(self, name: str) -> None:
        """Put the name into the row; the caller saves."""
        contact = self.message.conversation.contact
        self.name_sealed = contact.seal_text(name, place=f"attachment:{self.reference}:name")
