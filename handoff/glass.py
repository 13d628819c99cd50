"""Break-glass: personal data looked up because a life is in danger.

PIPL art. 13(4) allows it without consent to protect life and health in an emergency; art. 18 wants the person told
afterwards. By two cadres who may read the talk, or by the duty lead or supervisor alone; with a reason; every look is
an audit row. It ends after 24 hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from handoff.audit import record
from handoff.desk_errors import ConversationNotFound
from handoff.kinds import AuditAction
from handoff.models import BreakGlass, Cadre, CallBack, Case, Conversation
from handoff.phones import phones_in
from handoff.readers import is_lead, may_read
from handoff.screening.levels import Category, Level
from handoff.sheet_facts import Heard, moment, phones_of, places_of, worker_said
from handoff.sheet_texts import NETWORK_LINE, NETWORK_NO_PORT
from handoff.wakeups import Topic, bulletin

LASTS: Final = timedelta(hours=24)
SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 500
MOST_MESSAGES: Final = 500
_MOST_ROWS = 100
_MOST_ADDRESSES = 10
_LIFE_AND_HEALTH = frozenset(
    (Category.HAZARD, Category.FORCED_LABOUR, Category.DEATH_OR_INJURY, Category.CHILD_LABOUR, Category.MINOR)
)


class NotInDanger(Exception):
    """Nobody's life or health is in danger: there is no ground to look anything up."""


class ReasonTooShort(Exception):
    """A reason in a few words is wanted, for who checks it afterwards."""


class SamePerson(Exception):
    """Two people are wanted; the one who asked cannot confirm."""


class GlassClosed(Exception):
    """Nobody asked, it is not confirmed, or it was longer ago than it lasts."""


@dataclass(frozen=True)
class Revealed:
    """What is known of the person. `places`: pieces of their words; `network`: addresses with ports and times."""

    phones: tuple[str, ...] = field(repr=False)
    places: tuple[str, ...] = field(repr=False)
    network: tuple[str, ...] = field(repr=False)


