"""Offering waiting talks to cadres who are there. An offer binds nobody: whoever may read a talk may still claim it.

Whom a talk is offered to: those present who may read it; if the worker asked for a woman, women, when one is there;
those on the roster, when one of them is there; then the talk's own department, those of no department, the others;
among these the one with the least in hand, and of equals the one whose last offer is longest ago.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, Max, When

from handoff.audit import record
from handoff.duty import PRESENT_FOR
from handoff.kinds import AuditAction, CadreRole, Flag
from handoff.models import AuditRow, Cadre, Conversation
from handoff.readers import is_lead, is_present, may_read, present_readers
from handoff.roster import on_roster
from handoff.roster_changes import NotAllowed
from handoff.screening.levels import Level
from handoff.wakeups import Topic, bulletin

CLAIMED_WITHIN = timedelta(minutes=2)
# Whoever let an offer pass is not asked again for so long: somebody else may come meanwhile.
OFFERED_AGAIN_AFTER = timedelta(minutes=10)
_AT_ONCE = 200
# Offers further back than so many audit rows count as long ago.
_ROWS_BACK = 2000


class NotWaiting(Exception):
    """Nobody is waited for in this talk: a cadre has it, or the desk answers."""


class CannotTake(Exception):
    """The colleague is not there, or may not read this talk."""


@dataclass(frozen=True)
class Load:
    """What somebody has in hand (`talks` held or offered), and the audit row of their last offer (0: long ago)."""

    talks: int
    last_offer: int


def assign(conversation: Conversation, *, now: datetime) -> Cadre | None:
    """Offer a waiting talk to whoever fits best, or to nobody; the caller's transaction holds its lock.

    A standing offer stays while it may. The rows of the union's cadres are locked before anything is looked at: nobody
    who has gone off duty or left the roster before this commits is offered a talk.
    """
    if conversation.holder_id is not None or conversation.waiting_since is None:
        _offer(conversation, None, now=now)
        return None
    _lock_cadres(conversation.organisation_id)
    if conversation.assigned_to is not None:
        conversation.assigned_to.refresh_from_db()
    if not _has_passed(conversation, now=now):
        return conversation.assigned_to
    chosen = choose(conversation, now=now)
    _offer(conversation, chosen, now=now)
    return chosen


def assign_waiting(*, now: datetime) -> int:
    """Offer what waits and is offered to nobody, or was not claimed in time; how many offers were made or ended."""
    waiting = Conversation.objects.filter(waiting_since__isnull=False, holder__isnull=True)
    there, free = _unions_with_somebody(now=now)
    count = 0
    crisis_first = Case(When(level=Level.CRISIS.value, then=0), default=1)
    for talk in waiting.select_related("assigned_to").order_by(crisis_first, "-urgent", "waiting_since")[:_AT_ONCE]:
        unions = there if _in_crisis(talk) else free
        possible = talk.assigned_to_id is not None or talk.organisation_id in unions
        if possible and _has_passed(talk, now=now) and choose(talk, now=now) != talk.assigned_to:
            with transaction.atomic():
                conversation = Conversation.locked(talk.pk)
                before = conversation.assigned_to_id
                assign(conversation, now=now)
                count += before != conversation.assigned_to_id
    return count


def assign_by_hand(conversation_id: int, lead: Cadre, to: Cadre, *, now: datetime) -> Conversation:
    """A lead offers the talk to a colleague, whatever that one has in hand.

    Raises NotAllowed for who is no lead, NotWaiting, and CannotTake when the colleague is not there or may not read it.
    """
    with transaction.atomic():
        conversation = _waiting_talk(conversation_id, lead)
        _lock_cadres(conversation.organisation_id)
        colleague = Cadre.objects.select_related("user").get(pk=to.pk)
        if not (is_present(colleague, now=now) and may_read(colleague, conversation)):
            raise CannotTake(to.pk)
        _offer(conversation, colleague, now=now, by=lead)
    return conversation


def unassign(conversation_id: int, cadre: Cadre, *, now: datetime) -> Conversation:
    """A lead, or whoever it was offered to, ends the offer; the next is asked. Raises NotAllowed, NotWaiting."""
    with transaction.atomic():
        conversation = _waiting_talk(conversation_id, cadre)
        _offer(conversation, None, now=now, by=cadre)
    return conversation


def choose(conversation: Conversation, *, now: datetime) -> Cadre | None:
    """Whom the talk would be offered to now."""
    there = _wanted(conversation, present_readers(conversation, now=now), now=now)
    asked = _asked_lately(conversation, now=now)
    loads = _loads(there)
    free = [
        cadre
        for cadre in there
        if cadre.pk not in asked and (_in_crisis(conversation) or loads[cadre.pk].talks < cadre.capacity)
    ]
    return min(free, key=lambda cadre: _order(cadre, conversation, loads[cadre.pk]), default=None)


def _wanted(conversation: Conversation, there: list[Cadre], *, now: datetime) -> list[Cadre]:
    """Of those who are there the women if one was asked for, and of these who is on the roster; else all."""
    if Flag.A_WOMAN in conversation.flags:
        there = [cadre for cadre in there if cadre.is_woman] or there
    if not there:
        return []
    on_duty_now = {cadre.pk for cadre in on_roster(conversation.organisation, now=now)}
    return [cadre for cadre in there if cadre.pk in on_duty_now] or there


def _order(cadre: Cadre, conversation: Conversation, load: Load) -> tuple[int, int, int, int]:
    if conversation.department_id is not None and cadre.department_id == conversation.department_id:
        nearness = 0
    else:
        nearness = 1 if cadre.department_id is None else 2
    return nearness, load.talks, load.last_offer, cadre.pk


def _loads(cadres: Sequence[Cadre]) -> dict[int, Load]:
    pks = [cadre.pk for cadre in cadres]
    held = Conversation.objects.filter(holder_id__in=pks).values_list("holder_id", flat=True)
    offered = Conversation.objects.filter(assigned_to_id__in=pks, holder__isnull=True)
    talks = Counter([*held, *offered.values_list("assigned_to_id", flat=True)])
    last = _last_offers() if len(pks) > 1 else {}
    return {pk: Load(talks[pk], last.get(pk, 0)) for pk in pks}


def _unions_with_somebody(*, now: datetime) -> tuple[set[int], set[int]]:
    """The unions with somebody present at all, and those where one of them may be offered another talk."""
    on_duty = Cadre.objects.filter(on_duty=True, seen_at__gte=now - PRESENT_FOR).exclude(role=CadreRole.OPERATOR)
    present = list(on_duty)
    loads = _loads(present)
    free = {cadre.organisation_id for cadre in present if loads[cadre.pk].talks < cadre.capacity}
    return {cadre.organisation_id for cadre in present}, free


def _last_offers() -> dict[int, int]:
    """The newest audit row of an offer to each cadre, among the latest rows."""
    newest = AuditRow.objects.aggregate(newest=Max("pk"))["newest"] or 0
    rows = AuditRow.objects.filter(pk__gt=newest - _ROWS_BACK, action=AuditAction.ASSIGN, detail__startswith="to:")
    return {int(detail.removeprefix("to:")): pk for pk, detail in rows.order_by("pk").values_list("pk", "detail")}


def _asked_lately(conversation: Conversation, *, now: datetime) -> set[int]:
    """Who was offered this very talk a short while ago and did not claim it."""
    rows = AuditRow.objects.filter(subject=_subject(conversation), action=AuditAction.ASSIGN)
    lately = rows.filter(at__gt=now - OFFERED_AGAIN_AFTER, detail__startswith="to:").values_list("detail", flat=True)
    return {int(detail.removeprefix("to:")) for detail in lately}


def _has_passed(conversation: Conversation, *, now: datetime) -> bool:
    """Whether there is no standing offer: none, not claimed in time, or to somebody who is not there any more."""
    cadre, at = conversation.assigned_to, conversation.assigned_at
    if cadre is None or at is None or now - at >= CLAIMED_WITHIN or not is_present(cadre, now=now):
        return True
    return not may_read(cadre, conversation)


def _offer(conversation: Conversation, to: Cadre | None, *, now: datetime, by: Cadre | None = None) -> None:
    if to is None and conversation.assigned_to_id is None:
        return
    conversation.assigned_to, conversation.assigned_at = to, now if to is not None else None
    conversation.save(update_fields=["assigned_to", "assigned_at"])
    detail = f"to:{to.pk}" if to is not None else "nobody"
    record(AuditAction.ASSIGN, _subject(conversation), cadre=by, now=now, detail=detail)
    bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)


def _waiting_talk(conversation_id: int, cadre: Cadre) -> Conversation:
    """The talk, locked. Raises NotAllowed unless a lead asks or the one it is offered to; NotWaiting."""
    conversation = Conversation.locked(conversation_id)
    may_decide = is_lead(cadre) or conversation.assigned_to_id == cadre.pk
    if not (may_decide and may_read(cadre, conversation)):
        raise NotAllowed(cadre.pk)
    if conversation.holder_id is not None or conversation.waiting_since is None:
        raise NotWaiting(conversation_id)
    return conversation


def _lock_cadres(organisation_id: int) -> None:
    """All of the union, in the order of their numbers: also who comes on duty now must not go off again unseen."""
    cadres = Cadre.objects.select_for_update(no_key=True, of=("self",)).filter(organisation_id=organisation_id)
    list(cadres.order_by("pk").values_list("pk", flat=True))


def _in_crisis(conversation: Conversation) -> bool:
    return Level(conversation.level) is Level.CRISIS


def _subject(conversation: Conversation) -> str:
    return f"conversation:{conversation.pk}"
