"""Where a talk goes: the department by category, and how urgent it is. `handoff.recusal` says who must not have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from handoff.headcount import headcount
from handoff.kinds import DepartmentKind
from handoff.models import Conversation, Department
from handoff.recusal import keep_from_the_accused, lift_if_accused, named_in_the_talk
from handoff.screening.levels import Category

# Whom the union tells, by matter (Trade Union Law arts 27, 28, 39, 58; Women's Rights Law art. 23).
_DEPARTMENT_OF: Mapping[Category, DepartmentKind] = {
    Category.FORCED_LABOUR: DepartmentKind.RIGHTS,
    Category.DOMESTIC_VIOLENCE: DepartmentKind.WOMEN,
    Category.HAZARD: DepartmentKind.SAFETY,
    Category.CHILD_LABOUR: DepartmentKind.RIGHTS,
    Category.MINOR: DepartmentKind.RIGHTS,
    Category.SEXUAL_HARASSMENT: DepartmentKind.WOMEN,
    Category.DEATH_OR_INJURY: DepartmentKind.SAFETY,
    Category.COLLECTIVE: DepartmentKind.RIGHTS,
    Category.PETITION: DepartmentKind.RIGHTS,
    Category.CADRE_OR_FUNDS: DepartmentKind.DISCIPLINE,
    Category.BULLYING: DepartmentKind.CARE,
    Category.INSOMNIA: DepartmentKind.CARE,
    Category.DESPAIR: DepartmentKind.CARE,
}
# A danger that is there now may not wait its turn, however few people speak of it; who is locked up cannot wait at all.
_PRESSING = (Category.FORCED_LABOUR, Category.HAZARD, Category.CHILD_LABOUR)
_RINGING = (Category.FORCED_LABOUR,)


@dataclass(frozen=True)
class Routed:
    """What routing has done. `rings`: an alarm is due for it, though no life is in danger: many people, or people
    locked up. `lost_its_holder`: the talk was taken from whoever had it."""

    rings: bool = False
    lost_its_holder: bool = False


def route(conversation: Conversation, text: str, found: Iterable[Category], *, now: datetime) -> Routed:
    """Put department, number of people, urgency and recusals into the row; the caller holds its lock and saves.

    `found`: the categories of this very message; those of the whole talk stand in the row.
    """
    categories = [category for category in Category if category.value in conversation.categories]
    lost = False
    if Category.CADRE_OR_FUNDS in set(found):
        lost = keep_from_the_accused(conversation, named_in_the_talk(conversation), text, now=now)
        lost = lift_if_accused(conversation, text, now=now) or lost
    conversation.department = _department(conversation, categories)
    conversation.headcount = max(filter(None, (conversation.headcount, headcount(text))), default=None)
    many = _are_many(conversation, categories)
    conversation.urgent = conversation.urgent or many or any(category in _PRESSING for category in categories)
    rings = conversation.alarmed_at is None and (many or any(category in _RINGING for category in categories))
    return Routed(rings=rings, lost_its_holder=lost)


def _department(conversation: Conversation, categories: list[Category]) -> Department | None:
    """The one for the most pressing category that the union has; as it was where none of them has any."""
    held = {department.kind: department for department in conversation.organisation.departments.all()}
    if Category.CADRE_OR_FUNDS in categories:  # whatever else is said, no other department reads a complaint
        return held.get(DepartmentKind.DISCIPLINE)
    if conversation.department is not None and conversation.department.kind == DepartmentKind.WOMEN:
        return conversation.department  # what was said there stays there, whatever follows
    for category in categories:
        department = held.get(_DEPARTMENT_OF.get(category, DepartmentKind.GENERAL))
        if category in _DEPARTMENT_OF and department is not None:
            return department
    return conversation.department


def _are_many(conversation: Conversation, categories: list[Category]) -> bool:
    many = (conversation.headcount or 0) >= settings.NIANGJIA.collective_urgent_from
    return many and Category.COLLECTIVE in categories
