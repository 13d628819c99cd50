"""Signatures of callbacks, and when one is too old.

Old is what is old by the platform's own clock and by ours: a machine whose clock was set wrong must not turn workers
away, nor must a platform's that ran ahead for an hour.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Max

from handoff.models import UsedSignature

# The platform sends a push again within 15 seconds; this leaves room for slow networks.
OLD_AFTER: Final = timedelta(minutes=10)
# How far the platform's clock may run before ours and still count: one wild timestamp must not make all others old.
_AHEAD: Final = timedelta(hours=24)
_LONGEST: Final = 64


def is_signed(signature: str, *parts: str) -> bool:
    """SHA-1 over the sorted parts, in hex, compared in constant time."""
    if len(signature) > _LONGEST:
        return False
    expected = hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.lower().encode("utf-8", "replace"))


def signature_digest(account: str, signature: str) -> str:
    """What is kept of a used signature."""
    return hashlib.sha256(f"wechat:{account}:{signature.lower()}".encode()).hexdigest()


def signed_at(timestamp: str) -> datetime | None:
    """The platform's time; None when it is none."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        return None
    return datetime.fromtimestamp(int(timestamp), tz=UTC)


class PlatformClock:
    """The latest time at which an account has signed, as far as this installation has seen. Thread-safe."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._latest: datetime | None = None
        self._lock = threading.Lock()

    @property
    def is_set(self) -> bool:
        """Whether the database need not be asked any more."""
        return self._latest is not None

    def is_old(self, at: datetime, *, now: datetime) -> bool:
        """Whether a signature of that time is too old for a push that is not known yet. Reads the database once."""
        with self._lock:
            latest = self._latest or self._stored() or at
            if at <= now + _AHEAD:
                latest = max(latest, at)
            self._latest = latest
            return at < min(latest, now) - OLD_AFTER

    def _stored(self) -> datetime | None:
        rows = UsedSignature.objects.filter(platform_key__startswith=f"wechat:{self._account}:")
        latest: datetime | None = rows.aggregate(latest=Max("used_at"))["latest"]
        return latest
