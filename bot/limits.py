"""Limits at the door: how large a request may be, how often one address may begin something."""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock
from typing import Any

Event = Mapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

MOST_BODY_BYTES = 1_500_000
# One household or one company's branch of an IPv6 network.
_NETWORK_BITS = 64


class BodyLimit:
    """An ASGI application that answers 413 for larger bodies, before anything of them is kept.

    `words` is one sentence for the person; the answer is JSON: {"code": "too_large", "words": …}. `wider` names the
    addresses that take more, with how much.
    """

    def __init__(
        self, application: Application, *, most: int, words: str, wider: Mapping[str, int] | None = None
    ) -> None:
        self._application = application
        self._most = most
        self._wider = dict(wider or {})
        self._refusal = json.dumps({"code": "too_large", "words": words}, ensure_ascii=False).encode()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        most = self._wider.get(scope.get("path", ""), self._most)
        if scope["type"] != "http":
            await self._application(scope, receive, send)
        elif _declared(scope) > most:
            await self._refuse(send)
        else:
            await self._counted(scope, receive, send, most=most)

    async def _counted(self, scope: dict[str, Any], receive: Receive, send: Send, *, most: int) -> None:
        """A body of no or a wrong declared length is counted as it comes; the application sees it broken off."""
        taken, answered = 0, False

        async def receive_counted() -> Event:
            nonlocal taken
            if taken > most:
                return {"type": "http.disconnect"}
            event = await receive()
            taken += len(event.get("body", b""))
            return {"type": "http.disconnect"} if taken > most else event

        async def send_noted(event: Event) -> None:
            nonlocal answered
            answered = True
            await send(event)

        await self._application(scope, receive_counted, send_noted)
        if taken > most and not answered:
            await self._refuse(send)

    async def _refuse(self, send: Send) -> None:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(self._refusal)),
            "Cache-Control": "no-store",
            "Connection": "close",  # what is left of the body is not read
        }
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 413, "headers": raw})
        await send({"type": "http.response.body", "body": self._refusal})


def _declared(scope: Mapping[str, Any]) -> int:
    values = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(values[0]) if values and values[0].isdigit() else 0


class Allowance:
    """So many times per key within a time, remembered in this process for the youngest keys only. Thread-safe."""

    def __init__(self, *, most: int, within: timedelta, keys: int = 10_000) -> None:
        self._most, self._within, self._keys = most, within, keys
        self._times: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, *, now: datetime) -> bool:
        """Whether it is allowed once more; a refusal does not count."""
        with self._lock:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while len(self._times) > self._keys:
                self._times.popitem(last=False)
            while times and now - times[0] >= self._within:
                times.popleft()
            if len(times) >= self._most:
                return False
            times.append(now)
            return True

    def __len__(self) -> int:
        return len(self._times)


def network_of(address: str) -> str | None:
    """What counts as one place: an IPv4 address, or the /64 network of an IPv6 one.

    None where the address says nothing: this machine itself (a proxy that does not tell who asks), or none at all.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            host_bits = parsed.max_prefixlen - _NETWORK_BITS
            return None if parsed.is_loopback else str(IPv6Address(int(parsed) >> host_bits << host_bits))
        parsed = parsed.ipv4_mapped
    return None if parsed.is_loopback else str(parsed)


class BodyTooLarge(Exception):
    """More came than is read."""


class ClientGone(Exception):
    """The other side hung up before its request had come whole."""


async def whole_body(receive: Receive, *, most: int) -> bytes:
    """The whole body of a request, at most so many bytes. Raises BodyTooLarge, ClientGone."""
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] != "http.request":
            raise ClientGone
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise BodyTooLarge
        if not event.get("more_body"):
            return b"".join(parts)
