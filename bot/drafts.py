"""Half-filled forms that a worker goes on with on another channel: moved from one talk's snapshot to the other's.

Only what was given to a form moves, never what was said. Consent is asked for anew: it is recorded with its channel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from actions.callback import state as callback
from actions.join import state as join
from handoff.kinds import Channel
from handoff.models import Conversation, LinkCode
from nlu.errors import SnapshotUnreadable
from nlu.snapshot import Snapshot


@dataclass(frozen=True)
class DraftForm:
    """`given`: the slots that hold answers; `own`: all that the form remembers."""

    name: str
    given: Sequence[str]
    own: Sequence[str]

    def values(self, snapshot: Snapshot) -> dict[str, Any]:
        """What has been given."""
        return {slot: snapshot.slots[slot] for slot in self.given if snapshot.slots.get(slot) is not None}

    def without(self, snapshot: Snapshot) -> Snapshot:
        """The talk as if the form had never begun."""
        slots = {name: value for name, value in snapshot.slots.items() if name not in self.own}
        if snapshot.active_loop != self.name:
            return replace(snapshot, slots=slots)
        return replace(snapshot, slots=slots, active_loop=None, requested_slot=None)


FORMS: Final = (
    DraftForm(join.FORM, tuple(map(str, join.GIVEN)), tuple(join.forgotten())),
    DraftForm(callback.FORM, (*map(str, callback.GIVEN), callback.SLOT), tuple(callback.forgotten())),
)


def drafts_in(conversation: Conversation) -> tuple[str, ...]:
    """Names of the forms in which something has been given and nothing submitted yet."""
    snapshot = _snapshot(conversation)
    return tuple(form.name for form in FORMS if form.values(snapshot))


def takes_forms(conversation: Conversation) -> bool:
    """Whether forms with personal data may be filled in on this channel."""
    return conversation.channel != Channel.TELEGRAM or bool(settings.NIANGJIA.telegram.forms)


def is_filling_in(conversation: Conversation) -> bool:
    """Whether a form is under way."""
    return _snapshot(conversation).active_loop is not None


def take_waiting_drafts(conversation: Conversation, *, now: datetime) -> None:
    """Before the dialogue is asked in a second talk: what was left half-filled in the first moves here, once.

    It waits while a form is under way here or a turn runs there: what the turn read would come back with its end.
    The caller's transaction holds the conversation's lock and its turn.
    """
    if conversation.contact.person is None:
        return
    waiting = LinkCode.objects.filter(entered_in=conversation, draft_waits=True).order_by("pk").first()
    if waiting is None or is_filling_in(conversation):
        return
    first = Conversation.locked(waiting.conversation_id)
    if first.turn_owner and first.turn_expires_at is not None and now < first.turn_expires_at:
        return
    waiting.draft_waits = False
    waiting.save(update_fields=["draft_waits"])
    person = first.contact.person
    if first.contact.erased_at is None and person is not None and person == conversation.contact.person:
        _move(first, conversation)


def _move(first: Conversation, second: Conversation) -> None:
    left, arrived = _snapshot(first), _snapshot(second)
    for form in FORMS:
        given = form.values(left)
        if given:
            left, arrived = form.without(left), _with(arrived, given)
    first.seal_snapshot(left.to_json())
    first.turn_owner, first.turn_expires_at = "", None  # a turn of a lease long past must not write its end over this
    first.save(update_fields=["snapshot_sealed", "turn_owner", "turn_expires_at"])
    second.seal_snapshot(arrived.to_json())
    second.save(update_fields=["snapshot_sealed"])


def _with(snapshot: Snapshot, given: Mapping[str, Any]) -> Snapshot:
    """What was given here counts for more than what was given there."""
    return replace(snapshot, slots={**given, **snapshot.slots})


def _snapshot(conversation: Conversation) -> Snapshot:
    stored = conversation.snapshot
    try:
        return Snapshot.from_json(stored) if stored else Snapshot()
    except SnapshotUnreadable:  # of an older version: the talk begins anew there as well
        return Snapshot()
