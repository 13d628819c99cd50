"""The address that Telegram calls: the secret is looked at before anything is read, and an update is acknowledged when
it is stored, so that Telegram sends again whatever could not be.

An ASGI application of its own, before Django.
"""

from __future__ import annotations

import hmac
import logging
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from bot.channel_settings import TelegramSettings
from bot.channels.telegram.pushing import Pushing
from bot.channels.telegram.reading import NotAnUpdate, read_body
from bot.limits import BodyTooLarge, ClientGone, Receive, Send, whole_body

log = logging.getLogger("niangjia.telegram")

ADDRESS: Final = "/telegram"
MOST_BYTES: Final = 1_048_576
_SECRET_HEADER: Final = b"x-telegram-bot-api-secret-token"


class TelegramEdge:
    """POST: an update. 200 stored or of no concern, 403 without the secret, 400 no update, 503 not stored."""

    def __init__(self, settings: TelegramSettings, pushing: Pushing) -> None:
        self._secret = settings.secret.encode()
        self._pushing = pushing
        self.answered: Counter[int] = Counter()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        status = await self._status(scope, receive)
        if status is None:
            return
        self.answered[status] += 1
        await _respond(send, status)

    async def _status(self, scope: Mapping[str, Any], receive: Receive) -> int | None:
        """None when nobody waits for it any more."""
        if not self._knows_the_secret(scope):
            log.warning("telegram: an update without the secret was refused")
            return 403
        try:
            if scope["method"] != "POST":
                raise NotAnUpdate("method")
            incoming = read_body(await _body(scope, receive))
            await self._pushing.store(incoming)
        except (NotAnUpdate, BodyTooLarge) as error:
            log.warning("telegram: no update: %s", type(error).__name__)
            return 400
        except ClientGone:
            return None
        except Exception as error:  # not stored: Telegram is to send it again
            log.error("telegram: update not stored: %s", type(error).__name__)
            return 503
        return 200

    def _knows_the_secret(self, scope: Mapping[str, Any]) -> bool:
        """In constant time. Without a secret in the settings nobody knows it."""
        given = next((value for name, value in scope["headers"] if name == _SECRET_HEADER), b"")
        return bool(self._secret) and hmac.compare_digest(bytes(given), self._secret)


async def _body(scope: Mapping[str, Any], receive: Receive) -> bytes:
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    if declared.isdigit() and len(declared) < 20 and int(declared) > MOST_BYTES:
        raise BodyTooLarge
    return await whole_body(receive, most=MOST_BYTES)


async def _respond(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"0")]
    if status != 200:
        headers.append((b"connection", b"close"))  # what is left of the body is not read
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
