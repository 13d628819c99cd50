"""Who is at the other end: finding somebody on a channel, or beginning with somebody new."""

from __future__ import annotations

from dataclasses import dataclass
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
    external: str = "",
    accepted: str | None = "",
) -> Conversation:
    """A new contact with their identity on the channel and an empty conversation.

    `external` is what the channel needs to reach them, sealed under their key. `accepted` is the digest of the notice
    that they have accepted; None where a notice is only shown. Raises IntegrityError when the identity is known.
    """
    with transaction.atomic():
        contact = Contact.begin(now=now)
        identity = ChannelIdentity(
            contact=contact,
            channel=channel,
            account=account,
            external_hash=external_hash,
            seen_at=now,
            consented_at=None if accepted is None else now,
            notice_digest=accepted or "",
        )
        if external:
            identity.external_sealed = contact.seal_text(external, place=place_of(identity))
        identity.save(force_insert=True)
        return Conversation.objects.create(
            contact=contact, organisation=union, channel=channel, account=account, created_at=now
        )


@dataclass(frozen=True)
class Known:
    """Somebody on a channel. `is_new`: this is the first that was heard of them."""

    identity: ChannelIdentity
    conversation: Conversation
    is_new: bool


def find_or_begin(
    organisation: str, channel: Channel, *, account: str, external: str, external_hash: str, now: datetime
) -> Known:
    """The person behind a platform's id, with their conversation, locked; new ones belong to the named organisation.

    The caller has a transaction open. Raises UnionUnknown.
    """
    identities = ChannelIdentity.objects.filter(channel=channel, account=account, external_hash=external_hash)
    identity = identities.first()
    if identity is not None:
        talk = Conversation.latest_locked(identity.contact_id, channel=channel, account=account)
        if talk is not None:
            return Known(identity, talk, is_new=False)
    union = union_named(organisation)
    begun = begin_conversation(
        union, channel, account=account, external=external, external_hash=external_hash, accepted=None, now=now
    )
    return Known(identities.get(), Conversation.locked(begun.pk), is_new=True)


def external_of(conversation: Conversation) -> str:
    """What the platform calls the person. Raises IdentityGone, ContactErased."""
    identity = ChannelIdentity.objects.filter(
        contact_id=conversation.contact_id, channel=conversation.channel, account=conversation.account
    ).first()
    if identity is None or not identity.external_sealed:
        raise IdentityGone(conversation.pk)
    return conversation.contact.open_text(identity.external_sealed, place=place_of(identity))


def place_of(identity: ChannelIdentity) -> str:
    """Where the platform's id is sealed to."""
    return f"identity:{identity.channel}:{identity.account}:{identity.external_hash}"


def union_named(name: str) -> Organisation:
    """The union of that name; the installation's own for an empty one. Raises UnionUnknown."""
    unions = Organisation.objects.order_by("pk")
    found = (unions.filter(name=name) if name else unions).first()
    if found is None:
        raise UnionUnknown(name)
    return found


class IdentityGone(Exception):
    """The contact was erased, or never came by this channel."""


class UnionUnknown(Exception):
    """There is no such union here (yet)."""
