"""Reading a callback: from anybody at all until its signature holds, and even then never trusted to be well-formed."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import xmltodict
from wechatpy.crypto import PrpCrypto

from bot.channel_settings import Mode, WechatAccount
from bot.channels.wechat.signing import is_signed, signature_digest, signed_at
from handoff.installation import keyed_hash

MOST_BYTES: Final = 1_000_000
_MOST_FIELDS: Final = 60
_LONGEST_ID: Final = 128
_MSG_ID: Final = re.compile(r"[0-9]{1,20}")
_OPENID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ENCRYPTED: Final = re.compile(
    rb"<Encrypt>\s*(?:<!\[CDATA\[\s*)?([A-Za-z0-9+/]+={0,2})\s*(?:\]\]>\s*)?</Encrypt>", re.ASCII
)
_DECLARATION: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)", re.IGNORECASE)
# What the desk reads of a push; everything else is not kept.
_FIELDS: Final = frozenset(
    {
        "MsgType",
        "Event",
        "EventKey",
        "Content",
        "MsgId",
        "CreateTime",
        "MediaId",
        "PicUrl",
        "Format",
        "Recognition",
        "ThumbMediaId",
        "Location_X",
        "Location_Y",
        "Scale",
        "Label",
        "Title",
        "Description",
        "Url",
        "bizmsgmenuid",
        "Latitude",
        "Longitude",
        "Status",
        "Ticket",
    }
)


class NotOurs(Exception):
    """The signature does not hold, the account's mode is another one, or the words were not encrypted for us."""


class Malformed(Exception):
    """It is signed, but it is no push: not XML, a field missing or of the wrong shape."""


@dataclass(frozen=True)
class Query:
    """What stands in the address of a callback, as strings."""

    signature: str = field(default="", repr=False)
    timestamp: str = ""
    nonce: str = field(default="", repr=False)
    msg_signature: str = field(default="", repr=False)
    echostr: str = field(default="", repr=False)

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Query:
        """Of the parsed query; what is too long is as good as missing."""
        names = ("signature", "timestamp", "nonce", "msg_signature", "echostr")
        return cls(**{name: given.get(name, "") for name in names if len(given.get(name, "")) <= _LONGEST_ID})


@dataclass(frozen=True)
class Callback:
    """A push as the platform meant it. `openid` and `fields` are personal data."""

    platform_key: str
    signature: str = field(repr=False)
    signed_at: datetime
    openid: str = field(repr=False)
    official_id: str
    fields: dict[str, str] = field(repr=False)

    @property
    def kind(self) -> str:
        """MsgType, in small letters."""
        return self.fields["MsgType"].lower()

    @property
    def event(self) -> str:
        """The event's name in small letters; empty for a message."""
        return self.fields.get("Event", "").lower() if self.kind == "event" else ""


def read_echo(query: Query, account: WechatAccount) -> str:
    """What the platform wants to hear when it checks the address. Raises NotOurs."""
    if not is_signed(query.signature, account.token, query.timestamp, query.nonce):
        raise NotOurs("signature")
    if not query.echostr.isascii() or not query.echostr.isprintable():
        raise NotOurs("echostr")
    return query.echostr


def read_callback(body: bytes, query: Query, account: WechatAccount) -> Callback:
    """A signed push. Raises NotOurs, Malformed; nothing else, whatever comes."""
    if len(body) > MOST_BYTES:
        raise Malformed("size")
    at = signed_at(query.timestamp)
    if at is None:
        raise NotOurs("timestamp")
    if account.mode is Mode.PLAIN:
        signature = query.signature
        if not is_signed(signature, account.token, query.timestamp, query.nonce):
            raise NotOurs("signature")
        fields = _fields(body)
    else:
        signature = query.msg_signature
        fields = _fields(_decrypted(body, query, account))
    return _callback(fields, signature=signature, at=at, account=account)


def _decrypted(body: bytes, query: Query, account: WechatAccount) -> bytes:
    """The words under the encryption. In compatible mode the plain ones beside it are not looked at.

    Before the signature holds, the body is anybody's: it is searched, never parsed. A megabyte of nested elements takes
    a parser a second, in which no other callback is answered.
    """
    found = _ENCRYPTED.search(body)
    if found is None:
        raise NotOurs("not encrypted")
    ciphertext = found[1].decode("ascii")
    if not is_signed(query.msg_signature, account.token, query.timestamp, query.nonce, ciphertext):
        raise NotOurs("signature")
    try:
        decrypted: str = _crypto(account.aes_key).decrypt(ciphertext, account.app_id)
    except Exception as error:  # wechatpy lets out whatever went wrong inside
        raise NotOurs("encryption") from error
    return decrypted.encode("utf-8", "surrogatepass")


def encrypt(words: str, account: WechatAccount) -> str:
    """Ciphertext for the platform, in base64."""
    encrypted: bytes = _crypto(account.aes_key).encrypt(words, account.app_id)
    return encrypted.decode()


@lru_cache(maxsize=16)
def _crypto(aes_key: str) -> Any:
    return PrpCrypto(base64.b64decode(aes_key + "="))


def _parsed(body: bytes) -> dict[str, Any]:
    """The fields under <xml>. Entities and document types are refused before the parser sees them."""
    if _DECLARATION.search(body):
        raise Malformed("declaration")
    try:
        parsed = xmltodict.parse(body, encoding="utf-8", disable_entities=True, process_namespaces=False)
    except Exception as error:  # expat, codecs and wrong types alike
        raise Malformed(type(error).__name__) from error
    fields = parsed.get("xml") if isinstance(parsed, dict) else None
    if not isinstance(fields, dict) or len(fields) > _MOST_FIELDS:
        raise Malformed("fields")
    return fields


def _fields(body: bytes) -> dict[str, str]:
    parsed = _parsed(body)
    wanted = {*_FIELDS, "FromUserName", "ToUserName"}
    found = {name: value for name, value in parsed.items() if name in wanted and isinstance(value, str)}
    listed = parsed.get("List")
    if isinstance(listed, dict):  # answers to a subscription popup come in a list
        found["Status"] = str(listed.get("SubscribeStatusString", ""))[:20]
    return found


def _callback(fields: dict[str, str], *, signature: str, at: datetime, account: WechatAccount) -> Callback:
    openid, official_id = fields.pop("FromUserName", ""), fields.pop("ToUserName", "")
    if not _OPENID.fullmatch(openid) or not fields.get("MsgType"):
        raise Malformed("sender")
    return Callback(
        platform_key=_key(fields, openid, account),
        signature=signature_digest(account.name, signature),
        signed_at=at,
        openid=openid,
        official_id=official_id[:_LONGEST_ID],
        fields=fields,
    )


def _key(fields: Mapping[str, str], openid: str, account: WechatAccount) -> str:
    """Messages are told apart by MsgId, events by who, when and what (the platform's own rule)."""
    message_id = fields.get("MsgId", "")
    if fields["MsgType"].lower() != "event":
        if not _MSG_ID.fullmatch(message_id):
            raise Malformed("message id")
        return f"wechat:{account.name}:{message_id}"
    told = (fields.get(name, "") for name in ("CreateTime", "Event", "EventKey", "MsgId"))
    parts = (openid, *told)
    return f"wechat:{account.name}:event:{keyed_hash('wechat event', '|'.join(parts))[:40]}"


def sender_hash(account: str, openid: str) -> str:
    """How the database knows a follower."""
    return keyed_hash(f"wechat:{account}", openid)
