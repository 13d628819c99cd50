"""Taking in what the inbox holds: each push becomes a worker's message or a noted event, once, in one transaction."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.utils import InterfaceError, OperationalError

from bot.inbox.records import place_of
from bot.journal import log_failure
from handoff.encryption import Unreadable
from handoff.installation import open_here
from handoff.kinds import Channel, Medium
from handoff.models import Conversation, Message, Push
from handoff.pushes import MOST_ATTEMPTS

log = logging.getLogger("niangjia.inbox")

_SENDERS_AT_ONCE = 500


@dataclass(frozen=True)
class Taken:
    """What a push has become. An event has no message; neither has what concerns nobody."""

    conversation: Conversation | None = None
    message: Message | None = None


@dataclass(frozen=True)
class TakenIn:
    """A push that was taken in just now. `holds_media`: the platform holds something of it for us."""

    push_id: int
    holds_media: bool


class Taker(Protocol):
    """How one channel reads its pushes. Called in a transaction that commits with the push's own mark."""

    def take(self, push: Push, payload: Mapping[str, Any], *, now: datetime) -> Taken: ...


class Inbox:
    """Takes pushes in. Thread-safe; any number of processes may run one each over the same database."""

    def __init__(self, takers: Mapping[Channel, Taker], *, clock: Callable[[], datetime]) -> None:
        self._takers = takers
        self._clock = clock

    def run(self, sender: str) -> list[TakenIn]:
        """Take in what one sender's pushes hold, in the order in which they came."""
        taken: list[TakenIn] = []
        for push_id in list(self._waiting().filter(sender_hash=sender).order_by("id").values_list("pk", flat=True)):
            push = self._take(push_id)
            if push is None:
                break  # the order is kept: what comes after it waits with it
            has_file = push.message is not None and push.message.medium != Medium.TEXT
            taken.append(TakenIn(push_id, has_file))
        return taken

    def missed(self, *, older_than: timedelta) -> list[str]:
        """Senders whose pushes have waited: after a restart, or when a wake-up went to another process."""
        now = self._clock()
        waited = Q(received_at__lte=now - older_than) | Q(received_at__gt=now)  # the latter: the clock was set back
        rows = self._waiting().filter(waited).order_by("-pressing", "id")
        return list(dict.fromkeys(rows.values_list("sender_hash", flat=True)[:_SENDERS_AT_ONCE]))

    def try_again(self) -> int:
        """After a start: what could not be taken in before may have been mended meanwhile. How many pushes."""
        stuck = Push.objects.filter(taken_at__isnull=True, attempts__gte=MOST_ATTEMPTS)
        return stuck.update(attempts=0)

    def _waiting(self) -> QuerySet[Push]:
        return Push.objects.filter(taken_at__isnull=True, attempts__lt=MOST_ATTEMPTS)

    def _take(self, push_id: int) -> Push | None:
        try:
            with transaction.atomic():
                push = Push.objects.select_for_update().get(pk=push_id)
                if push.taken_at is None:
                    self._take_locked(push)
            return push
        except (OperationalError, InterfaceError):
            raise  # passes: the sweep tries again
        except Exception as error:
            log_failure(log, f"push {push_id} could not be taken in", error)
            Push.objects.filter(pk=push_id).update(attempts=F("attempts") + 1)
            return None

    def _take_locked(self, push: Push) -> None:
        now = self._clock()
        taker = self._takers.get(Channel(push.channel))
        if taker is None:
            raise ChannelSwitchedOff(push.channel)
        taken = taker.take(push, _payload_of(push), now=now)
        push.conversation, push.message = taken.conversation, taken.message
        push.taken_at, push.payload_sealed = now, b""
        push.save(update_fields=["conversation", "message", "taken_at", "payload_sealed"])


class ChannelSwitchedOff(Exception):
    """The channel was switched off in the settings after this push had been stored."""


def _payload_of(push: Push) -> dict[str, Any]:
    try:
        payload: dict[str, Any] = json.loads(open_here(push.payload_sealed, place=place_of(push.platform_key)))
    except ValueError as error:
        raise Unreadable(push.platform_key) from error
    return payload
