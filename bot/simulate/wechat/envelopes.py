"""The XML of pushes and of the answers to them, plain and encrypted."""

from __future__ import annotations

import re
import secrets
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.channel_settings import Mode, WechatAccount
from bot.simulate.wechat.crypto import MessageCipher, Undecipherable, signature
from bot.simulate.wechat.platform import TEXT_BYTES

Value = str | int | float | tuple[tuple[str, Any], ...]
Fields = Iterable[tuple[str, Value]]
_REPLY_NEEDS: Final = {
    "text": ("Content",), "image": ("Image/MediaId",), "voice": ("Voice/MediaId",), "video": ("Video/MediaId",),
    "music": ("Music",), "news": ("ArticleCount", "Articles"), "transfer_customer_service": (),
}  # fmt: skip
_MOST_BYTES: Final = 256 * 1024
_DOCTYPE: Final = re.compile(r"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


class Unreadable(Exception):
    """The answer is nothing that the platform can show; the message says why."""


@dataclass(frozen=True)
class Signed:
    """One delivery on the wire: the query and the body."""

    query: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Reply:
    """A passive reply as the platform read it."""

    kind: str
    text: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def xml_of(fields: Fields) -> str:
    """The fields as the platform writes them: words in CDATA, numbers bare."""
    return "<xml>" + "".join(_element(name, value) for name, value in fields) + "</xml>"


def _element(name: str, value: Value) -> str:
    if isinstance(value, tuple):
        inner = "".join(_element(*one) for one in value)
    elif isinstance(value, str):
        inner = "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    else:
        inner = str(value)
    return f"<{name}>{inner}</{name}>"


class Envelopes:
    """Signs, encrypts and opens for one account."""

    def __init__(self, account: WechatAccount, original_id: str) -> None:
        self._account, self._original_id = account, original_id
        self._cipher = MessageCipher(account.aes_key, account.app_id) if account.aes_key else None

    def seal(self, xml: str, openid: str, now: float, *, forged: bool = False) -> Signed:
        """A delivery with a fresh timestamp, nonce and signature."""
        token = "forged" if forged else self._account.token
        stamp, nonce = str(int(now)), str(secrets.randbelow(10**10))
        query = f"signature={signature(token, stamp, nonce)}&timestamp={stamp}&nonce={nonce}&openid={openid}"
        if self._account.mode is Mode.PLAIN:
            return Signed(query, xml.encode())
        assert self._cipher is not None
        sealed = self._cipher.encrypt(xml)
        query += f"&encrypt_type=aes&msg_signature={signature(token, stamp, nonce, sealed)}"
        outer = _element("ToUserName", self._original_id) + _element("Encrypt", sealed)
        if self._account.mode is Mode.COMPATIBLE:
            return Signed(query, xml.removesuffix("</xml>").encode() + _element("Encrypt", sealed).encode() + b"</xml>")
        return Signed(query, f"<xml>{outer}</xml>".encode())

    def open_answer(self, body: bytes, openid: str) -> Reply | None:
        """The reply in an answer; None for `success` and for nothing. Raises Unreadable."""
        if not body or body == b"success":
            return None
        root = _parsed(body)
        if root.find("Encrypt") is not None:
            root = _parsed(self._opened(root).encode())
        elif self._account.mode is Mode.SAFE:
            raise Unreadable("not encrypted in safe mode")
        return self._read(root, openid)

    def _opened(self, root: ElementTree.Element) -> str:
        sealed = root.findtext("Encrypt") or ""
        stamp, nonce = root.findtext("TimeStamp") or "", root.findtext("Nonce") or ""
        if self._cipher is None or self._account.mode is Mode.PLAIN:
            raise Unreadable("encrypted in plain mode")
        if root.findtext("MsgSignature") != signature(self._account.token, stamp, nonce, sealed):
            raise Unreadable("wrong MsgSignature")
        try:
            return self._cipher.decrypt(sealed)
        except Undecipherable as error:
            raise Unreadable(str(error)) from error

    def _read(self, root: ElementTree.Element, openid: str) -> Reply:
        if root.findtext("ToUserName") != openid:
            raise Unreadable("ToUserName is another person's")
        if root.findtext("FromUserName") != self._original_id:
            raise Unreadable("FromUserName is not the account")
        if not (root.findtext("CreateTime") or "").isdigit():
            raise Unreadable("CreateTime is no number")
        kind = root.findtext("MsgType") or ""
        if kind not in _REPLY_NEEDS or any(root.find(path) is None for path in _REPLY_NEEDS[kind]):
            raise Unreadable(f"MsgType {kind[:40]!r} or what belongs to it")
        text = root.findtext("Content") or ""
        if len(text.encode()) > TEXT_BYTES:
            raise Unreadable("Content is longer than 2,048 bytes")
        extra = {"media_id": medium} if (medium := root.findtext(f"{kind.title()}/MediaId")) else {}
        return Reply(kind, text, extra)


def _parsed(body: bytes) -> ElementTree.Element:
    if len(body) > _MOST_BYTES:
        raise Unreadable("too large")
    try:
        text = body.decode()
        if _DOCTYPE.search(text[:1024]):
            raise Unreadable("a document type")
        root = ElementTree.fromstring(text)  # noqa: S314  no document type, and bounded
    except (ElementTree.ParseError, UnicodeDecodeError, ValueError) as error:
        raise Unreadable("not XML in UTF-8") from error
    if root.tag != "xml":
        raise Unreadable("not <xml>")
    return root
