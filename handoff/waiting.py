"""How long one waits for a person, told from what was measured and never from hope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil

from django.db.models import Max, Q
from django.utils import timezone

from handoff.desk_texts import WAITING
from handoff.kinds import AuditAction
from handoff.models import AuditRow, Cadre, Conversation
from handoff.readers import is_present, readers_of, seen_at_for
from handoff.roster import local_zone
from handoff.screening.levels import Level

MEASURED_FOR = timedelta(days=14)
ENOUGH = 5
WAITED = "waited:"
"""The audit row of a claim carries `waited:7`: the whole minutes from asking until a cadre took over."""
# Parts of the day begin at these hours: people wait differently at night, at noon and in the evening.
_PARTS_BEGIN = (time(0), time(8), time(12), time(14), time(18))
# However busy the desk, no more than so many audit rows are looked at.
_ROWS_BACK = 5000


@dataclass(frozen=True)
class Measured:
    """For one part of the day, in minutes: half waited no longer than `usual`, four in five no longer than `long`."""

    usual: int
    long: int


def waiting_sentence(conversation: Conversation, *, now: datetime, readers: Sequence[Cadre] | None = None) -> str:
    """What somebody who asks for a person now may be told: how many are before them and how long it usually takes.

    While nobody is there who may read the talk: when duty begins, and what can be done until then. `readers` are those
    who may, where the caller knows them.
    """
    readers = readers_of(conversation) if readers is None else readers
    if not any(is_present(reader, now=now) for reader in readers):
        return WAITING["nobody"].format(seen_at=seen_at_for(conversation, now=now, readers=readers))
    ahead, found = talks_ahead(conversation, now=now), measured(conversation.organisation_id, now=now)
    said = WAITING["ahead" if ahead else "first"].format(ahead=ahead)
    if found is None:
        return said
    pattern = "minutes_and_long" if found.long > found.usual else "minutes"
    return said + WAITING[pattern].format(usual=found.usual, long=found.long)


def talks_ahead(conversation: Conversation, *, now: datetime) -> int:
    """How many others of the union wait for somebody and come first: longer, or in more danger."""
    since = conversation.waiting_since or now
    waiting = Conversation.objects.filter(
        organisation_id=conversation.organisation_id, waiting_since__isnull=False, holder__isnull=True
    )
    first = Q(waiting_since__lt=since) | Q(urgent=True) | Q(level=Level.CRISIS.value)
    return waiting.filter(first).exclude(pk=conversation.pk).count()


def measured(organisation_id: int, *, now: datetime) -> Measured | None:
    """The waits of the last two weeks in this part of the day; None when there are fewer than five."""
    part = _part_of_day(now)
    waits = sorted(waited for began, waited in _waits(organisation_id, now=now) if _part_of_day(began) == part)
    if len(waits) < ENOUGH:
        return None
    return Measured(usual=_percentile(waits, 0.5), long=_percentile(waits, 0.8))


def _waits(organisation_id: int, *, now: datetime) -> list[tuple[datetime, int]]:
    """When each wait began, and how many minutes it took."""
    newest = AuditRow.objects.aggregate(newest=Max("pk"))["newest"] or 0
    claims = AuditRow.objects.filter(
        pk__gt=newest - _ROWS_BACK,
        action=AuditAction.CLAIM_CHAT,
        at__gt=now - MEASURED_FOR,
        detail__startswith=WAITED,
        cadre__organisation_id=organisation_id,
    )
    found = []
    for at, detail in claims.values_list("at", "detail"):
        minutes = int(detail.removeprefix(WAITED))
        found.append((at - timedelta(minutes=minutes), minutes))
    return found


def _part_of_day(at: datetime) -> int:
    clock = timezone.localtime(at, local_zone()).time()
    return sum(begins <= clock for begins in _PARTS_BEGIN)


def _percentile(waits: Sequence[int], share: float) -> int:
    """The smallest wait that this share of all waits did not exceed; at least a minute."""
    return max(1, waits[ceil(share * len(waits)) - 1])
