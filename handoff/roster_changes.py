"""Changing the roster: lines and absences, each change one transaction and one audit row.

Whoever changes who serves locks the rows of those concerned first, as an assignment does: one of the two comes first,
and an assignment that comes second knows the new roster.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from django.db import transaction

from handoff.audit import record
from handoff.kinds import AuditAction, DayKind
from handoff.models import Absence, Cadre, RosterLine
from handoff.readers import is_lead
from handoff.wakeups import Topic, bulletin


class NotAllowed(Exception):
    """Only duty leads and supervisors change rosters, assignments and people."""


class LineNotFound(Exception):
    """There is no such line or absence in this union: missing, or another union's."""


class Unfit(StrEnum):
    """Why a line or an absence is refused."""

    STRANGER = "stranger"  # of another union, or an account that does not answer workers
    OWN_STAND_IN = "own_stand_in"
    WEEKDAY = "weekday"
    BACKWARDS = "backwards"  # ends before it begins
    TAKEN = "taken"  # the same cadre, days and hours are there already


class UnfitLine(Exception):
    """A line or absence that cannot be; `why` says what is wrong with it."""

    def __init__(self, why: Unfit) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class NewLine:
    """A line as a lead writes it. `weekday`: 0 Monday … 6 Sunday, None any."""

    cadre: Cadre
    stand_in: Cadre | None
    day_kind: DayKind
    weekday: int | None
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None = None
    rank: int = 0


def add_line(lead: Cadre, new: NewLine, *, now: datetime) -> RosterLine:
    """A new line. Raises NotAllowed, UnfitLine."""
    _check_lead(lead)
    with transaction.atomic():
        lock_cadres(new.cadre, new.stand_in)
        _check(lead, new)
        line = RosterLine.objects.create(**vars(new))
        _note(lead, f"roster:{line.pk}", "added", now=now)
    return line


def change_line(lead: Cadre, line_id: int, new: NewLine, *, now: datetime) -> RosterLine:
    """Other hours, days or people for a line. Raises NotAllowed, LineNotFound, UnfitLine."""
    _check_lead(lead)
    with transaction.atomic():
        line = _line_of(lead, line_id)
        lock_cadres(line.cadre, line.stand_in, new.cadre, new.stand_in)
        _check(lead, new, but=line.pk)
        for name, value in vars(new).items():
            setattr(line, name, value)
        line.save()
        _note(lead, f"roster:{line.pk}", "changed", now=now)
    return line


def remove_line(lead: Cadre, line_id: int, *, now: datetime) -> None:
    """The line is gone. Raises NotAllowed, LineNotFound."""
    _check_lead(lead)
    with transaction.atomic():
        line = _line_of(lead, line_id)
        lock_cadres(line.cadre, line.stand_in)
        line.delete()
        _note(lead, f"roster:{line_id}", f"removed cadre:{line.cadre_id}", now=now)


def add_absence(lead: Cadre, cadre: Cadre, from_on: date, until_on: date, *, now: datetime) -> Absence:
    """A cadre is away on these days, both included. Raises NotAllowed, UnfitLine."""
    _check_lead(lead)
    with transaction.atomic():
        lock_cadres(cadre)
        if not _may_serve(lead, cadre):
            raise UnfitLine(Unfit.STRANGER)
        if until_on < from_on:
            raise UnfitLine(Unfit.BACKWARDS)
        absence = Absence.objects.create(cadre=cadre, from_on=from_on, until_on=until_on)
        _note(lead, f"absence:{absence.pk}", f"added cadre:{cadre.pk}", now=now)
    return absence


def remove_absence(lead: Cadre, absence_id: int, *, now: datetime) -> None:
    """The cadre is there after all. Raises NotAllowed, LineNotFound."""
    _check_lead(lead)
    with transaction.atomic():
        own = Absence.objects.select_related("cadre").filter(cadre__organisation_id=lead.organisation_id)
        absence = own.filter(pk=absence_id).first()
        if absence is None:
            raise LineNotFound(absence_id)
        lock_cadres(absence.cadre)
        absence.delete()
        _note(lead, f"absence:{absence_id}", f"removed cadre:{absence.cadre_id}", now=now)


def lock_cadres(*cadres: Cadre | None) -> None:
    """Their rows, locked in the order of their numbers until the transaction ends."""
    pks = {cadre.pk for cadre in cadres if cadre is not None}
    list(Cadre.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=pks).order_by("pk"))


def _check_lead(lead: Cadre) -> None:
    if not is_lead(lead):
        raise NotAllowed(lead.pk)


def _check(lead: Cadre, new: NewLine, *, but: int = 0) -> None:
    people = [new.cadre] if new.stand_in is None else [new.cadre, new.stand_in]
    if not all(_may_serve(lead, cadre) for cadre in people):
        raise UnfitLine(Unfit.STRANGER)
    if new.stand_in is not None and new.stand_in.pk == new.cadre.pk:
        raise UnfitLine(Unfit.OWN_STAND_IN)
    if new.weekday is not None and not 0 <= new.weekday <= 6:
        raise UnfitLine(Unfit.WEEKDAY)
    if new.valid_until is not None and new.valid_until < new.valid_from:
        raise UnfitLine(Unfit.BACKWARDS)
    same = RosterLine.objects.filter(
        cadre=new.cadre, day_kind=new.day_kind, weekday=new.weekday, starts=new.starts, ends=new.ends
    )
    if same.filter(valid_from=new.valid_from).exclude(pk=but).exists():
        raise UnfitLine(Unfit.TAKEN)


def _may_serve(lead: Cadre, cadre: Cadre) -> bool:
    return cadre.organisation_id == lead.organisation_id and cadre.reads_chats and cadre.user.is_active


def _line_of(lead: Cadre, line_id: int) -> RosterLine:
    own = RosterLine.objects.select_related("cadre", "stand_in").filter(cadre__organisation_id=lead.organisation_id)
    line = own.filter(pk=line_id).first()
    if line is None:
        raise LineNotFound(line_id)
    return line


def _note(lead: Cadre, subject: str, detail: str, *, now: datetime) -> None:
    record(AuditAction.ROSTER, subject, cadre=lead, now=now, detail=detail)
    bulletin.publish_on_commit(0, Topic.QUEUE)
