"""What a talk itself says for a sheet: exact words with times, numbers, places. Only the worker's own messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from handoff.encryption import Unreadable
from handoff.kinds import MessageKind
from handoff.models import Conversation, Message
from handoff.phones import phones_in
from handoff.screening.levels import Level
from handoff.sheet_texts import DEMAND, MOMENT, NOT_PLACE, PLACE_SIGNS, SENTENCE, STATE, UNIT, UNIT_LEAD

MOST_READ = 300
MOST_PLACES = 8
LONGEST_QUOTE = 120
_SHORTEST_PLACE = 3
_IN_DANGER = (Level.CRISIS, Level.DISTRESS)


@dataclass(frozen=True)
class Heard:
    """One message of the worker."""

    at: datetime
    text: str
    level: Level
    extras: dict[str, Any]


def worker_said(conversations: Iterable[Conversation], *, most: int = MOST_READ) -> list[Heard]:
    """The worker's last messages, oldest first. Raises ContactErased."""
    found: list[Heard] = []
    for conversation in conversations:
        rows = Message.objects.filter(conversation=conversation, kind=MessageKind.WORKER).order_by("-pk")[:most]
        for message in reversed(rows):
            message.conversation = conversation
            try:
                found.append(Heard(message.created_at, message.body, Level(message.level), message.extras))
            except Unreadable:  # one damaged row does not keep the rest from the police
                continue
    return sorted(found, key=lambda heard: heard.at)[-most:]


def phones_of(said: Iterable[Heard]) -> list[str]:
    """Telephone numbers, the last one given first."""
    return list(dict.fromkeys(number for heard in reversed(list(said)) for number in phones_in(heard.text)))


def places_of(said: Iterable[Heard]) -> list[str]:
    """Pieces of sentences that sound like a place, the last first."""
    pieces = [piece.strip() for heard in reversed(list(said)) for piece in SENTENCE.findall(heard.text)]
    like = [piece for piece in pieces if PLACE_SIGNS.search(piece) and not NOT_PLACE.search(piece)]
    return list(dict.fromkeys(piece for piece in like if len(piece) >= _SHORTEST_PLACE))[:MOST_PLACES]


def quotes_of(said: Iterable[Heard]) -> list[tuple[datetime, str, str]]:
    """(when, what screening saw, the words) of messages in danger."""
    grave = [heard for heard in said if heard.level in _IN_DANGER]
    return [(heard.at, "".join(heard.extras.get("triggers") or ())[:40], heard.text[:LONGEST_QUOTE]) for heard in grave]


def units_of(said: Iterable[Heard]) -> list[str]:
    """Names that sound like an employer's."""
    found = [UNIT_LEAD.sub("", name) for heard in said for name in UNIT.findall(heard.text)]
    shortest = 3
    return list(dict.fromkeys(name for name in found if len(name) >= shortest))


def states_of(said: Iterable[Heard]) -> list[str]:
    """What the worker says is going on: words for gathering, stopping work, blocking, climbing."""
    return list(dict.fromkeys(word for heard in said for word in STATE.findall(heard.text)))


def demands_of(said: Iterable[Heard]) -> list[str]:
    """The messages that speak of what is wanted; without any, those that screening noticed."""
    said = list(said)
    wanted = [heard for heard in said if DEMAND.search(heard.text)]
    noticed = [heard for heard in said if heard.level is not Level.ORDINARY]
    return [heard.text[:LONGEST_QUOTE] for heard in (wanted or noticed)[-3:]]


def moment(at: datetime) -> str:
    """A local day and time, as it is read out."""
    local = timezone.localtime(at)
    return MOMENT.format(year=local.year, month=local.month, day=local.day, clock=local.strftime("%H:%M"))
