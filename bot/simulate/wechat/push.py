"""Bringing what people do to the desk as the platform does: signed, waiting 5 s, three times in all."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from bot.simulate.faults import Fault, FaultKind
from bot.simulate.http import NoAnswer, Poster
from bot.simulate.records import DELIVERED, Delivery, Outcome, Push, Road, Shown
from bot.simulate.texts import SYSTEM_FAILED
from bot.simulate.wechat.envelopes import Envelopes, Reply, Unreadable, Value, xml_of
from bot.simulate.wechat.messages import Made
from bot.simulate.wechat.platform import WechatPlatform
from bot.simulate.wechat.users import User

PATIENCE_S: Final = 5.0
TRIES: Final = 3
_HEADERS: Final = "Content-Type: text/xml\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\nPragma: no-cache\r\n"
# Events after which the platform says nothing when the desk fails.
_QUIET: Final = frozenset({"unsubscribe", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "subscribe_msg_popup_event"})
_DELIVERY_FAULTS: Final = (
    FaultKind.PUSH_LOST, FaultKind.PUSH_ACK_LOST, FaultKind.PUSH_HANG_UP, FaultKind.PUSH_BAD_SIGNATURE,
)  # fmt: skip


class WechatPushes:
    """Pushes of one platform to one desk. `patience_s` is the platform's 5 s; tests take less of it."""

    def __init__(self, platform: WechatPlatform, desk: str, *, patience_s: float = PATIENCE_S) -> None:
        self._platform = platform
        self._poster = Poster(desk)
        self._target = f"/wechat/{platform.account.name}"
        self._patience_s = patience_s
        self._last_event_at: dict[tuple[str, str], int] = {}
        self._original_id = platform.original_id
        self._envelopes = Envelopes(platform.account, platform.original_id)

    def close(self) -> None:
        """Close the connections."""
        self._poster.close()

    def make(self, user: User, made: Made, *, number: int | None = None) -> Push:
        """The push of what `user` does now, with its number and the windows that it opens."""
        now = self._platform.clock()
        if made.kind != "event" and not made.tap:
            user.wrote(now)
        elif made.tap:
            user.tapped(now)
        created = self._created(user, made, now)
        fields: list[tuple[str, Value]] = [
            ("ToUserName", self._original_id), ("FromUserName", user.openid), ("CreateTime", created),
            ("MsgType", made.kind),
        ]  # fmt: skip
        if made.event:
            key = f"{user.openid}{created}{made.event}"
            fields += [("Event", made.event), *made.fields]
        else:
            key = str(number or self._platform.next_number())
            fields += [*made.fields, ("MsgId", int(key))]
        push = Push(key, user.openid, made.event or made.kind, now, xml_of(fields))
        self._platform.record.pushes.append(push)
        return push

    async def send(self, user: User, made: Made) -> Push:
        """Bring it to the desk; returns when an answer came or the last try failed."""
        push = self.make(user, made)
        if made.kind != "event":
            own = Shown(push.at, user.openid, Road.OWN, made.kind, made.own, dict(made.fields), push.key)
            self._platform.record.show(own)
        return await self.deliver(push)

    async def deliver(self, push: Push) -> Push:
        """Up to three deliveries of one push; each has a fresh timestamp, nonce and signature."""
        held = self._hit(FaultKind.PUSH_REORDER, push)
        if held is not None:
            await asyncio.sleep(self._platform.faults.up_to(held.seconds))
        twice = self._hit(FaultKind.PUSH_DUPLICATE, push) is not None
        for _ in range(TRIES):
            if twice:
                await asyncio.gather(self._try(push), self._try(push))
                twice = False
            else:
                await self._try(push)
            if push.arrived:
                break
        else:
            self._give_up(push)
        push.done = True
        return push

    async def _try(self, push: Push) -> None:
        began = time.monotonic()
        fault = self._platform.faults.hit(_DELIVERY_FAULTS, push.kind, self._platform.clock())
        delivery, reply = await self._delivered(push, fault)
        first = not push.arrived
        push.deliveries.append(delivery)
        if delivery.outcome in DELIVERED:
            if first and reply is not None:
                self._show(push, reply)
        elif delivery.outcome is not Outcome.TIMED_OUT and (fault is None or fault.kind is not FaultKind.PUSH_HANG_UP):
            pause = self._patience_s / (5 if fault is None else 1)
            await asyncio.sleep(max(0.0, began + pause - time.monotonic()))

    async def _delivered(self, push: Push, fault: Fault | None) -> tuple[Delivery, Reply | None]:
        kind = fault.kind if fault else None
        delivery = Delivery(self._platform.clock(), Outcome.LOST)
        if kind is FaultKind.PUSH_LOST:
            return delivery, None
        patience_s = fault.seconds if fault and kind is FaultKind.PUSH_HANG_UP else self._patience_s
        forged = kind is FaultKind.PUSH_BAD_SIGNATURE
        sealed = self._envelopes.seal(push.body, push.user, self._platform.clock(), forged=forged)
        began = time.monotonic()
        try:
            async with asyncio.timeout(patience_s):
                status, body = await self._poster.post(f"{self._target}?{sealed.query}", sealed.body, _HEADERS)
        except TimeoutError:
            delivery.outcome = Outcome.LOST if kind is FaultKind.PUSH_HANG_UP else Outcome.TIMED_OUT
            return delivery, None
        except NoAnswer as error:
            delivery.outcome, delivery.why = Outcome.UNREACHABLE, str(error)
            return delivery, None
        delivery.latency_s, delivery.status = time.monotonic() - began, status
        if kind in (FaultKind.PUSH_ACK_LOST, FaultKind.PUSH_HANG_UP):
            return delivery, None
        return self._read(push, delivery, body)

    def _read(self, push: Push, delivery: Delivery, body: bytes) -> tuple[Delivery, Reply | None]:
        if delivery.status != 200:
            delivery.outcome = Outcome.REFUSED
            return delivery, None
        try:
            reply = self._envelopes.open_answer(body, push.user)
        except Unreadable as error:
            delivery.outcome, delivery.why = Outcome.INVALID, str(error)
            return delivery, None
        delivery.outcome = Outcome.ACKNOWLEDGED if reply is None else Outcome.ANSWERED
        delivery.answer = "" if reply is None else f"{reply.kind}:{reply.text}"
        return delivery, reply

    def _show(self, push: Push, reply: Reply) -> None:
        now = self._platform.clock()
        shown = Shown(now, push.user, Road.PASSIVE, reply.kind, reply.text, reply.extra, push.key)
        self._platform.record.show(shown)

    def _give_up(self, push: Push) -> None:
        if push.kind not in _QUIET:
            now = self._platform.clock()
            shown = Shown(now, push.user, Road.PLATFORM, "failed", SYSTEM_FAILED, push=push.key)
            self._platform.record.show(shown)

    def _hit(self, kind: FaultKind, push: Push) -> Fault | None:
        return self._platform.faults.hit((kind,), push.kind, self._platform.clock())

    def _created(self, user: User, made: Made, now: float) -> int:
        """Whole seconds. Nobody taps the same thing twice in one: two such events would be one to the desk."""
        created = int(now)
        if made.event:
            key = (user.openid, made.event)
            created = max(created, self._last_event_at.get(key, 0) + 1)
            self._last_event_at[key] = created
        return created
