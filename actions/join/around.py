"""What comes before the form and after it: may it begin, how did it end, was it left half-way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.buttons import intent_button, person_button
from actions.cases import CaseReader
from actions.effects import HandoffReason, OpenCase, RequestHandoff
from actions.elsewhere import not_here
from actions.heard import heard
from actions.join import fields
from actions.join.state import ENDING, READY, TONE, Ending, Field, JoinState, Tone, forgotten
from actions.scope import Scopes, TurnScope
from handoff.kinds import CaseKind, CaseState

_STANDING: Final = (CaseState.REGISTERED, CaseState.ACCEPTED)


class CheckJoin(Action):
    """Whether the form may begin: not twice, not for a child, not where personal data may not be asked for."""

    def __init__(self, scopes: Scopes, case_reader: CaseReader) -> None:
        self._scopes = scopes
        self._cases = case_reader

    def name(self) -> str:
        """See Action."""
        return "action_check_join"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        scope = self._scopes.of(tracker.sender_id)
        if fields.is_under_sixteen(heard(tracker).text):
            _hand_over_child(scope, dispatcher)
            return [*_forget(), SlotSet(READY, False)]
        if not scope.forms_allowed:
            dispatcher.utter_message(text=not_here(texts.JOIN_NOT_HERE, scope), buttons=[person_button()])
            return [*_forget(), SlotSet(READY, False)]
        if standing := await self._standing_case(scope):
            dispatcher.utter_message(text=texts.JOIN_ALREADY_OPEN.format(case_no=standing))
            return [SlotSet(READY, False)]
        has_draft = bool(JoinState.of(tracker.slots).values)
        return [SlotSet(READY, True), SlotSet(TONE, Tone.DRAFT if has_draft else Tone.PLAIN)]

    async def _standing_case(self, scope: TurnScope) -> str | None:
        # Django refuses to read the database inside an event loop.
        cases = await asyncio.to_thread(self._cases.cases_of, scope.contact_id)
        return next((case.case_no for case in cases if case.kind == CaseKind.JOIN and case.state in _STANDING), None)


class FinishJoin(Action):
    """Says how the form ended, and forgets what it held. Only a confirmed form becomes a case."""

    def __init__(self, scopes: Scopes, new_case_no: Callable[[], str]) -> None:
        self._scopes = scopes
        self._new_case_no = new_case_no

    def name(self) -> str:
        """See Action."""
        return "action_finish_join"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        scope = self._scopes.of(tracker.sender_id)
        if not scope.forms_allowed:  # begun before the operator forbade it
            dispatcher.utter_message(text=not_here(texts.JOIN_NOT_HERE, scope), buttons=[person_button()])
            return _forget()
        match Ending(tracker.get_slot(ENDING)):
            case Ending.CONFIRMED:
                case_no = self._register(JoinState.of(tracker.slots), scope)
                dispatcher.utter_message(text=texts.JOIN_DONE.format(case_no=case_no))
            case Ending.DECLINED:
                dispatcher.utter_message(text=texts.JOIN_DECLINED)
            case Ending.UNDER_SIXTEEN:
                _hand_over_child(scope, dispatcher)
        return _forget()

    def _register(self, state: JoinState, scope: TurnScope) -> str:
        case_no = self._new_case_no()
        given = {
            "name": state.text(Field.NAME),
            "mobile": state.text(Field.MOBILE),
            "employer": state.text(Field.EMPLOYER),
            "district": state.text(Field.DISTRICT),
            "consent": texts.JOIN_CONSENT_VERSION,
            "consented_at": scope.now.isoformat(),
            "channel": scope.channel,
        }
        scope.effects.append(OpenCase(case_no, CaseKind.JOIN, given))
        return case_no


class StopJoining(Action):
    """The person does not want to go on: everything given is forgotten, and said to be."""

    def name(self) -> str:
        """See Action."""
        return "action_stop_joining"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        dispatcher.utter_message(text=texts.JOIN_STOPPED)
        return _forget()


class LeaveJoining(Action):
    """A person was asked for in the middle: the draft stays and the form takes it up again when asked."""

    def name(self) -> str:
        """See Action."""
        return "action_leave_joining"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        dispatcher.utter_message(text=texts.JOIN_PAUSED)
        return []


class TransferMembership(Action):
    """Once a member, always a member: the membership is carried over, not begun again.

    Measures for the Administration of Union Membership (2016), art. 5.
    """

    def name(self) -> str:
        """See Action."""
        return "action_transfer_membership"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        person = intent_button(texts.BUTTONS["transfer_person"], "request_human")
        dispatcher.utter_message(text=texts.TRANSFER, buttons=[person])
        return [SlotSet("offer", "human")]


class JoinForOther(Action):
    """Somebody asks to register somebody else: joining is one's own application; a person may help.

    Constitution of the Chinese Trade Unions (2023), art. 2.
    """

    def name(self) -> str:
        """See Action."""
        return "action_join_for_other"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """See Action."""
        dispatcher.utter_message(text=texts.JOIN_FOR_OTHER, buttons=[person_button()])
        return [SlotSet("offer", "human")]


def _hand_over_child(scope: TurnScope, dispatcher: CollectingDispatcher) -> None:
    scope.effects.append(RequestHandoff(HandoffReason.UNDER_SIXTEEN))
    dispatcher.utter_message(text=texts.JOIN_UNDER_SIXTEEN)


def _forget() -> list[EventType]:
    return [SlotSet(name, None) for name in forgotten()]
