"""Audit rows: who did what to what, when. Ids only, never words."""

from django.db import models

from handoff.kinds import AuditAction
from handoff.models.cadres import Cadre


class AuditRow(models.Model):
    """One act. `subject` names a row ("conversation:12"), so that it stays true after the row is gone."""

    at = models.DateTimeField()
    cadre = models.ForeignKey(Cadre, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=20, choices=AuditAction.choices)
    subject = models.CharField(max_length=60)
    detail = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject", "id"], name="audit_of_subject")]
