"""What WeChat's answers mean: one request over httpx, its faults turned into `errors`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx

from bot.channels.wechat.api.errors import Busy, NotReached, OutcomeUnknown, Refused, error_of

TIMEOUT: Final = httpx.Timeout(connect=3.0, read=5.0, write=5.0, pool=10.0)
# A connection that the platform may have closed meanwhile would make a send's outcome unknown: soon let go.
LIMITS: Final = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=5.0)
WHOLE_CALL_S: Final = 20.0
LONGEST_ANSWER: Final = 4_194_304
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


def new_http(timeout: httpx.Timeout = TIMEOUT) -> httpx.AsyncClient:
    """A client whose connections are bounded, whose timeouts are set, and that follows nobody elsewhere."""
    return httpx.AsyncClient(timeout=timeout, limits=LIMITS, follow_redirects=False)


@asynccontextmanager
async def facts_of_transport(whole_s: float = WHOLE_CALL_S) -> AsyncIterator[None]:
    """Turns httpx's exceptions into ours: was it surely not sent, or is it unknown?"""
    try:
        async with asyncio.timeout(whole_s):
            yield
    except _NEVER_SENT as error:
        raise NotReached() from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise OutcomeUnknown() from error


async def asked(http: httpx.AsyncClient, method: str, url: str, **what: Any) -> dict[str, Any]:
    """The JSON object that WeChat answered with `errcode` 0 or none. Raises WechatError."""
    async with facts_of_transport(), http.stream(method, url, **what) as response:
        check_status(response)
        body = await read_body(response, LONGEST_ANSWER)
    return read_answer(body)


def check_status(response: httpx.Response) -> None:
    """Raises for anything but 200."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if status == httpx.codes.GATEWAY_TIMEOUT:
        raise OutcomeUnknown(status)  # what stands behind the gateway may have taken it
    if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
        raise Busy(status, after_s=_retry_after(response))
    raise Refused(status)


async def read_body(response: httpx.Response, longest: int) -> bytes:
    """The body, as it comes. Raises OutcomeUnknown past `longest`."""
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > longest:
            raise OutcomeUnknown()
    return bytes(body)


def read_answer(body: bytes) -> dict[str, Any]:
    """The object in `body`. Raises what its `errcode` stands for, OutcomeUnknown where there is no object."""
    try:
        answer = json.loads(body.decode("utf-8", "replace"), strict=False)
        code = int(answer.get("errcode", 0))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise OutcomeUnknown() from error
    if code:
        raise error_of(code, str(answer.get("errmsg", "")))
    return dict(answer)


def as_json(value: Mapping[str, Any]) -> bytes:
    """WeChat shows \\uXXXX to the worker as it is: characters go as UTF-8, halves of a pair not at all."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def text_of(answer: Mapping[str, Any], name: str) -> str:
    """A text that the answer must have. Raises OutcomeUnknown."""
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise OutcomeUnknown()
    return value


def number_of(answer: Mapping[str, Any], name: str, default: int = 0) -> int:
    """A whole number, or the default."""
    value = answer.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _retry_after(response: httpx.Response) -> float:
    try:
        return min(600.0, max(1.0, float(response.headers.get("retry-after", "5"))))
    except ValueError:
        return 5.0
