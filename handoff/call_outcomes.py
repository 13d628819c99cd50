"""How a call ended: reached, tried in vain, given up by the lead, or no longer wanted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from handoff.audit import record
from handoff.call_texts import CALLS
from handoff.call_times import later_slot
from handoff.callbacks import access_call, is_for_lead, may_give_up, when_words
from handoff.cases import OPEN_STATES
from handoff.kinds import AuditAction, CallBackState, CaseKind, CaseState, MessageKind, Outcome
from handoff.models import Cadre, CallBack, Conversation, Note
from handoff.outbox import say
from handoff.wakeups import Topic, bulletin

TRY_AGAIN_AFTER: Final = timedelta(hours=2)


class CallSettled(Exception):
    """The call was made or cancelled already."""


class OnlyForLeads(Exception):
    """After three tries in vain the duty lead or the supervisor decides, where one of them may read the talk."""


def reached(call_id: int, cadre: Cadre, *, note: str, now: datetime) -> CallBack:
    """「打通了」: the call is over; what was said stays as a private note. Raises CallNotFound, CallSettled."""
    with transaction.atomic():
        call = _open_and_locked(call_id, cadre)
        _settle(call, CallBackState.DONE, cadre, now=now)
        _keep_note(call, cadre, note, now=now)
        _close_case(call, Outcome.ANSWERED, now=now)
    return call


def not_reached(call_id: int, cadre: Cadre, *, now: datetime) -> CallBack:
    """「没打通」: again in two hours within waking hours; after the third try it stands before the lead.

    Raises CallNotFound, CallSettled.
    """
    with transaction.atomic():
        call = _open_and_locked(call_id, cadre)
        call.tried += 1
        again = later_slot(now=now, after=TRY_AGAIN_AFTER)
        call.due_from, call.due_until = again.due_from, again.due_until
        call.save(update_fields=["tried", "due_from", "due_until"])
        if not is_for_lead(call):
            words = CALLS["missed"].format(**when_words(call))
            say(call.conversation, MessageKind.FIXED, words, now=now, words_name="call_missed")
        record(AuditAction.CALL_BACK, f"call:{call.pk}", cadre=cadre, now=now, detail=f"missed-{call.tried}")
        bulletin.publish_on_commit(call.conversation_id, Topic.QUEUE)
    return call


def give_up(call_id: int, cadre: Cadre, *, note: str, now: datetime) -> CallBack:
    """Whoever decides has seen that nobody could be reached. Raises CallNotFound, CallSettled, OnlyForLeads."""
    with transaction.atomic():
        call = _open_and_locked(call_id, cadre)
        if not may_give_up(cadre, call):
            raise OnlyForLeads(call_id)
        _settle(call, CallBackState.UNREACHED, cadre, now=now)
        _keep_note(call, cadre, note, now=now)
        _close_case(call, Outcome.UNREACHED, now=now)
    return call


def cancel_call(call_id: int, cadre: Cadre, *, now: datetime) -> CallBack:
    """「取消」: the worker does not want it any more; they are told. Raises CallNotFound, CallSettled."""
    with transaction.atomic():
        call = _open_and_locked(call_id, cadre)
        _settle(call, CallBackState.CANCELLED, cadre, now=now)
        say(call.conversation, MessageKind.FIXED, CALLS["cancelled"], now=now, words_name="call_cancelled")
        _close_case(call, Outcome.WITHDRAWN, now=now)
    return call


def _open_and_locked(call_id: int, cadre: Cadre) -> CallBack:
    call = access_call(cadre, call_id)
    conversation = Conversation.locked(call.conversation_id)
    call = CallBack.objects.select_for_update(of=("self",)).select_related("case").get(pk=call_id)
    call.conversation = conversation
    if call.state != CallBackState.OPEN:
        raise CallSettled(call_id)
    return call


def _settle(call: CallBack, state: CallBackState, cadre: Cadre, *, now: datetime) -> None:
    call.state, call.settled_at, call.settled_by = state, now, cadre
    call.save(update_fields=["state", "settled_at", "settled_by"])
    record(AuditAction.CALL_BACK, f"call:{call.pk}", cadre=cadre, now=now, detail=state.value)
    bulletin.publish_on_commit(call.conversation_id, Topic.QUEUE)


def _keep_note(call: CallBack, cadre: Cadre, words: str, *, now: datetime) -> None:
    if not words:
        return
    note = Note(conversation=call.conversation, cadre=cadre, created_at=now)
    note.seal(words)
    note.save(force_insert=True)


def _close_case(call: CallBack, outcome: Outcome, *, now: datetime) -> None:
    """With its last call a case is over, unless the talk is under way again."""
    conversation, case = call.conversation, call.case
    busy = conversation.holder_id is not None or conversation.waiting_since is not None or conversation.alarm_rings
    if case is None or busy or case.state not in OPEN_STATES:
        return
    if case.kind == CaseKind.CRISIS and outcome == Outcome.WITHDRAWN:  # no matter of life ends by not being wanted
        return
    if case.call_backs.filter(state=CallBackState.OPEN).exists():
        return
    case.state, case.outcome, case.updated_at = CaseState.CLOSED, case.outcome or outcome, now
    case.save(update_fields=["state", "outcome", "updated_at"])
