"""Unions and the hotlines that each of them names."""

from django.db import models

from handoff.kinds import DepartmentKind, OrganisationKind


class Organisation(models.Model):
    """A union: a legal person that handles personal data in its own name (PIPL 73)."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department of a union; one for each kind of matter that it looks after."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="departments")
    kind = models.CharField(max_length=12, choices=DepartmentKind.choices)
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind"], name="one_department_per_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class Hotline(models.Model):
    """A number that works here and now; which ones do differs by place, so each installation keeps its own table."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="hotlines")
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    hours = models.CharField(max_length=80)
    purpose = models.CharField(max_length=120)
    dial = models.CharField(max_length=40, blank=True, help_text="with area code where the short number needs one")
    verified_on = models.DateField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank", "number"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="one_hotline_per_number"),
        ]
