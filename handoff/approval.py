"""Who approved the fixed words: professionals read exactly one wording; a changed word makes them drafts again."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from functools import cache

from django.db import transaction
from django.utils import timezone

from handoff import texts
from handoff.audit import record
from handoff.desk_texts import DESK
from handoff.kinds import AuditAction, CadreRole
from handoff.models import Cadre, Organisation, WordsApproval

LONGEST_NAME = 80


class ApprovalRefused(Exception):
    """An approval cannot be recorded."""


class NotASupervisor(ApprovalRefused):
    """Only a supervisor records an approval."""


class ApproverUnnamed(ApprovalRefused):
    """An approval names who gave it, in at most 80 characters."""


class ApprovedInFuture(ApprovalRefused):
    """Nobody has approved anything tomorrow."""


@cache
def words_digest() -> str:
    """16 hexadecimal digits over all texts and over the ways in which numbers are put into them."""
    parts = [texts.TEXTS, texts.HOURS, texts.NO_HOURS, texts.NIGHT_LINE, texts.A_WOMAN, DESK["chain_end"]]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def approval_of(organisation: Organisation) -> WordsApproval | None:
    """The latest approval of today's texts in this union; None while they are drafts."""
    found = WordsApproval.objects.filter(organisation=organisation, digest=words_digest())
    return found.select_related("recorded_by").order_by("-pk").first()


def record_approval(
    organisation: Organisation, cadre: Cadre, *, approved_by: str, approved_on: date, now: datetime
) -> WordsApproval:
    """Record that professionals approved today's texts. Raises ApprovalRefused (its kinds say why)."""
    name = " ".join(approved_by.split())
    if cadre.role != CadreRole.SUPERVISOR or cadre.organisation_id != organisation.pk:
        raise NotASupervisor(cadre.pk)
    if not 0 < len(name) <= LONGEST_NAME:
        raise ApproverUnnamed(len(name))
    if approved_on > timezone.localdate(now):
        raise ApprovedInFuture(approved_on)
    with transaction.atomic():
        approval = WordsApproval.objects.create(
            organisation=organisation,
            digest=words_digest(),
            approved_by=name,
            approved_on=approved_on,
            recorded_by=cadre,
            recorded_at=now,
        )
        record(AuditAction.WORDS, f"organisation:{organisation.pk}", cadre=cadre, now=now, detail=approval.digest)
    return approval
