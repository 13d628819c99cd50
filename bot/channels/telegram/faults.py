"""What python-telegram-bot's errors mean for a message: sent again, kept, given up, or unknown."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Final

import httpx
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.delivery import SendOutcome, SendResult

_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
# The operator must act; until then each try is in vain.
_TOKEN_REFUSED_AGAIN_S: Final = 60.0
_CHAT_GONE: Final = ("chat not found", "user not found", "peer_id_invalid")


class ServerFault(NetworkError):
    """Telegram, or what stands before it, answered 5xx."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


def outcome_of(error: Exception) -> SendOutcome:
    """What became of a message whose sending raised this. The reason is ours: Telegram's sentence may quote words."""
    match error:
        case RetryAfter():
            return SendOutcome(SendResult.RETRY, "429", retry_after_s=_seconds(error.retry_after))
        case Forbidden():
            return SendOutcome(SendResult.WAITING, "blocked")
        case InvalidToken():
            return SendOutcome(SendResult.RETRY, "token refused", retry_after_s=_TOKEN_REFUSED_AGAIN_S)
        case Conflict():
            return SendOutcome(SendResult.RETRY, "409")
        case BadRequest():
            is_gone = any(words in error.message.lower() for words in _CHAT_GONE)
            return SendOutcome(SendResult.FAILED, "chat not found" if is_gone else "400")
        case ServerFault() if error.status != HTTPStatus.GATEWAY_TIMEOUT:
            return SendOutcome(SendResult.RETRY, str(error.status))
        case NetworkError() if isinstance(error.__cause__, _NEVER_SENT):
            return SendOutcome(SendResult.RETRY, "not reached")
    return SendOutcome(SendResult.UNCERTAIN, type(error.__cause__ or error).__name__)


def _seconds(given: int | timedelta) -> float:
    return given.total_seconds() if isinstance(given, timedelta) else float(given)