def ask(conversation_id: int, cadre: Cadre, reason: str, *, now: datetime) -> BreakGlass:
    """Ask to see; a lead's own word is enough. What is pending or open already is given back.

    Raises ConversationNotFound, NotInDanger, ReasonTooShort.
    """
    reason = reason.strip()[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise ReasonTooShort(conversation_id)
    with transaction.atomic():
        conversation = _locked(conversation_id, cadre)
        standing = _latest(conversation, now=now)
        if standing is not None and (standing.confirmed_at or not is_lead(cadre)):
            return standing
        glass = BreakGlass(conversation=conversation, asked_by=cadre, asked_at=now)
        glass.seal_reason(reason)
        if is_lead(cadre):
            glass.confirmed_by, glass.confirmed_at = cadre, now
        glass.save()
        _note(glass, cadre, "alone" if is_lead(cadre) else "asked", now=now)
    return glass


def confirm(glass_id: int, other_cadre: Cadre, *, now: datetime) -> BreakGlass:
    """The second person. Raises ConversationNotFound, NotInDanger, SamePerson, GlassClosed."""
    found = BreakGlass.objects.only("conversation_id").filter(pk=glass_id).first()
    if found is None:
        raise ConversationNotFound(glass_id)
    with transaction.atomic():
        conversation = _locked(found.conversation_id, other_cadre)
        glass = BreakGlass.objects.select_for_update().get(pk=glass_id)
        glass.conversation = conversation
        if glass.confirmed_at is not None:
            return glass
        if glass.asked_by_id == other_cadre.pk:
            raise SamePerson(glass_id)
        if now - glass.asked_at >= LASTS:
            raise GlassClosed(glass_id)
        glass.confirmed_by, glass.confirmed_at = other_cadre, now
        glass.save(update_fields=["confirmed_by", "confirmed_at"])
        _note(glass, other_cadre, "confirmed", now=now)
    return glass


def pending_glass(conversation: Conversation, *, now: datetime) -> BreakGlass | None:
    """What waits for a second person."""
    glass = _latest(conversation, now=now)
    return glass if glass is not None and glass.confirmed_at is None else None


def open_glass(conversation: Conversation, *, now: datetime) -> BreakGlass | None:
    """What was confirmed within the last 24 hours."""
    glass = _latest(conversation, now=now)
    return glass if glass is not None and glass.confirmed_at is not None else None


def may_ask(conversation: Conversation) -> bool:
    """Only while life or health may be in danger (PIPL art. 13(4)).

    That a matter is urgent is no ground: who leads a stoppage, or sent a photograph, is nobody's to look up.
    """
    return Level(conversation.level) is Level.CRISIS or not _LIFE_AND_HEALTH.isdisjoint(conversation.categories)


def reveal(conversation_id: int, cadre: Cadre, *, now: datetime) -> Revealed:
    """All of it, with an audit row. Raises ConversationNotFound, GlassClosed, ContactErased."""
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        if not may_read(cadre, conversation):
            raise ConversationNotFound(conversation_id)
        glass = open_glass(conversation, now=now)
        if glass is None:
            raise GlassClosed(conversation_id)
        own = Conversation.objects.filter(contact_id=conversation.contact_id).order_by("-pk")[:_MOST_ROWS]
        said = worker_said(_with_contact(own, conversation), most=MOST_MESSAGES)
        phones = [*phones_of(said), *_phones_in_cases(conversation), *_phones_in_calls(conversation)]
        _note(glass, cadre, "read", now=now)
    return Revealed(tuple(dict.fromkeys(phones)), tuple(places_of(said)), tuple(network_lines(said)))


def network_lines(said: Iterable[Heard]) -> list[str]:
    """Address, port and time of the worker's messages, the last first, each address and port once."""
    lines: dict[tuple[str, int], str] = {}
    for heard in reversed(list(said)):
        known = heard.extras.get("network") or {}
        if not known.get("ip"):
            continue
        address, port = str(known["ip"]), int(known.get("port") or 0)
        words = NETWORK_LINE if port else NETWORK_NO_PORT
        lines.setdefault((address, port), words.format(address=address, port=port, moment=moment(heard.at)))
    return list(lines.values())[:_MOST_ADDRESSES]


def _locked(conversation_id: int, cadre: Cadre) -> Conversation:
    conversation = Conversation.objects.select_for_update(of=("self", "contact")).select_related("contact")
    found = conversation.filter(pk=conversation_id).first()
    if found is None or not may_read(cadre, found):
        raise ConversationNotFound(conversation_id)
    if not may_ask(found):
        raise NotInDanger(conversation_id)
    return found


def _latest(conversation: Conversation, *, now: datetime) -> BreakGlass | None:
    """The last request that has not run out, an open one before one that waits."""
    rows = BreakGlass.objects.filter(conversation=conversation, asked_at__gt=now - 2 * LASTS).order_by("-pk")
    alive = [row for row in rows if now - (row.confirmed_at or row.asked_at) < LASTS]
    glass = next((row for row in alive if row.confirmed_at is not None), alive[0] if alive else None)
    if glass is not None:
        glass.conversation = conversation
    return glass


def _with_contact(talks: Iterable[Conversation], conversation: Conversation) -> list[Conversation]:
    found = list(talks)
    for talk in found:
        talk.contact = conversation.contact
    return found


def _phones_in_cases(conversation: Conversation) -> list[str]:
    cases = Case.objects.filter(contact_id=conversation.contact_id).order_by("-opened_at")[:_MOST_ROWS]
    found: list[str] = []
    for case in cases:
        case.contact = conversation.contact
        found += [number for value in case.fields.values() for number in phones_in(str(value))]
    return found


def _phones_in_calls(conversation: Conversation) -> list[str]:
    calls = CallBack.objects.filter(conversation__contact_id=conversation.contact_id).order_by("-pk")[:_MOST_ROWS]
    found: list[str] = []
    for call in calls.select_related("conversation"):
        call.conversation.contact = conversation.contact
        found.append(call.details["phone"])
    return found


def _note(glass: BreakGlass, cadre: Cadre, detail: str, *, now: datetime) -> None:
    record(AuditAction.BREAK_GLASS, f"glass:{glass.pk}", cadre=cadre, now=now, detail=detail)
    bulletin.publish_on_commit(glass.conversation_id, Topic.QUEUE)
