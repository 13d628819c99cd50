"""Where a worker writes from, and how they came there."""

from __future__ import annotations

from handoff.console.talk_texts import CAME_BY, CHANNEL_ACCOUNT
from handoff.kinds import Channel
from handoff.models import ChannelIdentity, Conversation


def channel_words(conversation: Conversation) -> str:
    """The channel, on WeChat with the account's name: a union may have several."""
    channel = Channel(conversation.channel)
    if channel is not Channel.WECHAT:
        return str(channel.label)
    return CHANNEL_ACCOUNT.format(channel=channel.label, account=conversation.account)


def came_by(conversation: Conversation) -> str:
    """The poster by which they first came; empty when none is known."""
    identity = ChannelIdentity.objects.filter(
        contact_id=conversation.contact_id, channel=conversation.channel, account=conversation.account
    )
    scene = identity.exclude(scene="").values_list("scene", flat=True).first()
    return CAME_BY.format(scene=scene) if scene else ""
