"""A rush of messages at a steady rate over raw sockets, so that making it costs little beside serving it."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.served import Worker


@dataclass(frozen=True)
class Offered:
    """What came of a rush: how many were stored, how many per second, and how long one post took."""

    posted: int
    stored: int
    seconds: float
    waits_s: tuple[float, ...]


def offer(address: str, workers: list[Worker], texts: list[str], *, per_s: float) -> Offered:
    """Post all texts at `per_s`, each worker one after another; returns when the last one was answered."""
    return asyncio.run(_offer(address, workers, texts, per_s))


async def _offer(address: str, workers: list[Worker], texts: list[str], per_s: float) -> Offered:
    began, waits, stored = time.monotonic(), [], 0
    hosts = urlsplit(address)

    async def worker_posts(number: int, worker: Worker) -> None:
        nonlocal stored
        reader, writer = await asyncio.open_connection(hosts.hostname, hosts.port)
        for place in range(number, len(texts), len(workers)):
            due = began + place / per_s
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            writer.write(_request(hosts.netloc, worker, texts[place]))
            status = await _answer(reader)
            waits.append(time.monotonic() - due)
            stored += status == 201
        writer.close()

    await asyncio.gather(*(worker_posts(number, worker) for number, worker in enumerate(workers)))
    return Offered(len(texts), stored, time.monotonic() - began, tuple(waits))


def _request(host: str, worker: Worker, text: str) -> bytes:
    body = json.dumps({"id": str(uuid.uuid4()), "text": text}).encode()
    cookie = "; ".join(f"{name}={value}" for name, value in worker.cookies.items())
    head = (
        f"POST /chat/messages HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"X-CSRFToken: {worker.csrf_token}\r\nCookie: {cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length"))
    await reader.readexactly(length)
    return int(head.split(" ", 2)[1])
