"""What surrounds a turn of a conversation at this moment, for the actions of the dialogue."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from actions.scope import TurnScope
from bot.drafts import takes_forms
from handoff.models import Conversation
from handoff.readers import is_present, readers_of
from handoff.waiting import waiting_sentence


def scope_of(conversation: Conversation, *, now: datetime) -> TurnScope:
    """A fresh scope. Reads the database; who may read the talk is worked out once for all that needs it."""
    readers = readers_of(conversation)
    return TurnScope(
        now=timezone.localtime(now),
        contact_id=conversation.contact_id,
        conversation_id=conversation.pk,
        channel=conversation.channel,
        province=conversation.contact.province or None,
        effects=[],
        on_duty=any(is_present(reader, now=now) for reader in readers),
        waiting=waiting_sentence(conversation, readers=readers, now=now),
        forms_allowed=takes_forms(conversation),
        web_page=settings.NIANGJIA.public_url.rstrip("/"),
    )
