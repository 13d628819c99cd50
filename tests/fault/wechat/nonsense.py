"""Nonsense for WeChat's address: signed and encrypted as the platform would, so that what lies behind is reached."""

from __future__ import annotations

import base64
import os
import struct
import time
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channel_settings import Mode, WechatAccount
from bot.simulate.wechat.crypto import signature
from tests.fault.nonsense import MARK, WORDS, Nonsense, Request

_FIELDS = [
    "ToUserName",
    "FromUserName",
    "CreateTime",
    "MsgType",
    "Content",
    "MsgId",
    "Event",
    "EventKey",
    "PicUrl",
    "MediaId",
    "Location_X",
    "Location_Y",
    "Label",
    "Title",
    "Description",
    "Url",
    "bizmsgmenuid",
    "Recognition",
    "Status",
    "List",
    "Encrypt",
    "Ticket",
    "Latitude",
]
_HARMLESS = [name for name in _FIELDS if not name.endswith("UserName") and name not in ("MsgType", "MsgId")]
_KINDS = ("text", "image", "voice", "video", "location", "link", "file", "event", "TEXT", "", "nothing", "\u0130")
_EVENTS = ("subscribe", "unsubscribe", "SCAN", "CLICK", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "", "x" * 300)
_NUMBERS = ("0", "-1", "1" * 400, "1e309", "NaN", "٣٤", "0x10", "1.5", " 7 ", "+7", "99999999999999999999", "²")
_HEADS = (
    b"", b"\xef\xbb\xbf", b"\xff\xfe", b"<?xml version='1.0' encoding='utf-16'?>", b"<?xml version='1.0' encoding='gbk'?>",
    b"<?xml version='1.0' encoding='x-none'?>", b"<?xml version='1.1'?>", b"<?php ?>", b"<!-- -->", b"\x00", b" \n",
    b"<?xml version='1.0' encoding='utf-7'?>",
)  # fmt: skip
_BOMBS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><xml>&c;</xml>',
    b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml><FromUserName>&f;</FromUserName></xml>',
    b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml/>',
    b'<!doctype x [<!entity % p SYSTEM "http://127.0.0.1:1/"> %p;]><xml/>',
    b'<\x00!\x00D\x00O\x00C\x00T\x00Y\x00P\x00E\x00',
    b"<xml xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/hostname' parse='text'/></xml>",
)  # fmt: skip


