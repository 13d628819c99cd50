"""What a person who has joined channels sees of the cases of the others: number, kind, state and dates, never words."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from handoff.kinds import CaseKind
from handoff.models import Case, Contact, Conversation
from handoff.screening.levels import Level

# Named one by one: a kind that is added later (a tip-off, say) is not shown until somebody decides that it may be.
SHARED_KINDS: Final = (CaseKind.JOIN, CaseKind.HANDOFF)


def joined_cases(contact_id: UUID) -> list[int]:
    """Primary keys of the cases of other contacts that this one may know of, because one person has joined them."""
    person = Contact.objects.filter(pk=contact_id, erased_at__isnull=True).values_list("person", flat=True).first()
    if person is None:
        return []
    cases = Case.objects.filter(contact__person=person, contact__erased_at__isnull=True, kind__in=SHARED_KINDS)
    others = cases.exclude(contact_id=contact_id).select_related("conversation")
    return [case.pk for case in others if case.kind != CaseKind.HANDOFF or _was_ordinary(case.conversation)]


def _was_ordinary(conversation: Conversation | None) -> bool:
    """A request for a person may have been about anything: it is shown only of talks in which nothing pressing was."""
    if conversation is None or conversation.level != Level.ORDINARY:
        return False
    return not conversation.categories and not conversation.past_categories
