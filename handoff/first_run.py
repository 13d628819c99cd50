"""What an empty installation starts with: its union, its hotlines, its canned replies, its first account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import yaml
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from handoff.canned import ensure_starters
from handoff.kinds import CadreRole, DepartmentKind, OrganisationKind
from handoff.models import Cadre, Department, Hotline, Organisation

_HOTLINES = Path(__file__).parent / "sources" / "hotlines.yml"
# No 0/O, 1/l/I: a person reads it off a screen and types it once.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class NameTaken(Exception):
    """There is an account of this name already."""


@dataclass(frozen=True)
class NewAccount:
    """A new account with its password, to be shown once and kept nowhere."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"NewAccount({self.username!r}, ***)"


def ensure_union(name: str, *, now: datetime | None = None) -> Organisation:
    """The installation's union with its hotlines: made on first run, left as it is afterwards.

    A union that was made before there were canned replies gets the shipped ones.
    """
    with transaction.atomic():
        union = Organisation.objects.order_by("pk").first() or _new_union(name)
        ensure_starters(union, now=now or timezone.now())
    return union


def ensure_named(name: str, *, now: datetime | None = None) -> Organisation:
    """A further union of this installation, that an official account of the settings belongs to."""
    with transaction.atomic():
        union = Organisation.objects.filter(name=name).first() or _new_union(name)
        ensure_starters(union, now=now or timezone.now())
    return union


def _new_union(name: str) -> Organisation:
    union = Organisation.objects.create(name=name, kind=OrganisationKind.FEDERATION)
    Hotline.objects.bulk_create(Hotline(organisation=union, **row) for row in _hotline_rows())
    return union


@dataclass(frozen=True)
class Duties:
    """What a new cadre looks after. A department of a kind that the union lacks is made, with the kind's own name."""

    department: DepartmentKind | None = None
    reads_crisis: bool = False
    is_woman: bool = False
    mail: str = ""


def add_cadre(
    union: Organisation,
    username: str,
    *,
    display_name: str,
    role: CadreRole,
    password: str = "",
    duties: Duties = Duties(),
) -> NewAccount:
    """A new account. Without `password` one is made at random. Raises NameTaken."""
    users = get_user_model().objects
    password = password or "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    with transaction.atomic():
        if users.filter(username=username).exists():
            raise NameTaken(username)
        user = users.create_user(username=username, password=password)
        Cadre.objects.create(
            user=user,
            organisation=union,
            display_name=display_name,
            role=role,
            department=_department(union, duties.department),
            reads_crisis=duties.reads_crisis,
            is_woman=duties.is_woman,
            mail=duties.mail,
        )
    return NewAccount(username, password)


def _department(union: Organisation, kind: DepartmentKind | None) -> Department | None:
    if kind is None:
        return None
    return Department.objects.get_or_create(organisation=union, kind=kind, defaults={"name": kind.label})[0]


def _hotline_rows() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = yaml.safe_load(_HOTLINES.read_text(encoding="utf-8"))
    for rank, row in enumerate(rows):
        row["rank"] = rank
        row["verified_on"] = row.get("verified_on") if isinstance(row.get("verified_on"), date) else None
    return rows
