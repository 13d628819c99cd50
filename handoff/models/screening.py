"""What an installation adds to the screening and to the fixed words: own phrases, and who approved the words."""

from django.db import models
from django.db.models import Q

from handoff.models.cadres import Cadre
from handoff.models.organisations import Organisation
from handoff.screening.levels import Category


class OwnPhrase(models.Model):
    """A phrase that a cadre added to the rules, in their small language (handoff/screening/phrases.py)."""

    category = models.CharField(max_length=20, choices=[(category.value, category.value) for category in Category])
    phrase = models.CharField(max_length=80)
    is_exception = models.BooleanField(default=False, help_text="such words are no sign of this category")
    added_by = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    retired_by = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "phrase", "is_exception"],
                condition=Q(retired_at__isnull=True),
                name="each_phrase_once",
            )
        ]


class WordsApproval(models.Model):
    """Professionals have read the fixed words in exactly this wording (`digest`) and approved them."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="words_approvals")
    digest = models.CharField(max_length=16)
    approved_by = models.CharField(max_length=80, help_text="name and institution")
    approved_on = models.DateField()
    recorded_by = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
