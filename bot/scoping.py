"""What surrounds a turn of a conversation at this moment, for the actions of the dialogue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache, partial

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from actions.scope import Presence, TurnScope
from bot.drafts import takes_forms
from handoff.models import Conversation, Organisation
from handoff.readers import is_present, readers_of
from handoff.waiting import waiting_sentence
from knowledge.places import province_of_address


def scope_of(conversation: Conversation, *, now: datetime) -> TurnScope:
    """A fresh scope. Reads the database."""
    return TurnScope(
        now=timezone.localtime(now),
        contact_id=conversation.contact_id,
        conversation_id=conversation.pk,
        channel=conversation.channel,
        province=province_of(conversation),
        effects=[],
        presence=lambda: _outside_event_loops(partial(_presence, conversation, now=now)),
        forms_allowed=takes_forms(conversation),
        web_page=settings.NIANGJIA.public_url.rstrip("/"),
    )


def _presence(conversation: Conversation, *, now: datetime) -> Presence:
    """Who may read the talk is worked out once for all that needs it."""
    readers = readers_of(conversation)
    return Presence(
        on_duty=any(is_present(reader, now=now) for reader in readers),
        waiting=waiting_sentence(conversation, readers=readers, now=now),
    )


def _outside_event_loops(read: Callable[[], Presence]) -> Presence:
    """Actions run in an event loop, and Django keeps its connections out of them."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return read()
    return _reader().submit(_with_connection, read).result()


def _with_connection(read: Callable[[], Presence]) -> Presence:
    close_old_connections()
    try:
        return read()
    finally:
        close_old_connections()


@lru_cache(maxsize=1)
def _reader() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="presence")


def province_of(conversation: Conversation) -> str | None:
    """Where the worker works, as far as their own location, the union's name or the installation's setting tells.

    What they say in the talk comes before all of these, and stands in its snapshot.
    """
    union: Organisation | None = conversation.organisation
    found: str | None = conversation.contact.province
    while not found and union is not None:
        found, union = province_of_address(union.name), union.parent
    return found or settings.NIANGJIA.province or None
