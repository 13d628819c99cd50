"""What chat platforms push to us, stored before it is acknowledged, and what is shared to answer them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from handoff.kinds import Channel, ReplyState
from handoff.models.contacts import Contact
from handoff.models.conversations import Conversation
from handoff.models.messages import Message


class Push(models.Model):
    """One push of a platform: a worker's message or an event, under the id the platform gave it.

    `payload_sealed` holds it until it has been taken in, and is empty afterwards. `reply_*` is for platforms that read
    the answer from the response: every delivery of the push gets the same.
    """

    platform_key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    account = models.CharField(max_length=40, default="main")
    sender_hash = models.CharField(max_length=64)
    payload_sealed = models.BinaryField(default=b"", blank=True)
    received_at = models.DateTimeField()
    pressing = models.BooleanField(default=False, help_text="the rules saw danger while storing: taken in first")
    taken_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    conversation = models.ForeignKey(Conversation, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    reply_state = models.CharField(max_length=8, choices=ReplyState.choices, default=ReplyState.NONE)
    reply_until = models.DateTimeField(null=True, blank=True, help_text="until when the response can carry words")
    reply_sealed = models.BinaryField(default=b"", blank=True)
    reply_closed_at = models.DateTimeField(null=True, blank=True, help_text="when words were decided for it")
    reply_written_at = models.DateTimeField(
        null=True, blank=True, help_text="when a response was handed to the network"
    )

    class Meta:
        indexes = [
            models.Index(fields=["sender_hash", "id"], condition=Q(taken_at__isnull=True), name="pushes_to_take"),
            models.Index(
                fields=["reply_closed_at"],
                condition=Q(reply_closed_at__isnull=False, reply_written_at__isnull=True),
                name="replies_to_write",
            ),
            models.Index(fields=["received_at"], name="pushes_by_age"),
            models.Index(fields=["conversation", "reply_until"], name="pushes_of_talk"),
        ]


class UsedSignature(models.Model):
    """A signature that has come in: one that comes again with another body is a forgery. Swept when too old to pass."""

    digest = models.CharField(max_length=64, unique=True)
    platform_key = models.CharField(max_length=160)
    used_at = models.DateTimeField(db_index=True)


class PlatformToken(models.Model):
    """An access token that all processes share, sealed; `lease_*`: who is fetching a new one."""

    channel = models.CharField(max_length=12, choices=Channel.choices)
    account = models.CharField(max_length=40, default="main")
    token_sealed = models.BinaryField(default=b"", blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    forced_at = models.DateTimeField(null=True, blank=True, help_text="when the platform was last made to change it")
    forced_today = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "account"], name="one_token_per_account")]


class PendingMedia(models.Model):
    """A voice, picture … that the platform still holds for us. `source_sealed`: JSON with where to fetch it."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="pending_media")
    source_sealed = models.BinaryField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True, help_text="null: given up, or done")
    failed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="media_to_fetch")]


class Scan(models.Model):
    """Somebody came by a poster: its scene code (site and poster), and whether they were new."""

    channel = models.CharField(max_length=12, choices=Channel.choices)
    account = models.CharField(max_length=40, default="main")
    scene = models.CharField(max_length=64)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="scans")
    is_new = models.BooleanField(default=False)
    scanned_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["scene", "scanned_at"], name="scans_by_scene")]
