"""Conversations: one per contact and channel, with who answers now."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from handoff.kinds import Channel, WindowKind
from handoff.models.cadres import Cadre
from handoff.models.contacts import Contact
from handoff.models.organisations import Department, Organisation
from handoff.screening.levels import Level


class Conversation(models.Model):
    """A talk. `holder` set: a cadre answers. `waiting_since` set: the worker waits for one. Else the desk answers."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="conversations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="conversations")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    account = models.CharField(max_length=40, default="main")
    created_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True, help_text="when the worker last wrote")
    closed_at = models.DateTimeField(null=True, blank=True)

    holder = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.PROTECT, related_name="held")
    held_since = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    level = models.CharField(
        max_length=12, choices=[(level.value, level.value) for level in Level], default=Level.ORDINARY.value
    )
    categories = models.JSONField(default=list, blank=True)
    past_categories = models.JSONField(
        default=list, blank=True, help_text="of earlier matters in this talk: who may read it stays as narrow"
    )
    alarmed_at = models.DateTimeField(null=True, blank=True)
    words_due_at = models.DateTimeField(
        null=True, blank=True, help_text="held talk in crisis: when the desk speaks if its cadre does not"
    )
    silent = models.BooleanField(default=False, help_text="only fixed words come from the desk")
    takeovers = models.PositiveIntegerField(default=0, help_text="how often a cadre has taken over")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    alarm_step = models.PositiveSmallIntegerField(default=0, help_text="how far the alarm's chain has come")
    alarm_due_at = models.DateTimeField(
        null=True, blank=True, help_text="when the chain goes on if nobody acknowledges"
    )
    words_name = models.CharField(max_length=30, blank=True, help_text="the fixed words for what stands in the row")
    urgent = models.BooleanField(
        default=False, help_text="many people, or life and limb: after crisis, before the rest"
    )
    headcount = models.PositiveIntegerField(null=True, blank=True, help_text="how many people it concerns, as written")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.SET_NULL, related_name="talks")
    assigned_to = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned")
    assigned_at = models.DateTimeField(null=True, blank=True)
    flags = models.JSONField(default=list, blank=True, help_text="values of Flag")
    kept_from = models.ManyToManyField(Cadre, blank=True, related_name="+", help_text="cadres complained of")
    weak_signs = models.JSONField(default=list, blank=True, help_text="[ISO time, weight] of the last day")
    unanswered_since = models.DateTimeField(
        null=True, blank=True, help_text="held talk: the worker's first message that the cadre has not answered"
    )
    silence_told_at = models.DateTimeField(null=True, blank=True, help_text="when the worker was told of the silence")
    unread_since = models.DateTimeField(null=True, blank=True, help_text="voice, picture … that nobody has opened")
    released_at = models.DateTimeField(null=True, blank=True, help_text="when a cadre last gave the talk back")
    brief_sealed = models.BinaryField(default=b"", blank=True)

    window_opened_at = models.DateTimeField(
        null=True, blank=True, help_text="when the worker last gave the platform cause to let us write"
    )
    window_kind = models.CharField(max_length=8, choices=WindowKind.choices, blank=True)
    window_used = models.PositiveSmallIntegerField(default=0, help_text="messages sent since then")
    unreachable = models.CharField(max_length=20, blank=True, help_text="why nothing can be sent: unfollowed, blocked")

    next_position = models.PositiveIntegerField(default=1)
    snapshot_sealed = models.BinaryField(default=b"", blank=True)
    failed_turns = models.PositiveSmallIntegerField(default=0)
    turn_owner = models.CharField(max_length=60, blank=True)
    turn_expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="held_by_somebody_since_some_time",
                condition=Q(holder__isnull=True, held_since__isnull=True)
                | Q(holder__isnull=False, held_since__isnull=False),
            ),
            models.CheckConstraint(
                name="held_or_waiting_never_both",
                condition=Q(holder__isnull=True) | Q(waiting_since__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["waiting_since"], condition=Q(waiting_since__isnull=False), name="waiting_talks"),
            models.Index(fields=["words_due_at"], condition=Q(words_due_at__isnull=False), name="talks_with_words_due"),
            models.Index(fields=["alarm_due_at"], condition=Q(alarm_due_at__isnull=False), name="talks_with_alarm_due"),
            models.Index(
                fields=["unanswered_since"], condition=Q(unanswered_since__isnull=False), name="talks_left_unanswered"
            ),
            models.Index(fields=["holder"], condition=Q(holder__isnull=False), name="held_talks"),
            models.Index(fields=["contact", "channel"], name="talks_of_contact"),
        ]

    @property
    def number(self) -> str:
        """What cadres call it on the screen: no personal data."""
        return f"T{self.pk:06d}"

    @property
    def desk_is_silent(self) -> bool:
        """A cadre speaks, or somebody is in danger: then only fixed words come from the desk."""
        return self.holder_id is not None or self.silent

    @property
    def alarm_rings(self) -> bool:
        """Whether the alarm waits for somebody to acknowledge it."""
        return self.alarmed_at is not None and self.acknowledged_at is None

    @property
    def brief(self) -> str:
        """What the cadre who gave the talk back left for the desk to say; empty when nothing."""
        if not self.brief_sealed:
            return ""
        return self.contact.open_text(self.brief_sealed, place=f"conversation:{self.pk}:brief")

    def seal_brief(self, brief: str) -> None:
        """Put the brief into the row; the caller saves `brief_sealed`."""
        self.brief_sealed = self.contact.seal_text(brief, place=f"conversation:{self.pk}:brief") if brief else b""

    @property
    def snapshot(self) -> str | None:
        """The dialogue engine's snapshot as JSON, or None for a new talk."""
        if not self.snapshot_sealed:
            return None
        return self.contact.open_text(self.snapshot_sealed, place=f"conversation:{self.pk}:snapshot")

    def seal_snapshot(self, snapshot: str | None) -> None:
        """Put the engine's snapshot into the row; the caller saves `snapshot_sealed`."""
        self.snapshot_sealed = (
            self.contact.seal_text(snapshot, place=f"conversation:{self.pk}:snapshot") if snapshot else b""
        )

    def take_position(self) -> int:
        """The next place in the talk as the worker sees it. The caller holds the row's lock and saves."""
        position = self.next_position
        self.next_position = position + 1
        return position

    @classmethod
    def locked(cls, pk: Any) -> Conversation:
        """The row, locked until the transaction ends (SQLite: IMMEDIATE transactions do it)."""
        return cls._for_update().get(pk=pk)

    @classmethod
    def latest_locked(cls, contact_id: Any, *, channel: str, account: str) -> Conversation | None:
        """The contact's newest talk there, locked likewise; None where there is none."""
        talks = cls._for_update().filter(contact_id=contact_id, channel=channel, account=account)
        return talks.order_by("-pk").first()

    @classmethod
    def _for_update(cls) -> models.QuerySet[Conversation]:
        return cls.objects.select_for_update(of=("self", "contact")).select_related("contact")
