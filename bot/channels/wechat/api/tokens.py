"""The access token of an account, shared by all tasks and processes: fetched once, renewed ahead of its end.

`stable_token` gives the same token inside its life, so that fetching kills nobody's. Only a token that the platform
itself rejects is changed by force, which it allows 20 times a day and 30 s apart
(developers.weixin.qq.com, «获取稳定版接口调用凭据»).
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, ParamSpec, TypeVar

import httpx
from django.db import DatabaseError, connections
from django.utils import timezone

from bot.channel_settings import WechatAccount
from bot.channels.wechat.api.answers import as_json, asked, number_of, text_of
from bot.channels.wechat.api.errors import (
    Busy,
    NotReached,
    NotSetUp,
    OutcomeUnknown,
    Refused,
    TokenRejected,
    WechatError,
)
from bot.channels.wechat.api.token_rows import (
    StoredToken,
    claim_lease,
    keep_token,
    note_force,
    read_token,
    release_lease,
)

RENEW_AHEAD: Final = timedelta(minutes=5)
POSTPONED: Final = timedelta(seconds=30)
WAIT_FOR_OTHERS_S: Final = 20.0
LOOK_AGAIN_S: Final = 0.1
FAILURE_HOLDS_S: Final = 3.0
_Result = TypeVar("_Result")
_Given = ParamSpec("_Given")


@dataclass(frozen=True)
class _Held:
    word: str = field(repr=False)
    renew_at: datetime


@dataclass(frozen=True)
class _Failure:
    """What fetching last came to; whoever else waits for it need not find out anew."""

    error: WechatError
    until_s: float


class Tokens:
    """Tokens of this process's accounts, over the rows that all processes share. Used within one event loop."""

    def __init__(self, api_base: str, http: httpx.AsyncClient, *, now: Callable[[], datetime] = timezone.now) -> None:
        self._url = f"{api_base}/cgi-bin/stable_token"
        self._http = http
        self._now = now
        self._held: dict[str, _Held] = {}
        self._failures: dict[str, _Failure] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, account: WechatAccount) -> str:
        """A token that should be taken. Raises Busy, NotSetUp, NotReached."""
        return await self._agreed(account, rejected="")

    async def renew(self, account: WechatAccount, rejected: str) -> str:
        """Another token than `rejected`, which the platform has just refused: one fetch whoever asks."""
        return await self._agreed(account, rejected=rejected)

    async def try_out(self, account: WechatAccount) -> None:
        """Ask the platform for the token now, whatever is in hand, and keep nothing. Raises as `get` does."""
        await self._ask_once(account, force=False)

    async def _agreed(self, account: WechatAccount, *, rejected: str) -> str:
        held = self._in_hand(account, rejected)
        if held is not None:
            return held
        async with self._locks[account.name]:
            held = self._in_hand(account, rejected)
            return held if held is not None else await self._from_row(account, rejected)

    def _in_hand(self, account: WechatAccount, rejected: str) -> str | None:
        held = self._held.get(account.name)
        return held.word if held is not None and held.word != rejected and self._now() < held.renew_at else None

    async def _from_row(self, account: WechatAccount, rejected: str) -> str:
        """Look into the row until it holds a good token, or the right to fetch one falls to us."""
        patience_ends_at = time.monotonic() + WAIT_FOR_OTHERS_S
        while time.monotonic() < patience_ends_at:
            seen, now = await _in_thread(read_token, account), self._now()
            if seen.is_alive(now) and seen.word != rejected and now < _renew_at(seen):
                return self._hold(account, seen.word, _renew_at(seen))
            self._check_failure(account)
            if await _in_thread(claim_lease, account, seen, now=now):
                return await self._fetched(account, seen, rejected)
            if seen.is_alive(now) and seen.word != rejected:  # somebody else renews it ahead of its end
                return seen.word
            await asyncio.sleep(LOOK_AGAIN_S)
        raise Busy()

    def _check_failure(self, account: WechatAccount) -> None:
        failure = self._failures.get(account.name)
        if failure is not None and time.monotonic() < failure.until_s:
            raise failure.error.with_traceback(None)

    async def _fetched(self, account: WechatAccount, seen: StoredToken, rejected: str) -> str:
        """With the lease in hand: fetch, keep, let the lease go. While the old one lives, a failure costs nothing."""
        try:
            word, life_s = await self._ask(account, seen, rejected)
            renew_at = await self._keep(account, word, life_s)
        except WechatError as error:
            if seen.is_alive(self._now()) and seen.word != rejected:
                return self._hold(account, seen.word, self._now() + POSTPONED)
            holds_s = min(error.after_s, POSTPONED.total_seconds()) if isinstance(error, Busy) else FAILURE_HOLDS_S
            self._failures[account.name] = _Failure(error, time.monotonic() + holds_s)
            raise
        finally:
            with suppress(Busy):  # the lease then ends by itself
                await asyncio.shield(_in_thread(release_lease, account))
        return self._hold(account, word, renew_at)

    async def _ask(self, account: WechatAccount, seen: StoredToken, rejected: str) -> tuple[str, int]:
        word, life_s = await self._ask_once(account, force=False)
        if word != rejected:
            return word, life_s
        wait_s = seen.force_in_s(self._now())
        if wait_s > 0:
            raise Busy(after_s=wait_s)
        await _in_thread(note_force, account, seen, now=self._now())
        return await self._ask_once(account, force=True)

    async def _ask_once(self, account: WechatAccount, *, force: bool) -> tuple[str, int]:
        """The token and its life in seconds. Whatever fails here, the message that needs the token was not sent."""
        body = {
            "grant_type": "client_credential",
            "appid": account.app_id,
            "secret": account.app_secret,
            "force_refresh": force,
        }
        try:
            answer = await asked(self._http, "POST", self._url, content=as_json(body))
            return text_of(answer, "access_token"), max(1, number_of(answer, "expires_in", 7200))
        except OutcomeUnknown as error:
            raise NotReached() from error
        except (TokenRejected, Refused) as error:
            raise NotSetUp(error.code) from error

    async def _keep(self, account: WechatAccount, word: str, life_s: int) -> datetime:
        now = self._now()
        with suppress(Busy):  # the database cannot: this process has its token all the same, others are given it too
            await _in_thread(keep_token, account, word, life_s=life_s, now=now)
        return now + _until_renewal(timedelta(seconds=life_s))

    def _hold(self, account: WechatAccount, word: str, renew_at: datetime) -> str:
        self._held[account.name] = _Held(word, renew_at)
        self._failures.pop(account.name, None)
        return word


def _renew_at(stored: StoredToken) -> datetime:
    assert stored.expires_at is not None
    assert stored.fetched_at is not None
    return stored.fetched_at + _until_renewal(stored.expires_at - stored.fetched_at)


def _until_renewal(life: timedelta) -> timedelta:
    """The platform changes a stable token by itself in its last five minutes, and may then give out the old one."""
    return life - min(RENEW_AHEAD, life / 2)


async def _in_thread(work: Callable[_Given, _Result], *given: _Given.args, **named: _Given.kwargs) -> _Result:
    """Database work, never in the event loop; its connection is not kept, for it is needed once in two hours."""

    def closed() -> _Result:
        try:
            return work(*given, **named)
        finally:
            connections.close_all()

    try:
        return await asyncio.to_thread(closed)
    except DatabaseError as error:
        raise Busy(after_s=2.0) from error
