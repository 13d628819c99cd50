"""Voices, pictures and files that a platform still holds for us: fetched in the background, kept as evidence.

The message is stored and answered without them; a platform that is down for an hour costs nobody a picture.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from django.db import transaction

from bot.journal import log_failure
from bot.texts import MEDIA
from handoff.encryption import ContactErased, Unreadable
from handoff.evidence import Original, discard, keep
from handoff.kinds import Channel, Medium, MessageKind
from handoff.media import UnknownMedia, honest_name, recognise
from handoff.models import Conversation, Message, PendingMedia
from handoff.outbox import say
from handoff.unread import add_file, light_out
from handoff.wakeups import Topic, bulletin

log = logging.getLogger("niangjia.media")

# A platform keeps what was sent for three days; the last try is well before that.
PAUSES: Final = tuple(timedelta(seconds=s) for s in (5, 20, 60, 300, 900, 3600, 3600, 10_800, 21_600, 43_200, 86_400))
# So long a fetch belongs to who began it.
_CLAIMED_FOR: Final = timedelta(minutes=3)
_AT_ONCE: Final = 100


class MediaGone(Exception):
    """The platform says that it will never give this out: too old, withdrawn, too large, not permitted."""


@dataclass(frozen=True)
class Fetched:
    """What came. `declared` is the platform's word for what it is."""

    content: bytes
    declared: str
    name: str


class Fetcher(Protocol):
    """How a channel gives out what it holds. Raises MediaGone; anything else passes and is tried again."""

    def fetch(self, account: str, source: Mapping[str, Any]) -> Fetched: ...


def place_of(message: Message) -> str:
    """Where the source is sealed to."""
    return f"media:{message.reference}"


def note_media(message: Message, source: Mapping[str, Any], *, now: datetime) -> None:
    """Something is to be fetched for this message. In the transaction that stores it; its conversation is loaded."""
    sealed = message.conversation.contact.seal_text(json.dumps(dict(source)), place=place_of(message))
    PendingMedia.objects.create(message=message, source_sealed=sealed, next_at=now)


class MediaFetching:
    """Fetches what is due. Thread-safe; any number of processes may run one each over the same database."""

    def __init__(self, fetchers: Mapping[Channel, Fetcher], *, clock: Callable[[], datetime]) -> None:
        self._fetchers = fetchers
        self._clock = clock

    def due(self) -> list[int]:
        """What is to be fetched now."""
        rows = PendingMedia.objects.filter(next_at__lte=self._clock()).order_by("next_at")
        return list(rows.values_list("pk", flat=True)[:_AT_ONCE])

    def fetch(self, pending_id: int) -> None:
        """Fetch one, unless somebody else is at it. What fails passes: it is due again later."""
        pending = self._claim(pending_id)
        if pending is None:
            return
        try:
            self._keep(pending, self._fetched(pending))
        except (MediaGone, UnknownMedia, ContactErased, Unreadable) as error:
            self._give_up(pending, error)
        except Exception as error:
            log_failure(log, f"media {pending_id} could not be fetched; tried again", error)
            self._later(pending, error)

    def _claim(self, pending_id: int) -> PendingMedia | None:
        now = self._clock()
        rows = PendingMedia.objects.filter(pk=pending_id, next_at__lte=now)
        pending = rows.select_related("message__conversation__contact").first()
        if pending is None or not rows.filter(next_at=pending.next_at).update(
            next_at=now + _CLAIMED_FOR, attempts=pending.attempts + 1
        ):
            return None
        pending.attempts += 1
        return pending

    def _fetched(self, pending: PendingMedia) -> Fetched:
        conversation = pending.message.conversation
        source = json.loads(
            conversation.contact.open_text(bytes(pending.source_sealed), place=place_of(pending.message))
        )
        fetcher = self._fetchers.get(Channel(conversation.channel))
        if fetcher is None:
            raise MediaGone("channel switched off")
        return fetcher.fetch(conversation.account, source)

    def _keep(self, pending: PendingMedia, fetched: Fetched) -> None:
        found = recognise(fetched.content, declared=fetched.declared)
        name = honest_name(fetched.name, found.content_type)
        original = Original(name, found.content_type, found.medium, fetched.content)
        message, now = pending.message, self._clock()
        kept = keep(message.conversation.contact, original)
        with transaction.atomic():
            conversation = Conversation.locked(message.conversation_id)
            mine = PendingMedia.objects.filter(pk=pending.pk, attempts=pending.attempts, next_at__isnull=False)
            if not mine.exists():
                discard([kept.reference])  # somebody else was quicker
                return
            message.conversation = conversation
            add_file(message, kept, now=now)
            Message.objects.filter(pk=message.pk).update(medium=found.medium)
            PendingMedia.objects.filter(pk=pending.pk).update(next_at=None, source_sealed=b"", reason="")
            bulletin.publish_on_commit(conversation.pk, Topic.VISIBLE, Topic.QUEUE)

    def _later(self, pending: PendingMedia, error: Exception) -> None:
        if pending.attempts > len(PAUSES):
            self._give_up(pending, error)
            return
        next_at = self._clock() + PAUSES[pending.attempts - 1]
        PendingMedia.objects.filter(pk=pending.pk).update(next_at=next_at, reason=type(error).__name__[:80])

    def _give_up(self, pending: PendingMedia, error: Exception) -> None:
        """The worker is told, once, and the cadre sees it."""
        now = self._clock()
        log.warning("media %s is given up: %s", pending.pk, type(error).__name__)
        with transaction.atomic():
            conversation = Conversation.locked(pending.message.conversation_id)
            changed = PendingMedia.objects.filter(pk=pending.pk, next_at__isnull=False).update(
                next_at=None, failed_at=now, reason=type(error).__name__[:80]
            )
            first = pending.failed_at is None  # a cadre may have asked for another try
            if changed and first and conversation.contact.erased_at is None:
                key = "unknown_kind" if isinstance(error, UnknownMedia) else "gone"
                words = MEDIA[key].format(medium=Medium(pending.message.medium).label)
                say(conversation, MessageKind.FIXED, words, now=now, in_reply_to=pending.message)
                light_out(conversation)
            bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)
