"""What a push of WeChat becomes: a worker's message, or a noted event (follow, scan, tap, unfollow)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from bot import scenes
from bot.channel_settings import WechatAccount, WechatSettings
from bot.channels.wechat import menu
from bot.channels.wechat.reading import sender_hash
from bot.channels.wechat.texts import WECHAT
from bot.channels.wechat.wording import MORE
from bot.inbox.taking import Taken
from bot.media import note_media
from bot.visitors import Known, find_or_begin
from bot.wording import choice_of, read_token, sendable
from handoff.intake import Inbound, Received, Screen, receive_locked
from handoff.kinds import Channel, Medium, MessageKind, WindowKind
from handoff.models import ChannelIdentity, Conversation, Message, Push
from handoff.outbox import say, wake_waiting
from handoff.unread import note_unread, screened_text
from handoff.windows import Reach, open_window
from handoff.words_here import unions_number

_MEDIUM: Final = {
    "image": Medium.PICTURE,
    "voice": Medium.VOICE,
    "video": Medium.VIDEO,
    "shortvideo": Medium.VIDEO,
    "file": Medium.FILE,
}
_NAME: Final = {
    Medium.PICTURE: WECHAT["picture"],
    Medium.VOICE: WECHAT["voice"],
    Medium.VIDEO: WECHAT["video"],
    Medium.FILE: WECHAT["file"],
}
# The platform lets accounts write a little after these; after others nothing changes.
_OPENING: Final = frozenset({"subscribe", "scan", "click"})
Fields = Mapping[str, str]


class AccountGone(Exception):
    """The account was taken out of the settings after this push had been stored."""


class WechatTaker:
    """Takes pushes in, in the transaction that marks them as taken."""

    def __init__(self, settings: WechatSettings, *, screen: Screen) -> None:
        self._settings = settings
        self._screen = screen

    def take(self, push: Push, payload: Mapping[str, Any], *, now: datetime) -> Taken:
        """Raises AccountGone, UnionUnknown."""
        account = self._settings.account(push.account)
        if account is None:
            raise AccountGone(push.account)
        known = self._known(account, str(payload["openid"]), now=now)
        fields = {name: str(value) for name, value in payload.items()}
        if fields["MsgType"].lower() == "event":
            return self._event(push, known, fields, now=now)
        open_window(known.conversation, _window(fields), now=now)
        wake_waiting(known.conversation, now=now)
        if fields.get("bizmsgmenuid") == MORE:
            return Taken(known.conversation, _last_unanswered(known.conversation))
        return self._message(push, known, fields, now=now)

    def _known(self, account: WechatAccount, openid: str, *, now: datetime) -> Known:
        return find_or_begin(
            account.organisation,
            Channel.WECHAT,
            account=account.name,
            external=openid,
            external_hash=sender_hash(account.name, openid),
            now=now,
        )

    def _message(self, push: Push, known: Known, fields: Fields, *, now: datetime) -> Taken:
        kind = fields["MsgType"].lower()
        if kind == "text":
            return self._text(push, known, fields, now=now)
        if kind in _MEDIUM:
            return self._media(push, known, fields, _MEDIUM[kind], now=now)
        if kind == "location":
            return self._location(push, known, fields, now=now)
        if kind == "link":
            return self._receive(push, known, _of(fields, "link", "Title", "Description", "Url"), now=now)
        taken = self._receive(push, known, WECHAT["unknown"], now=now)
        return _answered(taken, WECHAT["unknown_heard"].format(hotline=unions_number(known.conversation)), now=now)

    def _text(self, push: Push, known: Known, fields: Fields, *, now: datetime) -> Taken:
        text = sendable(fields.get("Content", ""))
        tapped = read_token(fields.get("bizmsgmenuid", ""))
        choice = choice_of(tapped, known.conversation.pk) if tapped is not None else None
        taken = self._receive(push, known, text, now=now, extras=choice)
        scene = scenes.scene_in(text)
        if scene is not None:
            scenes.note(known, scene, now=now)
            return _answered(taken, menu.welcome("poster"), now=now)
        return taken

    def _media(self, push: Push, known: Known, fields: Fields, medium: Medium, *, now: datetime) -> Taken:
        name = sendable(fields.get("Title", "")) or _NAME[medium]
        inbound = Inbound("", push.platform_key, medium=medium, file_name=name if medium is Medium.FILE else "")
        received = self._received(known, inbound, now=now)
        if received.fresh:
            source = {"media_id": fields.get("MediaId", ""), "url": fields.get("PicUrl", ""), "name": name}
            note_media(received.message, {**source, "medium": medium.value}, now=now)
            note_unread(received.message.conversation, received.message, now=now)
        return Taken(received.message.conversation, received.message)

    def _location(self, push: Push, known: Known, fields: Fields, *, now: datetime) -> Taken:
        label = sendable(fields.get("Label", ""))
        where = {"latitude": fields.get("Location_X", ""), "longitude": fields.get("Location_Y", "")}
        taken = self._receive(push, known, WECHAT["location"].format(label=label, **where), now=now)
        scenes.note_province(known.conversation.contact, label)
        return _answered(taken, WECHAT["location_heard"].format(label=label or WECHAT["location"][:4]), now=now)

    def _receive(
        self, push: Push, known: Known, text: str, *, now: datetime, extras: dict[str, Any] | None = None
    ) -> Taken:
        received = self._received(known, Inbound(text, push.platform_key, extras=extras or {}), now=now)
        return Taken(received.message.conversation, received.message)

    def _received(self, known: Known, inbound: Inbound, *, now: datetime) -> Received:
        finding = self._screen(screened_text(inbound.text, inbound.file_name))
        return receive_locked(known.conversation, inbound, finding, now=now)

    def _event(self, push: Push, known: Known, fields: Fields, *, now: datetime) -> Taken:
        event = fields.get("Event", "").lower()
        if event in _OPENING:
            open_window(known.conversation, WindowKind.TAP, now=now)
            wake_waiting(known.conversation, now=now)
        if event == "click":
            return self._click(push, known, fields, now=now)
        handle = _EVENTS.get(event)
        if handle is not None:
            handle(known, fields, now=now)
        return Taken(known.conversation)

    def _click(self, push: Push, known: Known, fields: Fields, *, now: datetime) -> Taken:
        """A button of the menu stands for a sentence, as if it had been typed."""
        says = menu.text_of_key(fields.get("EventKey", ""))
        if says is None:
            say(known.conversation, MessageKind.FIXED, WECHAT["menu_gone"], now=now)
            return Taken(known.conversation)
        return self._receive(push, known, says, now=now, extras={"menu": fields.get("EventKey", "")})


def _window(fields: Fields) -> WindowKind:
    """A tap on a line of ours counts as a click on a menu (platform rule)."""
    return WindowKind.TAP if fields.get("bizmsgmenuid") else WindowKind.MESSAGE


def _follow(known: Known, fields: Fields, *, now: datetime) -> None:
    scene = fields.get("EventKey", "").removeprefix("qrscene_")
    identity = known.identity
    identity.followed_at, identity.unfollowed_at = now, None
    identity.save(update_fields=["followed_at", "unfollowed_at"])
    if scene:
        scenes.note(known, scene, now=now)
    say(known.conversation, MessageKind.FIXED, menu.welcome("scene" if scene else "search"), now=now)


def _unfollow(known: Known, fields: Fields, *, now: datetime) -> None:
    ChannelIdentity.objects.filter(pk=known.identity.pk).update(unfollowed_at=now)
    known.conversation.unreachable = Reach.UNFOLLOWED.value
    known.conversation.save(update_fields=["unreachable"])


def _scan(known: Known, fields: Fields, *, now: datetime) -> None:
    if fields.get("EventKey"):
        scenes.note(known, fields["EventKey"], now=now)
    say(known.conversation, MessageKind.FIXED, WECHAT["scanned"], now=now)


_EVENTS: Final[Mapping[str, Callable[..., None]]] = {"subscribe": _follow, "unsubscribe": _unfollow, "scan": _scan}


def _of(fields: Fields, words: str, *names: str) -> str:
    return WECHAT[words].format(**{name.lower(): sendable(fields.get(name, "")) for name in names})


def _answered(taken: Taken, words: str, *, now: datetime) -> Taken:
    """Words of the desk's own are all that follows, where nobody else speaks and nothing graver was seen."""
    message, conversation = taken.message, taken.conversation
    if message is None or conversation is None or message.answered_at is not None or conversation.desk_is_silent:
        return taken
    if message.level == "ordinary":
        say(conversation, MessageKind.FIXED, words, now=now, in_reply_to=message)
        message.answered_at = now
        message.save(update_fields=["answered_at"])
    return taken


def _last_unanswered(conversation: Conversation) -> Message | None:
    """What the worker waits for: with it the response to their tap is over."""
    rows = Message.objects.filter(conversation=conversation, kind=MessageKind.WORKER, answered_at__isnull=True)
    return rows.order_by("-id").first()
