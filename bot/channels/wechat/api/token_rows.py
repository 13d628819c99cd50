"""The row in which all processes share an account's token: reading it, leasing the right to fetch, keeping what came.

All functions touch the database and belong in a thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from bot.channel_settings import WechatAccount
from bot.owners import is_gone, own_name
from handoff.encryption import Unreadable
from handoff.installation import open_here, seal_here
from handoff.kinds import Channel
from handoff.models import PlatformToken

LEASE: Final = timedelta(seconds=15)
FORCED_APART: Final = timedelta(seconds=30)
# The platform allows 20 a day; the last ones are spread over the day, for whoever repairs the set-up.
FORCED_QUICKLY: Final = 12
FORCED_LATER_APART: Final = timedelta(hours=1)


@dataclass(frozen=True)
class StoredToken:
    """What stands in the row. `word` is the token, empty when there is none."""

    word: str = field(repr=False)
    fetched_at: datetime | None
    expires_at: datetime | None
    forced_at: datetime | None
    forced_today: int
    lease_owner: str
    lease_until: datetime | None

    def is_alive(self, now: datetime) -> bool:
        """Whether the platform should still take it."""
        return bool(self.word) and self.expires_at is not None and now < self.expires_at

    def force_in_s(self, now: datetime) -> float:
        """Seconds until the platform may again be made to change the token; 0: now."""
        if self.forced_at is None or now < self.forced_at - FORCED_APART:  # a clock set back binds nobody
            return 0.0
        spent = self.forced_today >= FORCED_QUICKLY and self.forced_at.date() == now.date()
        return max(0.0, (self.forced_at + (FORCED_LATER_APART if spent else FORCED_APART) - now).total_seconds())


def read_token(account: WechatAccount) -> StoredToken:
    """The row of the account, made when there is none."""
    row, _ = PlatformToken.objects.get_or_create(channel=Channel.WECHAT, account=account.name)
    try:
        word = open_here(row.token_sealed, place=_place(account)).decode() if row.token_sealed else ""
    except Unreadable:  # under another master key, or another app id's: as good as none
        word = ""
    return StoredToken(
        word, row.fetched_at, row.expires_at, row.forced_at, row.forced_today, row.lease_owner, row.lease_until
    )


def claim_lease(account: WechatAccount, seen: StoredToken, *, now: datetime) -> bool:
    """Whether this process may fetch now: nobody else is at it, or has gone, or has taken too long."""
    is_held = seen.lease_until is not None and now < seen.lease_until <= now + LEASE
    if is_held and not (seen.lease_owner and is_gone(seen.lease_owner)):
        return False
    as_seen = _rows(account).filter(
        lease_owner=seen.lease_owner, lease_until=seen.lease_until, fetched_at=seen.fetched_at
    )
    return as_seen.update(lease_owner=own_name(), lease_until=now + LEASE) == 1


def keep_token(account: WechatAccount, word: str, *, life_s: int, now: datetime) -> None:
    """Store what came, and let the lease go."""
    _rows(account).update(
        token_sealed=seal_here(word.encode(), place=_place(account)),
        fetched_at=now,
        expires_at=now + timedelta(seconds=life_s),
        lease_owner="",
        lease_until=None,
    )


def note_force(account: WechatAccount, seen: StoredToken, *, now: datetime) -> None:
    """Counted before it is done: a crash in between must not make it free."""
    is_today = seen.forced_at is not None and seen.forced_at.date() == now.date()
    _rows(account).update(forced_at=now, forced_today=seen.forced_today + 1 if is_today else 1)


def release_lease(account: WechatAccount) -> None:
    """Let the lease go, if it is still this process's."""
    _rows(account).filter(lease_owner=own_name()).update(lease_owner="", lease_until=None)


def _rows(account: WechatAccount) -> QuerySet[PlatformToken]:
    return PlatformToken.objects.filter(channel=Channel.WECHAT, account=account.name)


def _place(account: WechatAccount) -> str:
    """A token of another app id, which once had this account's name, cannot be opened here."""
    return f"token:wechat:{account.name}:{account.app_id}"
