"""Who is called at the last: recorded by a supervisor in the console, or by the operator with the command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from handoff.audit import record
from handoff.kinds import AuditAction
from handoff.models import Cadre, ChainEnd, Organisation

# Grassroots, town, county, city, province, nation.
_HIGHEST = 6


@dataclass(frozen=True)
class Partner:
    """The end of the chain. The number answers around the clock and is told to workers in danger."""

    name: str
    phone: str
    mail: str
    agreed_on: date


def chain_end_of(organisation: Organisation) -> ChainEnd | None:
    """A union's own end of the chain, or that of the union above it."""
    above: Organisation | None = organisation
    for _ in range(_HIGHEST):
        if above is None:
            break
        end = ChainEnd.objects.filter(organisation=above).first()
        if end is not None:
            return end
        above = above.parent
    return None


def record_chain_end(organisation: Organisation, partner: Partner, *, cadre: Cadre | None, now: datetime) -> ChainEnd:
    """Write the end of a union's chain, in place of the one before."""
    with transaction.atomic():
        end, _ = ChainEnd.objects.update_or_create(
            organisation=organisation,
            defaults={
                "name": partner.name,
                "phone": partner.phone,
                "mail": partner.mail,
                "agreed_on": partner.agreed_on,
                "recorded_by": cadre,
                "recorded_at": now,
            },
        )
        record(AuditAction.ALERTS, f"organisation:{organisation.pk}", cadre=cadre, now=now, detail="chain_end")
    return end
