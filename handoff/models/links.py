"""Joining a second channel to the first: a one-time code, who tried one, and the person that both belong to."""

from __future__ import annotations

from django.db import models

from handoff.models.conversations import Conversation


class LinkCode(models.Model):
    """A one-time code asked for in `conversation`, entered in `entered_in`, good only once confirmed in the first."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="link_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    entered_in = models.ForeignKey(Conversation, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    entered_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True, help_text="confirmed or refused on the first channel")
    confirmed = models.BooleanField(default=False)
    draft_waits = models.BooleanField(
        default=False, help_text="confirmed: a half-filled form moves with the next word in the second talk"
    )


class LinkTry(models.Model):
    """A wrong code: five of them in a talk, and it waits."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="link_tries")
    tried_at = models.DateTimeField(db_index=True)
