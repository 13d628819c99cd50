"""What the inbox need not remember for ever: pushes that became messages long ago, signatures too old to pass."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max

from handoff.models import Push, UsedSignature

# Platforms deliver again within seconds, some within a day; the message keeps its key for ever.
PUSHES_KEPT_FOR: Final = timedelta(days=7)
# Measured by the platform's clock (bot.channels.wechat.signing): far longer than a signature passes.
SIGNATURES_KEPT_FOR: Final = timedelta(hours=2)
_AT_ONCE: Final = 500


def forget_old(*, now: datetime) -> int:
    """A bounded number of rows at a time; how many went."""
    old = Push.objects.filter(received_at__lt=now - PUSHES_KEPT_FOR, taken_at__isnull=False)
    gone = old.filter(pk__in=list(old.order_by("received_at").values_list("pk", flat=True)[:_AT_ONCE])).delete()[0]
    latest: datetime | None = UsedSignature.objects.aggregate(latest=Max("used_at"))["latest"]
    if latest is None:
        return gone
    passed = UsedSignature.objects.filter(used_at__lt=min(latest, now) - SIGNATURES_KEPT_FOR)
    some = list(passed.order_by("used_at").values_list("pk", flat=True)[:_AT_ONCE])
    return gone + passed.filter(pk__in=some).delete()[0]
