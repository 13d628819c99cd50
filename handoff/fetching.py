"""What a platform still holds for us (a voice, a picture …), as cadres see it, and their asking for another try."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from handoff.desk_errors import ConversationNotFound
from handoff.models import Conversation, PendingMedia
from handoff.wakeups import Topic, bulletin


class NothingToFetch(ConversationNotFound):
    """There is nothing of this message that could be fetched."""


def pending_of(message_ids: Iterable[int]) -> dict[int, PendingMedia]:
    """By message id."""
    rows = PendingMedia.objects.filter(message_id__in=list(message_ids)).defer("source_sealed")
    return {row.message_id: row for row in rows}


def fetch_again(conversation_id: int, message_id: int, *, now: datetime) -> bool:
    """Try now, also what was given up; False when it is there already. Raises NothingToFetch."""
    with transaction.atomic():
        Conversation.locked(conversation_id)
        rows = PendingMedia.objects.select_related("message").filter(message__conversation_id=conversation_id)
        pending = rows.filter(message_id=message_id).first()
        if pending is None:
            raise NothingToFetch(message_id)
        if pending.message.attachments.exists():
            return False
        pending.next_at, pending.failed_at = now, None
        pending.save(update_fields=["next_at", "failed_at"])
        bulletin.publish_on_commit(conversation_id, Topic.VISIBLE)
    return True
