"""Cases: opening one, and the one door through which a person sees their own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from handoff.audit import record
from handoff.kinds import AuditAction, CaseKind, CaseState
from handoff.link_cases import joined_cases
from handoff.models import Case, Conversation, Message

__all__ = ["CaseKind", "CaseNotFound", "CaseView", "access_case", "cases_of", "new_case_no", "open_case"]

OPEN_STATES = (CaseState.REGISTERED, CaseState.ACCEPTED)
# Of these a talk has one open at a time; a second request is the same matter.
HANDOVER_KINDS = (CaseKind.CRISIS, CaseKind.SENSITIVE, CaseKind.HANDOFF)


class CaseNotFound(Exception):
    """There is no such case for this person: it does not exist, or it is somebody else's."""


@dataclass(frozen=True)
class CaseView:
    """What a worker may know of a case of theirs."""

    case_no: str
    kind: CaseKind
    state: CaseState
    opened_at: datetime
    updated_at: datetime


def new_case_no(now: datetime | None = None) -> str:
    """A case number: the day and six random digits, so that numbers cannot be counted through."""
    day = timezone.localtime(now or timezone.now()).strftime("%y%m%d")
    return f"{day}{secrets.randbelow(1_000_000):06d}"


def _free_case_no(now: datetime) -> str:
    """A number that nobody has: on a day of thousands of cases two random ones do meet."""
    while Case.objects.filter(case_no=(number := new_case_no(now))).exists():
        continue
    return number


def open_case(
    conversation: Conversation,
    kind: CaseKind,
    *,
    now: datetime,
    case_no: str | None = None,
    fields: Mapping[str, str] | None = None,
    begun_by: Message | None = None,
) -> Case:
    """The case, new; of the hand-over kinds the open one of this talk if there is one.

    The caller's transaction holds the conversation's lock. Raises IntegrityError when `case_no` is taken.
    """
    if kind in HANDOVER_KINDS:
        standing = Case.objects.filter(conversation=conversation, kind=kind, state__in=OPEN_STATES).first()
        if standing is not None:
            return standing
        if begun_by is not None and Case.objects.filter(begun_by=begun_by, kind=kind).exists():
            begun_by = None  # closed meanwhile, and the same message turns out to be graver: a new case
    case = Case(
        case_no=case_no or _free_case_no(now),
        kind=kind,
        contact=conversation.contact,
        conversation=conversation,
        organisation_id=conversation.organisation_id,
        begun_by=begun_by,
        opened_at=now,
        updated_at=now,
    )
    if fields:
        case.seal_fields(dict(fields))
    case.save(force_insert=True)
    record(AuditAction.OPEN_CASE, f"case:{case.case_no}", cadre=None, now=now, detail=kind.value)
    return case


def cases_of(contact_id: UUID) -> list[CaseView]:
    """A person's own cases, newest first; also the ordinary ones of channels that they have joined by a code."""
    return [_view(case) for case in _known_to(contact_id).order_by("-opened_at", "-pk")]


def access_case(contact_id: UUID, case_no: str) -> CaseView:
    """One case of this person. Raises CaseNotFound for a stranger's and for a missing one alike."""
    try:
        return _view(_known_to(contact_id).get(case_no=case_no))
    except Case.DoesNotExist as error:
        raise CaseNotFound(case_no) from error


def _known_to(contact_id: UUID) -> QuerySet[Case]:
    return Case.objects.filter(Q(contact_id=contact_id) | Q(pk__in=joined_cases(contact_id)))


def _view(case: Case) -> CaseView:
    return CaseView(case.case_no, CaseKind(case.kind), CaseState(case.state), case.opened_at, case.updated_at)
