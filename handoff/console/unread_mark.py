"""The mark in the queue for what nobody has heard or looked at yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, Subquery

from handoff.console.file_texts import UNREAD
from handoff.console.times import how_long
from handoff.kinds import Medium
from handoff.lights import Light
from handoff.models import Message
from handoff.unread import OPENED_WITHIN, WARN_AFTER, unread_light


@dataclass(frozen=True)
class UnreadMark:
    """What waits unopened, since when, and how pressing that is."""

    words: str
    since: datetime
    waited: str
    light: Light


def unread_medium() -> Subquery:
    """For a query of talks: the medium of the first message whose file nobody has opened, or is still to come."""
    there = Q(attachments__isnull=False, attachments__opened_at__isnull=True)
    coming = Q(pending_media__next_at__isnull=False)
    unopened = Message.objects.filter(there | coming, conversation=OuterRef("pk"))
    return Subquery(unopened.filter(conversation__unread_since__isnull=False).order_by("id").values("medium")[:1])


def unread_mark(talk: Any, *, now: datetime) -> UnreadMark | None:
    """The mark of a talk with its `unread_medium`; None when everything was opened."""
    light = unread_light(talk, now=now)
    if light is None:
        return None
    words = UNREAD[talk.unread_medium or Medium.FILE.value]
    return UnreadMark(words, talk.unread_since, how_long(talk.unread_since, now=now), light)


def unread_figures(*, now: datetime) -> dict[str, Any]:
    """For the queue's fingerprint: changes when a light goes on, out, or to another colour."""
    return {
        "unread": Count("unread_since"),
        "latest_unread": Max("unread_since"),
        "amber": Count("pk", filter=Q(unread_since__lte=now - WARN_AFTER)),
        "red": Count("pk", filter=Q(unread_since__lte=now - OPENED_WITHIN)),
    }
