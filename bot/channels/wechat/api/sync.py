"""WeChat for callers in threads: one event loop, one bounded pool of connections, one set of tokens for the process."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from typing import Any, TypeVar

import httpx

from bot.channel_settings import WechatSettings
from bot.channels.wechat.api.answers import TIMEOUT, new_http
from bot.channels.wechat.api.client import WechatApi
from bot.channels.wechat.api.errors import NotReached, OutcomeUnknown
from bot.channels.wechat.api.tokens import Tokens
from nlu.event_loop import EventLoopThread

_Result = TypeVar("_Result")


class NoSuchAccount(LookupError):
    """No account of that name is in the settings."""


class Wechat:
    """The accounts of the settings. `run(api(name).send_text(…))` waits in the caller's thread."""

    def __init__(self, wechat: WechatSettings, *, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._loop = EventLoopThread("wechat-api")
        self._http = new_http(timeout)
        tokens = Tokens(wechat.api_base, self._http)
        self._apis = {
            account.name: WechatApi(account, wechat, tokens=tokens, http=self._http) for account in wechat.accounts
        }
        self._is_closed = False

    def api(self, account: str) -> WechatApi:
        """The calls for one account. Raises NoSuchAccount."""
        try:
            return self._apis[account]
        except KeyError as error:
            raise NoSuchAccount(account) from error

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """The coroutine's result, or what it raised; OutcomeUnknown for what was under way at `close`."""
        if self._is_closed:
            work.close()
            raise NotReached()
        try:
            return self._loop.run(work)
        except CancelledError as error:
            raise OutcomeUnknown() from error

    def close(self) -> None:
        """Break off what is under way, close the connections; calling it again changes nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self._loop.run(self._shut())
        self._loop.close()

    async def _shut(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._http.aclose()
