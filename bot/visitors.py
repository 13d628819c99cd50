"""Beginning a conversation with somebody new, on any channel."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handoff.kinds import Channel
from handoff.models import ChannelIdentity, Contact, Conversation, Organisation


def begin_conversation(
    union: Organisation,
    channel: Channel,
    *,
    external_hash: str,
    now: datetime,
    account: str = "main",
    notice_digest: str = "",
) -> Conversation:
    """A new contact who has accepted the notice, with their identity on the channel and an empty conversation.

    Raises IntegrityError when the identity is known already.
    """
    with transaction.atomic():
        contact = Contact.begin(now=now)
        ChannelIdentity.objects.create(
            contact=contact,
            channel=channel,
            account=account,
            external_hash=external_hash,
            seen_at=now,
            consented_at=now,
            notice_digest=notice_digest,
        )
        return Conversation.objects.create(
            contact=contact, organisation=union, channel=channel, account=account, created_at=now
        )
