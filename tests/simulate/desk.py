"""A small desk to hold the simulators against: wechatpy opens and seals, the answer is the test's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import xmltodict
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from bot.channel_settings import Mode, WechatAccount
from bot.simulate.running import Running
from bot.simulate.web import Application, Request, Response, Silence


@dataclass
class SmallDesk:
    """What it was sent (`messages` as wechatpy reads them) and what it answers: words, bytes, or None for nothing."""

    account: WechatAccount | None = None
    answer: Callable[[Any], Any] = lambda message: "success"
    address: str = ""
    queries: list[dict[str, str]] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    wait_s: float = 0.0
    waits_of_first: int = 0

    async def serve(self, request: Request) -> Response:
        """One push."""
        self.queries.append(request.query)
        self.raw.append(request.body)
        message = self._read(request)
        self.messages.append(message)
        if self.waits_of_first > 0:
            self.waits_of_first -= 1
            raise Silence
        await asyncio.sleep(self.wait_s)
        said = self.answer(message)
        if isinstance(said, Response):
            return said
        if isinstance(said, bytes) or said in ("success", ""):
            return Response(said if isinstance(said, bytes) else said.encode())
        return Response(self._sealed(create_reply(said, message).render(), request).encode(), content_type="text/xml")

    def _read(self, request: Request) -> Any:
        assert self.account is not None
        query = request.query
        check_signature(self.account.token, query["signature"], query["timestamp"], query["nonce"])
        body: Any = request.body
        if self.account.mode is not Mode.PLAIN:
            body = self._crypto().decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        return parse_message(body)

    def _sealed(self, xml: str, request: Request) -> str:
        assert self.account is not None
        if self.account.mode is Mode.PLAIN:
            return xml
        return str(self._crypto().encrypt_message(xml, request.query["nonce"], request.query["timestamp"]))

    def _crypto(self) -> WeChatCrypto:
        assert self.account is not None
        return WeChatCrypto(self.account.token, self.account.aes_key, self.account.app_id)


@contextmanager
def small_desk(account: WechatAccount | None = None) -> Iterator[SmallDesk]:
    """A running one."""
    desk = SmallDesk(account)
    application = Application(missing=desk.serve)
    running = Running(application)
    running.start()
    desk.address = running.address
    try:
        yield desk
    finally:
        running.stop()


def query_of(**fields: Any) -> str:
    """A query string."""
    return urlencode(fields)


def xml_fields(body: bytes) -> dict[str, Any]:
    """The fields of a push in the plain."""
    return dict(xmltodict.parse(body)["xml"])
