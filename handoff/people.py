"""The people of a union and its departments, as a supervisor keeps them: each change one audit row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from handoff.audit import record
from handoff.kinds import AuditAction, CadreRole, DepartmentKind
from handoff.models import Cadre, Department
from handoff.roster_changes import NotAllowed, lock_cadres
from handoff.wakeups import Topic, bulletin


class CadreNotFound(Exception):
    """There is no such cadre in this union: missing, or another union's."""


class DepartmentNotFound(Exception):
    """There is no such department in this union: missing, or another union's."""


class DepartmentTaken(Exception):
    """The union has a department of this kind already."""


class LastCrisisReader(Exception):
    """Nobody else is named to read talks of people in danger."""


@dataclass(frozen=True)
class Profile:
    """What a supervisor writes about a cadre. `capacity`: talks at a time that are offered."""

    department: Department | None
    capacity: int
    is_woman: bool
    reads_crisis: bool
    phone: str
    mail: str


def may_edit_people(cadre: Cadre) -> bool:
    """Supervisors keep the list of people."""
    return cadre.role == CadreRole.SUPERVISOR


def change_cadre(
    supervisor: Cadre, cadre_id: int, profile: Profile, *, now: datetime, without_crisis_reader: bool = False
) -> Cadre:
    """Write the profile. Raises NotAllowed, CadreNotFound, DepartmentNotFound.

    Raises LastCrisisReader when it would leave the union without a named crisis reader, unless that is what is meant.
    """
    _check_supervisor(supervisor)
    with transaction.atomic():
        _lock_union(supervisor)
        cadre = people_of(supervisor).filter(pk=cadre_id).first()
        if cadre is None:
            raise CadreNotFound(cadre_id)
        if profile.department is not None and profile.department.organisation_id != supervisor.organisation_id:
            raise DepartmentNotFound(profile.department.pk)
        if not without_crisis_reader and _was_the_last(cadre, profile):
            raise LastCrisisReader(cadre_id)
        changed = [name for name, value in vars(profile).items() if getattr(cadre, name) != value]
        for name in changed:
            setattr(cadre, name, getattr(profile, name))
        if changed:
            cadre.save(update_fields=changed)
            _note(supervisor, f"cadre:{cadre.pk}", " ".join(changed), now=now)
    return cadre


def add_department(supervisor: Cadre, kind: DepartmentKind, name: str, *, now: datetime) -> Department:
    """A new department. Raises NotAllowed, DepartmentTaken."""
    _check_supervisor(supervisor)
    try:
        with transaction.atomic():
            department = Department.objects.create(organisation=supervisor.organisation, kind=kind, name=name)
            _note(supervisor, f"department:{department.pk}", "added", now=now)
    except IntegrityError as error:
        raise DepartmentTaken(kind.value) from error
    return department


def rename_department(supervisor: Cadre, department_id: int, name: str, *, now: datetime) -> Department:
    """Another name. Raises NotAllowed, DepartmentNotFound."""
    _check_supervisor(supervisor)
    with transaction.atomic():
        own = Department.objects.select_for_update().filter(organisation_id=supervisor.organisation_id)
        department = own.filter(pk=department_id).first()
        if department is None:
            raise DepartmentNotFound(department_id)
        department.name = name
        department.save(update_fields=["name"])
        _note(supervisor, f"department:{department.pk}", "renamed", now=now)
    return department


def people_of(cadre: Cadre) -> QuerySet[Cadre]:
    """All cadres of the same union, those who may sign in first."""
    own = Cadre.objects.filter(organisation_id=cadre.organisation_id)
    return own.select_related("user", "department", "organisation").order_by("-user__is_active", "pk")


def crisis_readers(organisation_id: int) -> QuerySet[Cadre]:
    """The cadres who are named to read talks of people in danger."""
    named = Cadre.objects.filter(organisation_id=organisation_id, reads_crisis=True, user__is_active=True)
    return named.exclude(role=CadreRole.OPERATOR)


def _was_the_last(cadre: Cadre, profile: Profile) -> bool:
    readers = crisis_readers(cadre.organisation_id)
    return not profile.reads_crisis and readers.filter(pk=cadre.pk).exists() and readers.count() == 1


def _check_supervisor(supervisor: Cadre) -> None:
    if not may_edit_people(supervisor):
        raise NotAllowed(supervisor.pk)


def _lock_union(supervisor: Cadre) -> None:
    """As assignments do: one of the two comes first. And of two last crisis readers one stays."""
    lock_cadres(*Cadre.objects.filter(organisation_id=supervisor.organisation_id))


def _note(supervisor: Cadre, subject: str, detail: str, *, now: datetime) -> None:
    record(AuditAction.PEOPLE, subject, cadre=supervisor, now=now, detail=detail)
    bulletin.publish_on_commit(0, Topic.QUEUE)
