"""The little of ASGI that the simulators need: requests read whole, routes by path, JSON, cut connections."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST_BYTES: Final = 24 * 1_048_576
# A connection closed with data dropped: the other side sees a reset, not an end.
_LINGER_NOT: Final = struct.pack("ii", 1, 0)


class Cut(Exception):
    """The connection ends here without an answer."""


class Silence(Exception):
    """No answer comes; the connection stays open until the other side gives up."""


class TooLarge(Exception):
    """The body is larger than the simulator takes."""


@dataclass(slots=True)
class Request:
    """One request, read whole."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    peer: str = ""

    @property
    def content_type(self) -> str:
        """With its parameters, as it was sent."""
        return self.headers.get("content-type", "")

    def form(self) -> dict[str, str]:
        """The fields of a posted form."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))


@dataclass(slots=True)
class Response:
    """What is answered."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: Any, status: int = 200) -> Response:
    """A JSON answer in UTF-8."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, "application/json; charset=utf-8")


def see_other(address: str) -> Response:
    """After a form: go there."""
    return Response(status=303, headers={"location": address})


Handler = Callable[[Request], Awaitable[Response]]


class Application:
    """Routes to handlers. A path that ends in `*` takes all that begin so; the longest wins."""

    def __init__(self, missing: Handler | None = None) -> None:
        self._exact: dict[tuple[str, str], Handler] = {}
        self._beginnings: list[tuple[str, str, Handler]] = []
        self._missing = missing

    def add(self, method: str, path: str, handler: Handler) -> None:
        """Serve `path` by `handler`."""
        if path.endswith("*"):
            self._beginnings.append((method, path[:-1], handler))
            self._beginnings.sort(key=lambda one: -len(one[1]))
        else:
            self._exact[method, path] = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            request = await _read(scope, receive)
            response = await self.answer(request)
        except TooLarge:
            response = Response(b"too large", 413)
        except Cut:
            _cut(send)
            return
        except Silence:
            await _until_given_up(receive)
            _cut(send)
            return
        except asyncio.CancelledError:  # the simulator ends while somebody waits
            _cut(send)
            return
        await _write(response, send)

    async def answer(self, request: Request) -> Response:
        """The handler's answer; 404 where there is none."""
        handler = self._exact.get((request.method, request.path)) or self._by_beginning(request)
        return await handler(request) if handler is not None else Response(b"not found", 404)

    def _by_beginning(self, request: Request) -> Handler | None:
        for method, beginning, handler in self._beginnings:
            if request.method == method and request.path.startswith(beginning):
                return handler
        return self._missing


async def _read(scope: Scope, receive: Receive) -> Request:
    parts, length = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Cut
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > MOST_BYTES:
            raise TooLarge
        if not message.get("more_body"):
            break
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        body=b"".join(parts),
        peer=(scope.get("client") or ("",))[0],
    )


async def _write(response: Response, send: Send) -> None:
    headers = [(b"content-type", response.content_type.encode()), (b"content-length", b"%d" % len(response.body))]
    headers += [(name.encode(), value.encode()) for name, value in response.headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


async def _until_given_up(receive: Receive) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass


def _cut(send: Send) -> None:
    """Reset the connection under uvicorn, whose `send` belongs to a cycle that knows its transport."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None or transport.is_closing():
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    cycle = send.__self__  # type: ignore[attr-defined]
    cycle.disconnected = True
    transport.abort()
