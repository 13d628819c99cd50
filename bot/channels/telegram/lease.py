"""Which process fetches updates: Telegram answers one at a time, and ends the other's waiting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.owners import is_gone, own_name
from handoff.kinds import Channel
from handoff.models import PlatformToken

HELD_FOR: Final = timedelta(seconds=60)
_ACCOUNT: Final = "polling"


def take_lease(*, now: datetime) -> bool:
    """Whether this process may fetch for the next minute; its own lease is renewed."""
    row, _ = PlatformToken.objects.get_or_create(channel=Channel.TELEGRAM, account=_ACCOUNT)
    mine = own_name()
    # None lies further ahead, unless the clock was set back.
    is_held = row.lease_until is not None and now < row.lease_until <= now + HELD_FOR
    if is_held and row.lease_owner != mine and not is_gone(row.lease_owner):
        return False
    as_seen = PlatformToken.objects.filter(pk=row.pk, lease_owner=row.lease_owner, lease_until=row.lease_until)
    return as_seen.update(lease_owner=mine, lease_until=now + HELD_FOR) == 1


def give_lease_back() -> None:
    """The next process need not wait."""
    rows = PlatformToken.objects.filter(channel=Channel.TELEGRAM, account=_ACCOUNT, lease_owner=own_name())
    rows.update(lease_owner="", lease_until=None)
