"""Replies that cadres use again and again: shipped ones to start with, kept by the leads, picked and edited by all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet

from handoff.audit import record
from handoff.kinds import AuditAction
from handoff.models import AuditRow, Cadre, CannedReply, Department, Organisation
from handoff.readers import is_lead

LONGEST_TITLE = 40
LONGEST_TEXT = 1000
MOST = 200
_STARTERS = Path(__file__).parent / "sources" / "canned.yml"


class NotForYou(Exception):
    """Only duty leads and supervisors change the canned replies."""


class CannedReplyNotFound(Exception):
    """There is no such reply in this union."""


class TitleTaken(Exception):
    """The union has a reply with this title already."""


class TooManyReplies(Exception):
    """More than MOST replies: nobody would find one among them."""


@dataclass(frozen=True)
class Wording:
    """A reply as it is written down. `department`: whose it is; None for everybody."""

    title: str
    text: str
    department: Department | None = None


def replies_for(cadre: Cadre) -> QuerySet[CannedReply]:
    """The general ones of the cadre's union and those of their department, in their order."""
    mine = Q(department__isnull=True) | Q(department_id=cadre.department_id)
    return CannedReply.objects.filter(mine, organisation_id=cadre.organisation_id)


def all_replies(cadre: Cadre) -> QuerySet[CannedReply]:
    """Every reply of the cadre's union, whoever's it is."""
    return CannedReply.objects.filter(organisation_id=cadre.organisation_id).select_related("department", "changed_by")


def add_reply(cadre: Cadre, wording: Wording, *, now: datetime) -> CannedReply:
    """A new reply, at the end of the list. Raises NotForYou, TitleTaken, TooManyReplies."""
    _check_lead(cadre)
    with transaction.atomic():
        others = CannedReply.objects.filter(organisation_id=cadre.organisation_id)
        if others.count() >= MOST:
            raise TooManyReplies(MOST)
        rank = (others.aggregate(last=Max("rank"))["last"] or 0) + 1
        reply = CannedReply(organisation_id=cadre.organisation_id, rank=min(rank, 30_000))
        return _save(reply, cadre, wording, now=now)


def change_reply(reply_id: int, cadre: Cadre, wording: Wording, *, now: datetime) -> CannedReply:
    """Other words, another title or department. Raises NotForYou, CannedReplyNotFound, TitleTaken."""
    _check_lead(cadre)
    with transaction.atomic():
        return _save(_found(reply_id, cadre), cadre, wording, now=now)


def remove_reply(reply_id: int, cadre: Cadre, *, now: datetime) -> None:
    """Take a reply off the list. Raises NotForYou, CannedReplyNotFound."""
    _check_lead(cadre)
    with transaction.atomic():
        _found(reply_id, cadre).delete()
        record(AuditAction.WORDS, f"canned:{reply_id}", cadre=cadre, now=now, detail="removed")


def ensure_starters(union: Organisation, *, now: datetime) -> None:
    """The shipped replies, once in a union's life: those that a lead has taken off the list do not come back."""
    subject = f"canned-of:{union.pk}"
    with transaction.atomic():
        if AuditRow.objects.filter(subject=subject).exists():
            return
        if not CannedReply.objects.filter(organisation=union).exists():
            CannedReply.objects.bulk_create(
                (CannedReply(organisation=union, rank=rank, changed_at=now, **row) for rank, row in _starters()),
                ignore_conflicts=True,
            )
        record(AuditAction.WORDS, subject, cadre=None, now=now, detail="starters")


def _save(reply: CannedReply, cadre: Cadre, wording: Wording, *, now: datetime) -> CannedReply:
    reply.title, reply.text, reply.department = wording.title, wording.text, wording.department
    reply.changed_by, reply.changed_at = cadre, now
    is_new = reply.pk is None
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError as error:
        raise TitleTaken(wording.title) from error
    detail = "added" if is_new else "changed"
    record(AuditAction.WORDS, f"canned:{reply.pk}", cadre=cadre, now=now, detail=detail)
    return reply


def _found(reply_id: int, cadre: Cadre) -> CannedReply:
    reply = CannedReply.objects.filter(pk=reply_id, organisation_id=cadre.organisation_id).first()
    if reply is None:
        raise CannedReplyNotFound(reply_id)
    return reply


def _check_lead(cadre: Cadre) -> None:
    if not is_lead(cadre):
        raise NotForYou(cadre.pk)


@cache
def _starters() -> tuple[tuple[int, dict[str, str]], ...]:
    rows: list[dict[str, str]] = yaml.safe_load(_STARTERS.read_text(encoding="utf-8"))
    return tuple(enumerate(rows))
