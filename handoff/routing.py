"""Where a talk goes: the department by category, away from whoever is complained of, and how urgent it is."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from handoff.desk_texts import DESK
from handoff.headcount import headcount
from handoff.kinds import DepartmentKind, OrganisationKind
from handoff.models import Case, Conversation, Department
from handoff.readers import readers_of
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


def route(conversation: Conversation, text: str) -> bool:
    """Put department, number of people, urgency and recusals into the row; the caller holds its lock and saves.

    Gives back whether an alarm is due for it, though no life is in danger: many people, or people locked up.
    """
    categories = [category for category in Category if category.value in conversation.categories]
    if Category.CADRE_OR_FUNDS in categories:
        _keep_from_the_accused(conversation, text)
    conversation.department = _department(conversation, categories)
    conversation.headcount = max(filter(None, (conversation.headcount, headcount(text))), default=None)
    many = _are_many(conversation, categories)
    conversation.urgent = conversation.urgent or many or any(category in _PRESSING for category in categories)
    return conversation.alarmed_at is None and (many or any(category in _RINGING for category in categories))


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


def _keep_from_the_accused(conversation: Conversation, text: str) -> None:
    """Whoever is named does not read it; when the union itself may be meant, the next higher one receives it.

    (Regulations on Petitions art. 22: complaints go to the authority above the one complained of.)
    """
    named = [cadre for cadre in conversation.organisation.cadres.all() if _is_named(cadre.display_name, text)]
    if conversation.holder is not None and any(word in text for word in DESK["complains_of_you"].split("|")):
        named.append(conversation.holder)
    conversation.kept_from.add(*named)
    if conversation.holder in named:
        conversation.waiting_since = conversation.held_since
        conversation.holder = conversation.held_since = conversation.words_due_at = None
    union = conversation.organisation
    accused = union.kind != OrganisationKind.FEDERATION or union.name in text or not readers_of(conversation)
    if accused and union.parent is not None:
        lift(conversation)


def lift(conversation: Conversation) -> None:
    """To the next higher union, with its cases: nobody below sees it any more."""
    conversation.organisation = conversation.organisation.parent  # type: ignore[assignment]
    conversation.department = conversation.assigned_to = conversation.assigned_at = None
    if conversation.holder is not None:
        conversation.waiting_since = conversation.held_since
        conversation.holder = conversation.held_since = conversation.words_due_at = None
    Case.objects.filter(conversation=conversation).update(organisation=conversation.organisation)


def _is_named(display_name: str, text: str) -> bool:
    return len(display_name) > 1 and display_name in text
