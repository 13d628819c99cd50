"""Cadres: the people who answer."""

from django.conf import settings
from django.db import models

from handoff.kinds import CadreRole
from handoff.models.organisations import Department, Organisation


class Cadre(models.Model):
    """A union cadre with an account. On duty = says so and has the console open (`seen_at` is recent)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cadre")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cadres")
    display_name = models.CharField(max_length=40)
    role = models.CharField(max_length=20, choices=CadreRole.choices, default=CadreRole.CADRE)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.SET_NULL, related_name="cadres")
    reads_crisis = models.BooleanField(default=False, help_text="one of the named duty cadres who read crisis talks")
    is_woman = models.BooleanField(default=False, help_text="may be given talks of workers who asked for a woman")
    capacity = models.PositiveSmallIntegerField(default=5, help_text="talks at a time that are given to this cadre")
    phone = models.CharField(max_length=30, blank=True)
    mail = models.EmailField(blank=True)
    on_duty = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.display_name

    @property
    def reads_chats(self) -> bool:
        """Whether this account may read workers' words at all; an operator may not."""
        return self.role != CadreRole.OPERATOR
