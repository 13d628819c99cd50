"""Who is at the other end: a chat id, of which the database holds a keyed hash, and the id itself under their key."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from bot.visitors import Known, find_or_begin
from handoff.installation import keyed_hash
from handoff.kinds import Channel
from handoff.models import ChannelIdentity, Conversation

ACCOUNT: Final = "main"


def hash_of(chat_id: int) -> str:
    """How the database knows a chat."""
    return keyed_hash("telegram", str(chat_id))


def visitor_of(chat_id: int, *, organisation: str, now: datetime) -> Known:
    """The person behind a chat id, their conversation locked. Raises UnionUnknown."""
    external, external_hash = str(chat_id), hash_of(chat_id)
    return find_or_begin(
        organisation, Channel.TELEGRAM, account=ACCOUNT, external=external, external_hash=external_hash, now=now
    )


def conversations_of(chat_id: int) -> list[int]:
    """The conversations of a person who may never have written; newest first."""
    identities = ChannelIdentity.objects.filter(
        channel=Channel.TELEGRAM, account=ACCOUNT, external_hash=hash_of(chat_id)
    )
    talks = Conversation.objects.filter(channel=Channel.TELEGRAM, contact_id__in=identities.values("contact_id"))
    return list(talks.order_by("-pk").values_list("pk", flat=True))


def note_told(identity: ChannelIdentity, notice: str) -> None:
    """The worker has been told what is kept, in these words."""
    digest = hashlib.sha256(notice.encode()).hexdigest()
    ChannelIdentity.objects.filter(pk=identity.pk).update(notice_digest=digest)