class WechatNonsense(Nonsense):
    """For one account."""

    def __init__(self, seed: int, account: WechatAccount) -> None:
        super().__init__(seed)
        self._account = account
        self._key = base64.b64decode(account.aes_key + "=")
        self._now = str(int(time.time()))

    def request(self) -> Request:
        """One request."""
        return self._signed(self.mangled(self._body()))

    def _body(self) -> bytes:
        rng = self.rng
        choice = rng.random()
        if choice < 0.04:
            return rng.choice(_BOMBS)
        if choice < 0.08:
            return rng.randbytes(rng.randint(0, 300))
        if choice < 0.11:
            depth = rng.choice([10, 200, 3_000, 20_000])
            return b"<xml>" + b"<a>" * depth + b"</a>" * (depth if rng.random() < 0.7 else 0) + b"</xml>"
        if choice < 0.13:
            wide = rng.choice([70, 900, 9_000])
            return b"<xml>" + b"".join(b"<f%d>1</f%d>" % (n, n) for n in range(wide)) + b"</xml>"
        if choice < 0.15:
            return b'<xml a="' + b"x" * rng.choice([10, 60_000]) + b'"><FromUserName b="1">o</FromUserName></xml>'
        return rng.choice(_HEADS) + self._push() if choice < 0.25 else self._push()

    def _push(self) -> bytes:
        rng = self.rng
        openid = rng.choice([f"o{MARK}{rng.randrange(50)}"] * 60 + ["", "o " * 9, "é", "x" * 300, "../../x", "o\n"])
        fields: list[tuple[str, str]] = [
            ("ToUserName", "gh_1"),
            ("FromUserName", openid),
            ("CreateTime", rng.choice(["1700000000"] * 5 + list(_NUMBERS))),
            ("MsgType", rng.choice(("text", "event", "text", "event", *_KINDS))),
            ("MsgId", rng.choice([str(self.next_number())] * 60 + list(_NUMBERS))),
        ]
        names = _HARMLESS if rng.random() < 0.7 else _FIELDS
        for name in rng.sample(names, rng.randint(0, 6)):
            fields.append((name, self._value()))
        if rng.random() < 0.12:
            del fields[rng.randrange(len(fields))]
        if rng.random() < 0.2:
            rng.shuffle(fields)
        return b"<xml>" + b"".join(self._element(*field) for field in fields) + b"</xml>"

    def _value(self) -> str:
        rng = self.rng
        return rng.choice([f"{MARK}{rng.randrange(10**6)}", *_EVENTS, *_NUMBERS, rng.choice(WORDS), rng.choice(_KINDS)])

    def _element(self, name: str, value: str) -> bytes:
        rng = self.rng
        word = value.encode("utf-8", "surrogatepass")
        how = rng.random()
        if how < 0.75:
            inner = b"<![CDATA[" + word + b"]]>"
        elif how < 0.9:
            inner = word
        elif how < 0.95:
            inner = b"<Item><a>" + word.replace(b"<", b"") + b"</a></Item>" * rng.randint(1, 2)
        else:
            inner = b"<![CDATA[" + word if rng.random() < 0.1 else b""
        tag = name.encode()
        return b"<" + tag + b">" + inner + b"</" + (tag if rng.random() < 0.995 else b"x") + b">"

    def _signed(self, body: bytes) -> Request:
        rng, account = self.rng, self._account
        stamp = rng.choice([self._now] * 250 + [*_NUMBERS, "99999999999", "00000000000", ""])
        nonce = rng.choice([str(rng.randrange(10**10))] * 40 + ["", "n" * 128, "n" * 129, "é", "+ &=%"])
        query: list[tuple[str, str]] = [("timestamp", stamp), ("nonce", nonce)]
        if account.mode is Mode.PLAIN:
            query.append(("signature", self._signature(stamp, nonce)))
        else:
            sealed = self._sealed(body)
            query += [("msg_signature", self._signature(stamp, nonce, sealed)), ("encrypt_type", "aes")]
            beside = body[5:-6] if account.mode is Mode.COMPATIBLE and rng.random() < 0.5 else b""
            body = b"<xml>" + beside + b"<Encrypt><![CDATA[" + sealed.encode() + b"]]></Encrypt></xml>"
            if rng.random() < 0.05:
                body = self.mangled(body, share=1.0)
        if rng.random() < 0.05:
            query.append(rng.choice(query))
        if rng.random() < 0.03:
            query = query * 40
        if rng.random() < 0.03:
            query.append(("echostr", rng.choice(WORDS)))
        method = "POST" if rng.random() < 0.96 else rng.choice(["GET", "PUT", "HEAD", "BREW", "DELETE"])
        path = (
            f"/wechat/{account.name}" if rng.random() < 0.97 else rng.choice(["/wechat/", "/wechat/é", "/wechat/../x"])
        )
        return Request(method, path, self._as_query(query), body)

    def _as_query(self, query: Sequence[tuple[str, str]]) -> bytes:
        rng = self.rng
        raw = urlencode(query, quote_via=quote, encoding="latin-1", errors="replace").encode()
        if rng.random() < 0.03:
            return self.mangled(raw, share=1.0)
        return raw + (b"&x=" + b"y" * 9_000 if rng.random() < 0.01 else b"")

    def _signature(self, *parts: str) -> str:
        right = signature(self._account.token, *parts)
        rng = self.rng
        return (
            right if rng.random() < 0.96 else rng.choice(["", right[:-1], right.upper(), "é" * 40, "\ud800", right * 3])
        )

    def _sealed(self, body: bytes) -> str:
        """The body in the platform's frame, which is now and then not quite as it should be."""
        rng = self.rng
        length = len(body) if rng.random() < 0.95 else rng.choice([0, 1, len(body) + 5, 2**31, 2**32 - 1])
        app_id = self._account.app_id.encode() if rng.random() < 0.96 else rng.choice([b"", b"wx0", b"\xff" * 5])
        plain = os.urandom(16) + struct.pack(">I", length) + body + app_id
        fill = 32 - len(plain) % 32
        pad = bytes([fill]) if rng.random() < 0.97 else bytes([rng.randrange(256)])
        plain += pad * fill
        if rng.random() < 0.02:
            plain = plain[: rng.randrange(0, len(plain) // 16 + 1) * 16]
        encryptor = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16])).encryptor()
        sealed = base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()
        if rng.random() < 0.03:
            sealed = rng.choice([sealed[:-1], sealed + "=", "", "é", "A", sealed.replace("A", "\n"), "AAAA" * 9])
        return sealed
