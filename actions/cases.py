"""A person's own cases, as the dialogue tells them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.buttons import join_button, person_button
from actions.heard import heard
from actions.scope import Scopes
from handoff.kinds import CaseKind, CaseState


class CaseLine(Protocol):
    """What a person may know of a case of theirs."""

    @property
    def case_no(self) -> str: ...
    @property
    def kind(self) -> CaseKind: ...
    @property
    def state(self) -> CaseState: ...
    @property
    def opened_at(self) -> datetime: ...


class CaseReader(Protocol):
    """The door to somebody's own cases (`handoff.cases`)."""

    def cases_of(self, contact_id: UUID) -> Sequence[CaseLine]:
        """All cases of this person, newest first; nobody else's."""


class CaseStatus(Action):
    """One case by its number, or all of one's own. A stranger's number and a wrong one are answered alike."""

    def __init__(self, scopes: Scopes, case_reader: CaseReader) -> None:
        self._scopes = scopes
        self._cases = case_reader

    def name(self) -> str:
        """See Action."""
        return "action_case_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        scope = self._scopes.of(tracker.sender_id)
        # Django refuses to read the database inside an event loop.
        cases = await asyncio.to_thread(self._cases.cases_of, scope.contact_id)
        wanted = heard(tracker).details.get("case_no")
        shown = [case for case in cases if case.case_no == wanted] if wanted else cases
        if shown:
            lines = [texts.CASES, *(_line(case, scope.now) for case in shown)]
            dispatcher.utter_message(text="\n".join(lines))
        elif wanted:
            dispatcher.utter_message(text=texts.NO_SUCH_CASE, buttons=[person_button()])
        else:
            dispatcher.utter_message(text=texts.NO_CASES, buttons=[join_button(), person_button()])
        return []


def _line(case: CaseLine, now: datetime) -> str:
    opened = case.opened_at.astimezone(now.tzinfo)
    return texts.CASE_LINE.format(
        case_no=case.case_no,
        kind=texts.CASE_KIND_SHOWN.get(case.kind, texts.CASE_KIND_OTHERWISE),
        state=CaseState(case.state).label,
        opened_on=texts.CASE_DATE.format(month=opened.month, day=opened.day),
    )
