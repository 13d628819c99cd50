"""Who has a talk on the screen at this moment, so that two cadres do not write past each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff.models import Cadre, Conversation, Viewing

# An open page says every 20 s that it is there; after two missed signs it is taken to be closed.
SEEN_WITHIN = timedelta(seconds=45)
_KEPT_FOR = timedelta(days=1)
_AT_ONCE = 200


def mark_viewing(conversation_id: int, cadre: Cadre, *, now: datetime) -> None:
    """The cadre's page shows the talk. The caller has checked that the cadre may read it."""
    if not Viewing.objects.filter(conversation_id=conversation_id, cadre=cadre).update(seen_at=now):
        Viewing.objects.get_or_create(conversation_id=conversation_id, cadre=cadre, defaults={"seen_at": now})


def viewers(conversation: Conversation, *, except_cadre: Cadre, now: datetime) -> list[Cadre]:
    """The others who look at the talk now, by their number."""
    others = viewing_now(conversation.pk, now=now)
    return list(Cadre.objects.filter(pk__in=[pk for pk in others if pk != except_cadre.pk]).order_by("pk"))


def viewing_now(conversation_id: int, *, now: datetime) -> list[int]:
    """The numbers of all who look at the talk now, in their order."""
    seen = Viewing.objects.filter(conversation_id=conversation_id, seen_at__gte=now - SEEN_WITHIN)
    return sorted(seen.values_list("cadre_id", flat=True))


def sweep_viewings(*, now: datetime) -> int:
    """Forget who looked more than a day ago; how many rows went."""
    old = Viewing.objects.filter(seen_at__lt=now - _KEPT_FOR).order_by("pk").values_list("pk", flat=True)
    rows = list(old[:_AT_ONCE])
    return Viewing.objects.filter(pk__in=rows).delete()[0] if rows else 0
