"""What goes into the inbox and what is known of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handoff.kinds import Channel, ReplyState


class SignatureReused(Exception):
    """This signature came before with another push, or is too old for one that is not known: a forgery or a replay."""


class InboxFull(Exception):
    """More waits to be stored than memory should hold: the platform is to send it again."""


@dataclass(frozen=True)
class PushIn:
    """A push as it came. `platform_key` is unique over all channels: "wechat:main:23456789".

    `payload` is what the channel's taker gets, as JSON. `signature`: a digest of what signed it, empty when nothing
    did; `signed_at`: when, by the platform's clock; `stale`: too long ago for a push that is not known yet.
    `reply_until`: until when the response may carry words; None when it carries `reply_now` at once, or nothing.
    """

    platform_key: str
    channel: Channel
    account: str
    sender_hash: str
    received_at: datetime
    payload: dict[str, Any] = field(repr=False)
    pressing: bool = False
    signature: str = field(default="", repr=False)
    signed_at: datetime | None = None
    stale: bool = False
    reply_until: datetime | None = None
    reply_now: str = field(default="", repr=False)

    @property
    def place(self) -> str:
        """Where its payload is sealed to."""
        return place_of(self.platform_key)


@dataclass(frozen=True)
class StoredPush:
    """A push that is safely on the disk. `fresh`: this delivery was the first. `reply`: the words, once decided."""

    pk: int
    platform_key: str
    fresh: bool
    reply_state: ReplyState
    reply_until: datetime | None
    reply: str = field(default="", repr=False)


def place_of(platform_key: str) -> str:
    """Where a push's payload is sealed to."""
    return f"push:{platform_key}"


def reply_place_of(platform_key: str) -> str:
    """Where the words of its response are sealed to."""
    return f"push-reply:{platform_key}"
