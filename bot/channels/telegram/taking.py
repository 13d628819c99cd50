"""What a stored update becomes: a worker's message, or a noted event (start, tap, blocked, added to a group).

Edits. Telegram lets people change what they wrote for two days. Nothing that was said may vanish, for a threat taken
back is a threat that was made; and what is added may be danger. So the first wording stays as it is, and a changed one
is a message of its own with `edits`, the reference of what it changes. It is screened and answered like any other:
only a turn brings the second layer of screening, and whoever corrects a question means the corrected one. An edit that
changes no words (a preview was added, a live position moved) is nothing new.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from bot.channel_settings import TelegramSettings
from bot.channels.telegram import texts
from bot.channels.telegram.errands import Errands
from bot.channels.telegram.people import conversations_of, note_told, visitor_of
from bot.channels.telegram.reading import Incoming, Kind, Remark
from bot.inbox.taking import Taken
from bot.media import note_media
from bot.scenes import note as note_scene
from bot.scenes import note_province
from bot.visitors import Known
from bot.wording import choice_of, read_token, taps_of
from handoff.intake import Inbound, Received, Screen, receive
from handoff.kinds import Medium, MessageKind
from handoff.models import Conversation, Message, Push
from handoff.outbox import say, wake_waiting
from handoff.screening.levels import Level
from handoff.unread import note_unread
from handoff.wakeups import Topic, bulletin
from handoff.windows import Reach

WELCOME_NAME: Final = "telegram_welcome"
# Telegram's own button «Start» is pressed twice by many.
_WELCOME_AGAIN_AFTER: Final = timedelta(minutes=1)
# The Bot API gives out no larger files.
MOST_BYTES: Final = 20 * 1_048_576
_START: Final = re.compile(r"/(?:start|help)(?:@\w{1,64})?(?:\s+(?P<scene>[A-Za-z0-9_-]{1,64}))?\s*")


class TelegramTaker:
    """Takes updates in, in the transaction that marks their pushes as taken."""

    def __init__(self, telegram: TelegramSettings, *, screen: Screen, errands: Errands) -> None:
        self._telegram = telegram
        self._screen = screen
        self._errands = errands

    def take(self, push: Push, payload: Mapping[str, Any], *, now: datetime) -> Taken:
        """Raises UnionUnknown."""
        incoming = Incoming.of(payload)
        if incoming.kind is Kind.MEMBER:
            return self._member(incoming, now=now)
        known = visitor_of(incoming.chat_id, organisation=self._telegram.organisation, now=now)
        _reachable_again(known.conversation, now=now)
        if incoming.kind is Kind.TAP:
            return self._tap(push, known, incoming, now=now)
        if incoming.kind is Kind.EDIT:
            return self._edit(push, known, incoming, now=now)
        return self._message(push, known, incoming, now=now)

    def _message(
        self, push: Push, known: Known, incoming: Incoming, *, now: datetime, extras: dict[str, Any] | None = None
    ) -> Taken:
        started = _START.fullmatch(incoming.text) if incoming.medium is Medium.TEXT else None
        if started is not None and not known.conversation.desk_is_silent:
            return self._start(known, started["scene"], now=now)
        received = self._receive(push, known, incoming, extras or {}, now=now)
        message = received.message
        if received.fresh:
            self._welcome_first(known, message, now=now)
            _follow_up(message, incoming, now=now)
        return Taken(message.conversation, message)

    def _receive(
        self, push: Push, known: Known, incoming: Incoming, extras: dict[str, Any], *, now: datetime
    ) -> Received:
        file = incoming.file
        inbound = Inbound(
            incoming.text,
            _key(push, incoming),
            extras | ({"telegram_file": file.unique_id} if file else {}),
            medium=incoming.medium,
            file_name=file.name if file else "",
        )
        return receive(known.conversation.pk, inbound, screen_rules=self._screen, now=now)

    def _edit(self, push: Push, known: Known, incoming: Incoming, *, now: datetime) -> Taken:
        first, latest = _versions(known.conversation, incoming.message_id)
        if first is None or latest is None:  # written before the desk was there
            return self._message(push, known, incoming, now=now)
        if incoming.remark is not Remark.NONE or _is_same(latest, incoming):
            return Taken(known.conversation)
        return self._message(push, known, incoming, now=now, extras={"edits": str(first.reference)})

    def _start(self, known: Known, scene: str | None, *, now: datetime) -> Taken:
        """Somebody opened the bot, perhaps by a link on a poster: no question yet."""
        conversation = known.conversation
        if scene:
            note_scene(known, scene, now=now)
        lately = Message.objects.filter(conversation=conversation, words_name=WELCOME_NAME)
        if not lately.filter(created_at__gt=now - _WELCOME_AGAIN_AFTER).exists():
            self._welcome(known, conversation, now=now)
        return Taken(conversation)

    def _welcome_first(self, known: Known, message: Message, *, now: datetime) -> None:
        """Once, before the first answer. Whoever is in danger reads the words for that and nothing else."""
        told = bool(known.identity.notice_digest)
        if not told and message.level == Level.ORDINARY and not message.conversation.desk_is_silent:
            self._welcome(known, message.conversation, now=now)

    def _welcome(self, known: Known, conversation: Conversation, *, now: datetime) -> None:
        words = welcome_words(conversation.organisation.name)
        say(conversation, MessageKind.FIXED, words, now=now, words_name=WELCOME_NAME)
        note_told(known.identity, words)

    def _tap(self, push: Push, known: Known, incoming: Incoming, *, now: datetime) -> Taken:
        """A button by its place in what was offered; the words are its title."""
        conversation = known.conversation
        transaction.on_commit(lambda: self._errands.answer_tap(incoming.query_id))
        tapped = read_token(incoming.token)
        choice = choice_of(tapped, conversation.pk) if tapped is not None else None
        if tapped is None or choice is None:
            say(conversation, MessageKind.FIXED, texts.STALE_BUTTON, now=now)
            return Taken(conversation)
        title = _title(conversation, tapped.message_id, incoming.token)
        inbound = Inbound(title, push.platform_key, choice)
        received = receive(conversation.pk, inbound, screen_rules=self._screen, now=now)
        return Taken(received.message.conversation, received.message)

    def _member(self, incoming: Incoming, *, now: datetime) -> Taken:
        """The bot was blocked, unblocked, or added to a group, where it says why it leaves."""
        if not incoming.private:
            if incoming.status in ("member", "administrator", "restricted"):
                transaction.on_commit(lambda: self._errands.leave_group(incoming.chat_id))
            return Taken()
        for pk in conversations_of(incoming.chat_id)[:1]:
            conversation = Conversation.locked(pk)
            if incoming.status == "kicked":
                conversation.unreachable = Reach.BLOCKED.value
                conversation.save(update_fields=["unreachable"])
            else:
                _reachable_again(conversation, now=now)
            bulletin.publish_on_commit(pk, Topic.QUEUE)
            return Taken(conversation)
        return Taken()


def welcome_words(union: str) -> str:
    """Who answers here, what is kept, and how a person is reached."""
    address = settings.NIANGJIA.public_url.rstrip("/")
    page = texts.PAGE.format(address=address) if address else ""
    return texts.WELCOME.format(union=union, page=page)


def _follow_up(message: Message, incoming: Incoming, *, now: datetime) -> None:
    """What is no text: fetched, or answered with a line of its own, for no dialogue can read it."""
    file = incoming.file
    if file is None:
        if incoming.remark is Remark.POSITION:
            note_province(message.conversation.contact, incoming.text.rpartition("\u3000")[2])
        if incoming.remark is not Remark.NONE:
            _answered(message, texts.SEEN[incoming.remark.value], now=now)
    elif file.size > MOST_BYTES:
        note_unread(message.conversation, message, now=now)
        say(message.conversation, MessageKind.FIXED, texts.TOO_LARGE_TOLD, now=now, in_reply_to=message)
    else:
        name = file.name or texts.FILE_NAMES[incoming.medium.value]
        source = {"file_id": file.file_id, "name": name, "content_type": file.content_type}
        note_media(message, source, now=now)
        note_unread(message.conversation, message, now=now)


def _answered(message: Message, words: str, *, now: datetime) -> None:
    """The desk's own words are all that follows, where nobody else speaks and nothing graver was seen."""
    conversation = message.conversation
    if message.answered_at is None and message.level == Level.ORDINARY and not conversation.desk_is_silent:
        say(conversation, MessageKind.FIXED, words, now=now, in_reply_to=message)
        message.answered_at = now
        message.save(update_fields=["answered_at"])


