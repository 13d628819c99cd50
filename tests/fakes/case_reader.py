"""Cases of people, in memory: what `handoff.cases` gives, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handoff.kinds import CaseKind, CaseState


@dataclass(frozen=True)
class FakeCase:
    """See handoff.cases.CaseView."""

    case_no: str
    kind: CaseKind
    state: CaseState
    opened_at: datetime


class FakeCaseReader:
    """Each person's own cases."""

    def __init__(self) -> None:
        self._cases: dict[UUID, list[FakeCase]] = {}

    def add(self, contact_id: UUID, case: FakeCase) -> None:
        """Newest first, as the real one gives them."""
        self._cases.setdefault(contact_id, []).insert(0, case)

    def cases_of(self, contact_id: UUID) -> Sequence[FakeCase]:
        """See actions.cases.CaseReader."""
        return tuple(self._cases.get(contact_id, ()))
