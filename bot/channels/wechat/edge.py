"""The address that WeChat calls: verified, stored, and answered within five seconds, whatever else is going on.

An ASGI application of its own, before Django: a callback that waits for its answer must not hold one of Django's
threads.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

from bot.channel_settings import WechatAccount, WechatSettings
from bot.channels.wechat.reading import (
    MOST_BYTES,
    Callback,
    Malformed,
    NotOurs,
    Query,
    read_callback,
    read_echo,
    sender_hash,
)
from bot.channels.wechat.replies import RECEIVED, text_reply
from bot.channels.wechat.signing import PlatformClock
from bot.channels.wechat.waiting import OpenReplies
from bot.channels.wechat.wording import MORE, waiting_link
from bot.inbox.records import PushIn, SignatureReused, StoredPush
from bot.inbox.writer import InboxWriter
from bot.limits import BodyTooLarge, ClientGone, Receive, Send, whole_body
from handoff.kinds import Channel, ReplyState

log = logging.getLogger("niangjia.wechat")

PREFIX: Final = "/wechat/"
# WeChat gives up after 5 s; what is left over is for the network.
ANSWERED_WITHIN_S: Final = 4.5
_STORED_WITHIN_S: Final = 4.3
_LONGEST_QUERY: Final = 4_000
_SILENT_EVENTS: Final = frozenset(
    {
        "unsubscribe",
        "templatesendjobfinish",
        "location",
        "view",
        "subscribe_msg_popup_event",
        "subscribe_msg_sent_event",
    }
)
Presses = Callable[[str], bool]


class WechatEdge:
    """GET: the platform's check of the address. POST: a push."""

    def __init__(
        self,
        settings: WechatSettings,
        *,
        writer: InboxWriter,
        replies: OpenReplies,
        presses: Presses,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._writer, self._replies, self._presses, self._clock = writer, replies, presses, clock
        self._clocks = {account.name: PlatformClock(account.name) for account in settings.accounts}

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        began = time.monotonic()
        account = self._settings.account(str(scope["path"]).removeprefix(PREFIX))
        if account is None:
            await _respond(send, 404, b"")
        elif scope["method"] == "GET":
            await self._echo(_query(scope), account, send)
        elif scope["method"] == "POST":
            await self._push(_query(scope), account, receive, send, began=began)
        else:
            await _respond(send, 405, b"")

    async def _echo(self, query: Query, account: WechatAccount, send: Send) -> None:
        try:
            await _respond(send, 200, read_echo(query, account).encode())
        except NotOurs as error:
            log.warning("wechat %s: check of the address refused: %s", account.name, error)
            await _respond(send, 403, b"")

    async def _push(self, query: Query, account: WechatAccount, receive: Receive, send: Send, *, began: float) -> None:
        try:
            callback = read_callback(await whole_body(receive, most=MOST_BYTES), query, account)
            stored = await asyncio.wait_for(self._store(callback, account), _STORED_WITHIN_S)
        except (NotOurs, SignatureReused) as error:
            log.warning("wechat %s: push refused: %s", account.name, type(error).__name__)
            await _respond(send, 403, b"")
        except (Malformed, BodyTooLarge) as error:
            log.warning("wechat %s: malformed push: %s", account.name, str(error) or type(error).__name__)
            await _respond(send, 400, b"")
        except ClientGone:
            return
        except Exception as error:  # not stored: the platform is to send it again
            log.error("wechat %s: push not stored: %s", account.name, type(error).__name__)
            await _respond(send, 503, b"")
        else:
            await self._answer(stored, callback, account, send, began=began)

    async def _store(self, callback: Callback, account: WechatAccount) -> StoredPush:
        now = self._clock()
        text = callback.fields.get("Content", "")
        busy = self._replies.is_behind()
        pressing = busy and bool(text) and self._looks_pressing(text)
        asks_for_more = callback.fields.get("bizmsgmenuid") == MORE  # what they tap for may be there already
        held = callback.event not in _SILENT_EVENTS and (pressing or asks_for_more or not busy)
        return await self._writer.store(
            PushIn(
                platform_key=callback.platform_key,
                channel=Channel.WECHAT,
                account=account.name,
                sender_hash=sender_hash(account.name, callback.openid),
                received_at=now,
                payload={"openid": callback.openid, **callback.fields},
                pressing=pressing,
                signature=callback.signature,
                signed_at=callback.signed_at,
                stale=await self._is_old(callback, account, now=now),
                reply_until=now + timedelta(seconds=ANSWERED_WITHIN_S) if held else None,
                reply_now=self._reply_in_a_rush(callback, account),
            )
        )

    async def _is_old(self, callback: Callback, account: WechatAccount, *, now: datetime) -> bool:
        clock = self._clocks[account.name]
        if clock.is_set:
            return clock.is_old(callback.signed_at, now=now)
        return await asyncio.to_thread(clock.is_old, callback.signed_at, now=now)

    def _looks_pressing(self, text: str) -> bool:
        """A text that cannot be looked at is taken in like all others."""
        try:
            return self._presses(text)
        except Exception as error:
            log.error("a push could not be looked at: %s", type(error).__name__)
            return False

    def _reply_in_a_rush(self, callback: Callback, account: WechatAccount) -> str:
        waits = not account.can_push and callback.event not in _SILENT_EVENTS
        return waiting_link() if waits else ""

    async def _answer(
        self, stored: StoredPush, callback: Callback, account: WechatAccount, send: Send, *, began: float
    ) -> None:
        try:
            reply = await self._reply(stored, left_s=ANSWERED_WITHIN_S - (time.monotonic() - began))
        except Exception as error:  # it is stored: an empty receipt, and the API brings the answer
            log.error("push %s: no words for its response: %s", stored.pk, type(error).__name__)
            reply = ""
        body = text_reply(reply, callback, account, now=self._clock()) if reply else RECEIVED
        await _respond(send, 200, body)
        if reply:
            self._writer.note_written(stored.pk, at=self._clock())

    async def _reply(self, stored: StoredPush, *, left_s: float) -> str:
        if stored.reply_state is not ReplyState.NONE:
            return stored.reply
        return await self._replies.wait(stored.pk, for_s=left_s)


def _query(scope: Mapping[str, Any]) -> Query:
    raw = scope.get("query_string", b"")[:_LONGEST_QUERY].decode("latin-1")
    try:
        return Query.of(dict(parse_qsl(raw, keep_blank_values=True, max_num_fields=30)))
    except ValueError:
        return Query()


async def _respond(send: Send, status: int, body: bytes) -> None:
    kind = b"application/xml; charset=utf-8" if body.startswith(b"<") else b"text/plain; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    if status != 200:
        headers.append((b"connection", b"close"))  # what is left of the body is not read
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
