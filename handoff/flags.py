"""What workers ask for about how they are dealt with: kept with the talk, seen by every cadre who opens it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from handoff.audit import record
from handoff.desk_texts import FLAG_WORDS
from handoff.kinds import AuditAction, Flag
from handoff.models import Cadre, Conversation
from handoff.wakeups import Topic, bulletin


def flags_in(text: str) -> list[Flag]:
    """What a worker's own words ask for: 「别告诉单位」, 「能不能找个女的跟我说」."""
    return [flag for flag, words in FLAG_WORDS.items() if any(word in text for word in words.split("|"))]


def raise_flags(conversation: Conversation, found: Iterable[Flag]) -> None:
    """Add flags to the row; the caller holds its lock and saves."""
    new = [flag.value for flag in found if flag.value not in conversation.flags]
    conversation.flags = [*conversation.flags, *new]


def set_flags(
    conversation_id: int, cadre: Cadre, flags: Iterable[Flag], *, now: datetime, shown: Iterable[Flag] = ()
) -> Conversation:
    """The flags as the cadre heard them from the worker. The caller has checked access.

    `shown` are those that were set on the cadre's page: only these can have been taken away, and only the others
    added. What the worker asked for while the page was open stays.
    """
    chosen, seen = set(flags), set(shown)
    with transaction.atomic():
        conversation = Conversation.locked(conversation_id)
        now_set = {flag for flag in Flag if flag.value in conversation.flags}
        wanted = (now_set - (seen - chosen)) | (chosen - seen)
        conversation.flags = [flag.value for flag in Flag if flag in wanted]
        conversation.save(update_fields=["flags"])
        record(AuditAction.FLAG, f"conversation:{conversation.pk}", cadre=cadre, now=now)
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
    return conversation
