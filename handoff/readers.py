"""Who may read a talk: one rule for lists, pages, alarms and the words about who is on duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from handoff.duty import PRESENT_FOR, next_seen_at
from handoff.kinds import CadreRole, DepartmentKind
from handoff.models import Cadre, Conversation, Organisation, Participant
from handoff.screening.levels import Category, Level

_LEADS = (CadreRole.DUTY_LEAD, CadreRole.SUPERVISOR)
_IN_DANGER = (Level.CRISIS, Level.DISTRESS)


def readers_of(conversation: Conversation) -> list[Cadre]:
    """All cadres who may read the talk, by their number; empty when everybody of the union is complained of."""
    kept_from = set(conversation.kept_from.values_list("pk", flat=True))
    taking_part = Participant.objects.filter(conversation=conversation, ended_at__isnull=True)
    cadres = cadres_of(conversation.organisation_id)
    return _readers(conversation, cadres, kept_from, set(taking_part.values_list("cadre_id", flat=True)))


def may_read(cadre: Cadre, conversation: Conversation) -> bool:
    """Whether this cadre may read the worker's words in this talk."""
    if not cadre.reads_chats or cadre.organisation_id != conversation.organisation_id:
        return False
    return any(reader.pk == cadre.pk for reader in readers_of(conversation))


def readable_and_hidden(cadre: Cadre, talks: Iterable[Conversation]) -> tuple[set[int], set[int]]:
    """Of many talks of the cadre's union: which they may read, and which they may not even know of (ids)."""
    talks = list(talks)
    ids = [talk.pk for talk in talks]
    kept_from, taking_part = defaultdict(set), defaultdict(set)
    for link in Conversation.kept_from.through.objects.filter(conversation_id__in=ids):
        kept_from[link.conversation_id].add(link.cadre_id)
    for part in Participant.objects.filter(conversation_id__in=ids, ended_at__isnull=True):
        taking_part[part.conversation_id].add(part.cadre_id)
    cadres = cadres_of(cadre.organisation_id)
    readable, hidden = set(), set()
    for talk in talks:
        readers = _readers(talk, cadres, kept_from[talk.pk], taking_part[talk.pk])
        if any(reader.pk == cadre.pk for reader in readers):
            readable.add(talk.pk)
        elif cadre.pk in kept_from[talk.pk] or not _everybody_may_know(talk):
            hidden.add(talk.pk)
    return readable, hidden


def present_readers(conversation: Conversation, *, now: datetime) -> list[Cadre]:
    """Readers who say that they are on duty and whose console is open."""
    return [reader for reader in readers_of(conversation) if is_present(reader, now=now)]


def reader_on_duty(conversation: Conversation, *, now: datetime) -> bool:
    """Whether somebody who may read this very talk is there: only then may the worker be told so."""
    return bool(present_readers(conversation, now=now))


def seen_at_for(conversation: Conversation, *, now: datetime, readers: Iterable[Cadre] | None = None) -> str:
    """When somebody who may read this very talk looks at the latest, as the worker reads it."""
    readers = readers_of(conversation) if readers is None else readers
    return next_seen_at(conversation.organisation, now=now, of={reader.pk for reader in readers})


def is_present(cadre: Cadre, *, now: datetime) -> bool:
    """On duty by their own word, and with the console open."""
    return cadre.on_duty and cadre.seen_at is not None and cadre.seen_at >= now - PRESENT_FOR


def is_lead(cadre: Cadre) -> bool:
    """Duty leads and supervisors."""
    return cadre.role in _LEADS


def cadres_of(organisation_id: int) -> list[Cadre]:
    """All cadres of a union whose account is open and who may read talks at all, by their number."""
    cadres = Cadre.objects.filter(organisation_id=organisation_id, user__is_active=True)
    return list(cadres.exclude(role=CadreRole.OPERATOR).select_related("department").order_by("pk"))


def _readers(
    talk: Conversation, cadres: list[Cadre], kept_from: Collection[int], taking_part: Collection[int]
) -> list[Cadre]:
    candidates = [cadre for cadre in cadres if cadre.pk not in kept_from]
    of_right = {cadre.pk for cadre in _by_right(talk, candidates)} | set(taking_part)
    holder = None if is_complaint(talk) else talk.holder_id  # whom it may concern does not read on by holding it
    return [cadre for cadre in candidates if cadre.pk in of_right or cadre.pk == holder]


def is_complaint(talk: Conversation) -> bool:
    """Whether the talk is, or has been, about a cadre or the union's money."""
    return Category.CADRE_OR_FUNDS.value in (*talk.categories, *talk.past_categories)


def unread_matters(organisation: Organisation) -> tuple[str, ...]:
    """Which matters nobody is named for in a union: "crisis" and "complaints", for `niangjia check`."""
    cadres = cadres_of(organisation.pk)
    of_discipline = [
        cadre for cadre in cadres if cadre.department and cadre.department.kind == DepartmentKind.DISCIPLINE
    ]
    missing = {
        "crisis": not any(cadre.reads_crisis for cadre in cadres),
        "complaints": not of_discipline and not any(cadre.role == CadreRole.SUPERVISOR for cadre in cadres),
    }
    return tuple(matter for matter, is_missing in missing.items() if is_missing)


def _everybody_may_know(talk: Conversation) -> bool:
    """Of a danger every cadre may know that it is there, so that they can call who may read it; of a complaint none."""
    return Level(talk.level) in _IN_DANGER and not is_complaint(talk)


def _by_right(conversation: Conversation, candidates: list[Cadre]) -> list[Cadre]:
    """By name, department or role. A rule that would leave a talk to nobody gives way: somebody must read it.

    What the talk was about before counts too: its old words are still there to be read.
    """
    names = {*conversation.categories, *conversation.past_categories}
    ever = {category for category in Category if category.value in names}  # a name of an older version is passed over
    if Level(conversation.level) in _IN_DANGER:
        return named_for_danger(candidates)
    if Category.CADRE_OR_FUNDS in ever:
        return _for_discipline(candidates)
    if any(category.level in _IN_DANGER for category in ever):
        return named_for_danger(candidates)
    if conversation.department_id is None:
        return candidates
    own = [cadre for cadre in candidates if cadre.department_id == conversation.department_id]
    return [cadre for cadre in candidates if cadre in own or is_lead(cadre)] if own else candidates


def named_for_danger(candidates: list[Cadre]) -> list[Cadre]:
    """The duty cadres who are named for talks in danger, and the leads; all where the union has named nobody."""
    if not any(cadre.reads_crisis for cadre in candidates):
        return candidates
    return [cadre for cadre in candidates if cadre.reads_crisis or is_lead(cadre)]


def _for_discipline(candidates: list[Cadre]) -> list[Cadre]:
    """Complaints about cadres and money: the discipline department alone; without one, the supervisors.

    Where there is neither, the duty leads, and at the last whoever is not complained of: a promise was made that it
    is read, and `niangjia check` says what is missing.
    """
    for_it = [
        cadre
        for cadre in candidates
        if cadre.department is not None and cadre.department.kind == DepartmentKind.DISCIPLINE
    ]
    supervisors = [cadre for cadre in candidates if cadre.role == CadreRole.SUPERVISOR]
    return for_it or supervisors or [cadre for cadre in candidates if is_lead(cadre)] or candidates
