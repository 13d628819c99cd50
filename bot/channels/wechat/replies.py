"""What the response to a callback says: a text message as XML, encrypted where the account's mode wants it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

from bot.channel_settings import Mode, WechatAccount
from bot.channels.wechat.reading import Callback, encrypt
from bot.wording import sendable

RECEIVED: Final = b"success"
"""The platform's word for «nothing to say»: the worker sees nothing, and the push does not come again."""


def text_reply(text: str, callback: Callback, account: WechatAccount, *, now: datetime) -> bytes:
    """The body of the response. Each delivery of a push gets the same words, under a fresh nonce."""
    stamp = str(int(now.timestamp()))
    plain = (
        f"<xml><ToUserName>{cdata(callback.openid)}</ToUserName>"
        f"<FromUserName>{cdata(callback.official_id)}</FromUserName>"
        f"<CreateTime>{stamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{cdata(text)}</Content></xml>"
    )
    if account.mode is Mode.PLAIN:
        return plain.encode()
    return _encrypted(plain, account, stamp).encode()


def cdata(text: str) -> str:
    """A CDATA section that no text can end."""
    return f"<![CDATA[{sendable(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def _encrypted(plain: str, account: WechatAccount, stamp: str) -> str:
    ciphertext, nonce = encrypt(plain, account), secrets.token_hex(8)
    joined = "".join(sorted((account.token, stamp, nonce, ciphertext)))
    signature = hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()
    return (
        f"<xml><Encrypt>{cdata(ciphertext)}</Encrypt><MsgSignature>{cdata(signature)}</MsgSignature>"
        f"<TimeStamp>{stamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
    )
