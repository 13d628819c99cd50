"""Alarms off the console's page: what was sent by which road, how the roads are, and where the chain ends."""

from django.db import models

from handoff.kinds import AlertRoad, Delivery
from handoff.models.cadres import Cadre
from handoff.models.conversations import Conversation
from handoff.models.organisations import Organisation


class ChainEnd(models.Model):
    """Who is told at the last when nobody acknowledges an alarm: a named partner who answers around the clock."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="chain_end")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30)
    mail = models.EmailField(blank=True)
    agreed_on = models.DateField(help_text="when they agreed to be called")
    recorded_by = models.ForeignKey(Cadre, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField()


class Alert(models.Model):
    """One alert by one road: a row first, then sent. It carries the talk's number, a colour and a link, nothing else.

    `conversation` is empty for a trial. `address` is a mail address; empty for the group robot, whose address is a
    secret of the settings.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(
        Conversation, null=True, blank=True, on_delete=models.CASCADE, related_name="alerts"
    )
    step = models.PositiveSmallIntegerField(default=0)
    road = models.CharField(max_length=8, choices=AlertRoad.choices)
    cadre = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="not before; moved on by each failed attempt")
    delivery = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.PENDING)
    changed_at = models.DateTimeField(null=True, blank=True)
    owner = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["delivery", "due_at"], name="alerts_by_delivery"),
            models.Index(fields=["organisation", "road", "id"], name="alerts_of_road"),
        ]
