"""The top of a talk's page: who, why, what the worker asked for, who else is here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handoff.console.origins import came_by
from handoff.console.reach import Person, person_of
from handoff.console.talk_texts import ALSO_LOOKING, BETWEEN, FLAG_HINTS, PEOPLE
from handoff.encryption import ContactErased, Unreadable
from handoff.kinds import Flag, MessageKind, Part
from handoff.models import Cadre, Conversation, Message
from handoff.screening.levels import Level
from handoff.viewing import viewers

MOST_TRIGGERS = 6
# A trigger is a piece of a sentence; a whole essay would push the talk off the screen.
LONGEST_TRIGGER = 30


@dataclass(frozen=True)
class FlagLine:
    """A wish of the worker, and what it means for whoever deals with the talk."""

    value: str
    words: str
    hint: str
    on: bool


@dataclass(frozen=True)
class Head:
    """All of it in words. `triggers` are pieces of what the worker wrote, the newest first."""

    person: Person
    triggers: tuple[str, ...]
    urgent: bool
    people: str
    department: str
    offered_to: str
    flags: tuple[FlagLine, ...]
    looking: str
    joined: tuple[str, ...]
    consulted: tuple[str, ...]
    kept_from: tuple[str, ...]
    came_by: str

    @property
    def wishes(self) -> tuple[FlagLine, ...]:
        """The flags that are set."""
        return tuple(flag for flag in self.flags if flag.on)


def head_of(conversation: Conversation, cadre: Cadre, *, now: datetime) -> Head:
    """For the cadre who looks at the talk."""
    offered, department = conversation.assigned_to, conversation.department
    others = [viewer.display_name for viewer in viewers(conversation, except_cadre=cadre, now=now)]
    return Head(
        person=person_of(conversation, cadre, now=now),
        triggers=triggers_of(conversation),
        urgent=conversation.urgent,
        people=PEOPLE.format(count=conversation.headcount) if (conversation.headcount or 0) > 1 else "",
        department=department.name if department is not None else "",
        offered_to=offered.display_name if offered is not None else "",
        flags=flag_lines(conversation),
        looking=ALSO_LOOKING.format(names=BETWEEN.join(others)) if others else "",
        joined=_parts(conversation, Part.JOINED),
        consulted=_parts(conversation, Part.CONSULTED),
        kept_from=tuple(conversation.kept_from.order_by("pk").values_list("display_name", flat=True)),
        came_by=came_by(conversation),
    )


def flag_lines(conversation: Conversation) -> tuple[FlagLine, ...]:
    """Every flag, set or not, in the order in which they are shown."""
    return tuple(FlagLine(flag.value, flag.label, FLAG_HINTS[flag], flag.value in conversation.flags) for flag in Flag)


def triggers_of(conversation: Conversation) -> tuple[str, ...]:
    """What screening saw in the present matter, the newest first; nothing once it is over or cannot be read."""
    if Level(conversation.level) is Level.ORDINARY:
        return ()
    noticed = Message.objects.filter(conversation_id=conversation.pk, kind=MessageKind.WORKER)
    noticed = noticed.exclude(level=Level.ORDINARY.value)
    if conversation.released_at is not None:
        noticed = noticed.filter(created_at__gt=conversation.released_at)
    found: dict[str, None] = {}
    for message in noticed.order_by("-pk")[:MOST_TRIGGERS]:
        message.conversation = conversation
        found.update(dict.fromkeys(_triggers(message)))
    return tuple(found)[:MOST_TRIGGERS]


def _triggers(message: Message) -> list[str]:
    try:
        pieces = message.extras.get("triggers", ())
    except (ContactErased, Unreadable):
        return []
    return [piece if len(piece) <= LONGEST_TRIGGER else f"{piece[:LONGEST_TRIGGER]}……" for piece in pieces]


def _parts(conversation: Conversation, part: Part) -> tuple[str, ...]:
    taking = conversation.participants.filter(part=part, ended_at__isnull=True).order_by("pk")
    return tuple(taking.values_list("cadre__display_name", flat=True))
