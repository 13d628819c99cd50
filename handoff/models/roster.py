"""The roster: who is to be on duty when, who stands in, who is away."""

from django.db import models
from django.db.models import F, Q

from handoff.kinds import DayKind
from handoff.models.cadres import Cadre


class RosterLine(models.Model):
    """One line of the roster, local times. `ends` at or before `starts` means the next morning.

    The days are those on which the duty *begins*. `rank` orders people of the same hours in the alarm's chain.
    """

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="roster_lines")
    stand_in = models.ForeignKey(Cadre, null=True, blank=True, on_delete=models.SET_NULL, related_name="stands_in")
    day_kind = models.CharField(max_length=12, choices=DayKind.choices, default=DayKind.WORKDAYS)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 Monday … 6 Sunday; empty: any")
    starts = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(
                name="weekday_is_one_of_seven", condition=Q(weekday__isnull=True) | Q(weekday__lte=6)
            ),
            models.CheckConstraint(
                name="roster_line_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="nobody_stands_in_for_themselves", condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("cadre"))
            ),
        ]


class Absence(models.Model):
    """A cadre is away on these days, both included; the stand-in of their lines serves."""

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="absences")
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(name="absence_ends_after_it_begins", condition=Q(until_on__gte=F("from_on"))),
        ]
