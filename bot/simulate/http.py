"""Posting to the desk over connections that are kept. httpx's pool costs milliseconds a post with hundreds of open
connections, as a rush has them, and the rush shares its processors with the desk that it measures.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from typing import Final
from urllib.parse import urlsplit

# Shorter than any server's own: a kept connection must not be closed under a post.
_KEPT_S: Final = 2.0
_MOST_KEPT: Final = 256
_LIMIT: Final = 4 * 1_048_576


class NoAnswer(Exception):
    """The other side could not be reached, or closed without a whole answer."""


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer, self.used_at = reader, writer, time.monotonic()

    @property
    def usable(self) -> bool:
        fresh = time.monotonic() - self.used_at < _KEPT_S
        return fresh and not self.reader.at_eof() and not self.writer.is_closing()

    def drop(self) -> None:
        self.writer.transport.abort()


class Poster:
    """Posts to one base address. Cancelling a post closes its connection, as a platform that waits no longer does."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(base)
        self._host, self._path = parts.hostname, parts.path.rstrip("/")
        self._ssl = ssl.create_default_context() if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._ssl else 80)
        self._netloc = parts.netloc.rpartition("@")[2]
        self._kept: deque[_Connection] = deque()

    async def post(self, target: str, body: bytes, headers: str = "") -> tuple[int, bytes]:
        """(status, body) of the answer. `headers`: whole lines. Raises NoAnswer."""
        head = (
            f"POST {self._path}{target} HTTP/1.1\r\nHost: {self._netloc}\r\n{headers}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        connection = await self._connection()
        try:
            connection.writer.write(head.encode() + body)
            status, answer, keep = await _read_answer(connection.reader)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, IndexError) as error:
            connection.drop()
            raise NoAnswer(type(error).__name__) from error
        except BaseException:
            connection.drop()
            raise
        self._give_back(connection, keep=keep)
        return status, answer

    def close(self) -> None:
        """Close what is kept."""
        while self._kept:
            self._kept.pop().drop()

    async def _connection(self) -> _Connection:
        while self._kept:
            kept = self._kept.pop()
            if kept.usable:
                return kept
            kept.drop()
        try:
            reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._ssl, limit=_LIMIT)
        except OSError as error:
            raise NoAnswer(type(error).__name__) from error
        return _Connection(reader, writer)

    def _give_back(self, connection: _Connection, *, keep: bool) -> None:
        if not keep or len(self._kept) >= _MOST_KEPT:
            connection.drop()
            return
        connection.used_at = time.monotonic()
        self._kept.append(connection)


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    first, *lines = head.split("\r\n")
    headers = dict(line.split(":", 1) for line in lines if ":" in line)
    status = int(first.split(" ", 2)[1])
    keep = headers.get("connection", "").strip() != "close"
    if "chunked" in headers.get("transfer-encoding", ""):
        return status, await _read_pieces(reader), keep
    length = headers.get("content-length")
    if length is None:
        return status, await reader.read(_LIMIT), False
    return status, await reader.readexactly(int(length)), keep


async def _read_pieces(reader: asyncio.StreamReader) -> bytes:
    pieces = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        pieces.append(await reader.readexactly(size))
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass
    return b"".join(pieces)
