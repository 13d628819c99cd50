"""Complaints about cadres and unions: whoever is complained of neither has the talk nor knows of it.

(Regulations on Petitions art. 22: complaints go to the authority above the one complained of.)
"""

from __future__ import annotations

import re
from datetime import datetime

from handoff.audit import record
from handoff.desk_texts import DESK
from handoff.kinds import AuditAction, MessageKind, OrganisationKind
from handoff.models import Cadre, Case, Conversation, Message
from handoff.readers import cadres_of, is_complaint, readers_of
from handoff.screening.levels import Level

_OF_YOU = re.compile(DESK["complains_of_you"])
_TITLES = DESK["titles"].split("|")
_LOOKED_BACK = 50


def recuse_by_words(conversation: Conversation, text: str, *, now: datetime) -> bool:
    """A further message in a complaint may be the one that says the name; whether the talk lost its holder by it."""
    return is_complaint(conversation) and keep_from_the_accused(conversation, set(), text, now=now)


def keep_from_the_accused(conversation: Conversation, named: set[int], text: str, *, now: datetime) -> bool:
    """Whoever is named does not read it from now on; whether the talk lost its holder by it.

    The caller holds the lock and saves the row.
    """
    cadres = cadres_of(conversation.organisation_id)
    named = named | {cadre.pk for cadre in cadres if _is_named(cadre.display_name, text)}
    if conversation.holder_id is not None and _OF_YOU.search(text):
        named.add(conversation.holder_id)
    new = named - set(conversation.kept_from.values_list("pk", flat=True))
    conversation.kept_from.add(*new)
    for pk in sorted(new):
        subject = f"conversation:{conversation.pk}"
        record(AuditAction.KEEP_FROM, subject, cadre=None, now=now, detail=f"from:{pk}")
    conversation.participants.filter(cadre_id__in=new, ended_at__isnull=True).update(ended_at=now)
    if conversation.assigned_to_id in named:
        conversation.assigned_to = conversation.assigned_at = None
    holder_reads = any(reader.pk == conversation.holder_id for reader in readers_of(conversation))
    return not holder_reads and take_from_holder(conversation, now=now)


def lift_if_accused(conversation: Conversation, text: str, *, now: datetime) -> bool:
    """One level up when the union itself may be meant, or nobody here could read it; whether a holder lost it."""
    union = conversation.organisation
    accused = union.kind != OrganisationKind.FEDERATION or union.name in text or not readers_of(conversation)
    if not accused or union.parent is None:
        return False
    return lift(conversation, now=now)


def lift(conversation: Conversation, *, now: datetime) -> bool:
    """To the next higher union, with its cases: nobody below sees it any more; whether a holder lost it by that."""
    lost = take_from_holder(conversation, now=now)
    conversation.participants.filter(ended_at__isnull=True).update(ended_at=now)
    conversation.organisation = conversation.organisation.parent  # type: ignore[assignment]
    conversation.department = conversation.assigned_to = conversation.assigned_at = None
    Case.objects.filter(conversation=conversation).update(organisation=conversation.organisation)
    detail = f"organisation:{conversation.organisation_id}"
    record(AuditAction.REFER, f"conversation:{conversation.pk}", cadre=None, now=now, detail=detail)
    return lost or conversation.alarmed_at is not None


def take_from_holder(conversation: Conversation, *, now: datetime) -> bool:
    """Back into the queue at the place that the worker's wait gives; False when nobody has it."""
    if conversation.holder_id is None:
        return False
    conversation.waiting_since = conversation.unanswered_since or now
    conversation.holder = conversation.held_since = conversation.words_due_at = None
    conversation.unanswered_since = conversation.silence_told_at = None
    conversation.silent = True
    return True


def named_in_the_talk(conversation: Conversation) -> set[int]:
    """Cadres whom the worker has named earlier in this talk, before it was known to be a complaint."""
    rows = Message.objects.filter(conversation=conversation, kind=MessageKind.WORKER).order_by("-id")[:_LOOKED_BACK]
    for row in rows:
        row.conversation = conversation
    said = "\n".join(row.body for row in rows)
    return {cadre.pk for cadre in cadres_of(conversation.organisation_id) if _is_named(cadre.display_name, said)}


def _is_named(display_name: str, text: str) -> bool:
    """By the whole name, or by surname and title: 「王主席」 may be each of two; then both stay away from it."""
    if len(display_name) > 1 and display_name in text:
        return True
    return any(f"{display_name[:1]}{title}" in text for title in _TITLES)


def leaves_danger_to_one(conversation: Conversation, accused: Cadre, actor: Cadre) -> bool:
    """Whether a recusal would leave a talk in danger to nobody but the one who asks for it."""
    if Level(conversation.level) not in (Level.CRISIS, Level.DISTRESS):
        return False
    if accused.pk == actor.pk and conversation.organisation.parent is not None:
        return False  # then it goes up
    return not [reader for reader in readers_of(conversation) if reader.pk not in (accused.pk, actor.pk)]
