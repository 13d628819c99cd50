"""Bringing updates to the desk's webhook: in order within a chat, again and again until the desk says 200."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from bot.simulate.faults import Fault, FaultKind
from bot.simulate.http import NoAnswer, Poster
from bot.simulate.records import DELIVERED, Delivery, Outcome
from bot.simulate.telegram.inbox import done
from bot.simulate.telegram.platform import TelegramPlatform, Update

PATIENCE_S: Final = 60.0
_FAULTS: Final = (
    FaultKind.PUSH_LOST, FaultKind.PUSH_ACK_LOST, FaultKind.PUSH_HANG_UP, FaultKind.PUSH_BAD_SIGNATURE,
)  # fmt: skip
Reply = Callable[[bytes], None]


class WebhookDelivery:
    """One deliverer. `patience_s`: how long an answer is awaited; `pause_s`: how long after a failure, growing."""

    def __init__(
        self, platform: TelegramPlatform, *, patience_s: float = PATIENCE_S, pause_s: float = 1.0, reply: Reply
    ) -> None:
        self._platform, self._patience_s, self._pause_s, self._reply = platform, patience_s, pause_s, reply
        self._lines: dict[int, asyncio.Task[None]] = {}
        self._poster: Poster | None = None
        self._url = ""

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                self._begin_lines()
                self._platform.arrived.clear()
                await self._platform.arrived.wait()
        finally:
            for task in self._lines.values():
                task.cancel()
            if self._poster is not None:
                self._poster.close()

    def _begin_lines(self) -> None:
        if not self._platform.webhook.url:
            return
        for update in self._platform.queue:
            room = len(self._lines) < self._platform.webhook.max_connections
            if room and update.person not in self._lines:
                self._lines[update.person] = asyncio.create_task(self._line(update.person))

    async def _line(self, person: int) -> None:
        """One person's updates, one after another."""
        try:
            while self._platform.webhook.url:
                update = next((one for one in self._platform.queue if one.person == person), None)
                if update is None:
                    return
                await self._deliver(update)
        finally:
            del self._lines[person]
            self._platform.arrived.set()

    async def _deliver(self, update: Update) -> None:
        faults, now = self._platform.faults, self._platform.clock
        held = faults.hit((FaultKind.PUSH_REORDER,), update.kind, now())
        if held is not None:
            await asyncio.sleep(faults.up_to(held.seconds))
        twice = faults.hit((FaultKind.PUSH_DUPLICATE,), update.kind, now()) is not None
        pause_s = self._pause_s
        while self._platform.webhook.url and update in self._platform.queue:
            tries = [self._try(update) for _ in range(2 if twice else 1)]
            twice = False
            deliveries = await asyncio.gather(*tries)
            good = next((one for one in deliveries if one.outcome in DELIVERED), None)
            push = self._platform.pushes.get(update.number)
            if push is not None:
                push.deliveries += [one for one in deliveries if one is not good]
            if good is not None:
                if update in self._platform.queue:
                    self._platform.queue.remove(update)
                done(self._platform, update.number, good)
                return
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 60.0)

    async def _try(self, update: Update) -> Delivery:
        fault = self._platform.faults.hit(_FAULTS, update.kind, self._platform.clock())
        kind = fault.kind if fault else None
        delivery = Delivery(self._platform.clock(), Outcome.LOST)
        if kind is FaultKind.PUSH_LOST:
            return delivery
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._patience(fault)):
                status, body = await self._post(update, forged=kind is FaultKind.PUSH_BAD_SIGNATURE)
        except TimeoutError:
            delivery.outcome = Outcome.LOST if kind is FaultKind.PUSH_HANG_UP else Outcome.TIMED_OUT
            return self._failed(delivery, "Read timeout expired")
        except NoAnswer as error:
            delivery.outcome, delivery.why = Outcome.UNREACHABLE, str(error)
            return self._failed(delivery, "Connection refused")
        delivery.latency_s, delivery.status = time.monotonic() - began, status
        if kind in (FaultKind.PUSH_ACK_LOST, FaultKind.PUSH_HANG_UP):
            return delivery
        if not 200 <= status < 300:
            delivery.outcome = Outcome.REFUSED
            return self._failed(delivery, f"Wrong response from the webhook: {status}")
        delivery.outcome = Outcome.ACKNOWLEDGED
        self._reply(body)
        return delivery

    def _patience(self, fault: Fault | None) -> float:
        return fault.seconds if fault and fault.kind is FaultKind.PUSH_HANG_UP else self._patience_s

    async def _post(self, update: Update, *, forged: bool) -> tuple[int, bytes]:
        webhook = self._platform.webhook
        if self._poster is None or self._url != webhook.url:
            parts = urlsplit(webhook.url)
            self._poster, self._url = Poster(f"{parts.scheme}://{parts.netloc}"), webhook.url
        secret = "forged" if forged else webhook.secret
        headers = "Content-Type: application/json\r\n"
        if secret:
            headers += f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
        body = json.dumps(update.body, ensure_ascii=False).encode()
        return await self._poster.post(urlsplit(webhook.url).path or "/", body, headers)

    def _failed(self, delivery: Delivery, why: str) -> Delivery:
        webhook = self._platform.webhook
        webhook.last_error_at, webhook.last_error = int(self._platform.clock()), why
        return delivery