def _reachable_again(conversation: Conversation, *, now: datetime) -> None:
    """They wrote or came back: what waited for that is sent. The caller holds the lock."""
    if conversation.unreachable:
        conversation.unreachable = ""
        conversation.save(update_fields=["unreachable"])
    if wake_waiting(conversation, now=now):
        bulletin.publish_on_commit(conversation.pk, Topic.OUTBOUND)


def _key(push: Push, incoming: Incoming) -> str:
    """The update's own id, with the message's behind it, by which its edits find it again."""
    mark = "e" if incoming.kind is Kind.EDIT else "m"
    return f"{push.platform_key}:{mark}{incoming.message_id}"


def _versions(conversation: Conversation, message_id: int) -> tuple[Message | None, Message | None]:
    """The first and the latest wording that the talk holds of a message."""
    named = Q(platform_key__endswith=f":m{message_id}") | Q(platform_key__endswith=f":e{message_id}")
    rows = list(Message.objects.filter(named, conversation=conversation, kind=MessageKind.WORKER).order_by("pk"))
    for row in rows:
        row.conversation = conversation
    return (rows[0], rows[-1]) if rows else (None, None)


def _is_same(latest: Message, incoming: Incoming) -> bool:
    file = incoming.file.unique_id if incoming.file else ""
    return latest.body == incoming.text and latest.extras.get("telegram_file", "") == file


def _title(conversation: Conversation, message_id: int, token: str) -> str:
    offered = Message.objects.get(pk=message_id, conversation=conversation)
    offered.conversation = conversation
    tap = next(tap for tap in taps_of(offered) if tap.token == token)
    return f"{tap.label} {tap.title}".strip()
