"""What the fixed words must know of one talk at this moment: who is there, which numbers, when it will be read."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handoff.approval import approval_of
from handoff.models import Conversation
from handoff.readers import present_readers, seen_at_for
from handoff.words import Here, HotlineView

# National since 2023-09-27 (All-China Federation of Trade Unions).
UNION_HOTLINE: Final = "12351"


def words_here(conversation: Conversation, *, now: datetime) -> Here:
    """The keyword arguments of `handoff.words` for this talk. Reads the database; the words themselves do not."""
    present = present_readers(conversation, now=now)
    return {
        "on_duty": bool(present),
        "hotlines": hotlines_of(conversation),
        "seen_at": seen_at_for(conversation, now=now),
        "department": conversation.department.name if conversation.department else "",
        "woman_on_duty": any(cadre.is_woman for cadre in present),
        "approved": approval_of(conversation.organisation) is not None,
    }


def unions_number(conversation: Conversation) -> str:
    """The number to name when only one is: the unions' hotline where it works, else the first of this talk's union."""
    numbers = [line.number for line in hotlines_of(conversation)]
    return UNION_HOTLINE if UNION_HOTLINE in numbers or not numbers else numbers[0]


def hotlines_of(conversation: Conversation) -> list[HotlineView]:
    """The numbers of this talk's union, in their order."""
    return [
        HotlineView(number=line.number, name=line.name, hours=line.hours, purpose=line.purpose, dial=line.dial)
        for line in conversation.organisation.hotlines.all()
    ]
