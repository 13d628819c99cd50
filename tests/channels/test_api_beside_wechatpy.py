"""Each fault of wechatpy 1.8.18 that the project knows of: the same check on ours, which passes, and on wechatpy's own.

wechatpy's half is a strict expected failure: should a later wechatpy pass a check, the test says so.
"""

from __future__ import annotations

import base64
import hashlib
import os
import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any, Protocol
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

import pytest
import wechatpy.exceptions
from wechatpy import WeChatClient, create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from bot.channel_settings import Mode, WechatAccount
from bot.channels.wechat.api.errors import WechatError
from bot.channels.wechat.api.sync import Wechat
from bot.channels.wechat.reading import Callback, Malformed, NotOurs, Query, read_callback
from bot.channels.wechat.replies import text_reply
from bot.channels.wechat.signing import PlatformClock
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.wechat.simulator import RunningWechat, new_account, running_wechat
from tests.channels.wechat_api import NO_DESK, QUICK, settings_of

pytestmark = pytest.mark.django_db(transaction=True)


class Caller(Protocol):
    """What both clients can be asked."""

    def send(self, openid: str, text: str) -> None: ...
    def typing(self, openid: str) -> None: ...
    def token(self) -> None: ...


class Ours:
    def __init__(self, platform: RunningWechat) -> None:
        self._wechat = Wechat(settings_of(platform), timeout=QUICK)
        self._api = self._wechat.api("main")

    def send(self, openid: str, text: str) -> None:
        self._wechat.run(self._api.send_text(openid, text))

    def typing(self, openid: str) -> None:
        self._wechat.run(self._api.typing(openid, True))

    def token(self) -> None:
        self._wechat.run(self._api.token())


class _Redirected(WeChatClient):
    """wechatpy's client with the one change that its token is fetched from the simulator: the address is fixed in it."""

    def __init__(self, platform: RunningWechat) -> None:
        super().__init__(platform.account.app_id, platform.account.app_secret, timeout=0.5)
        self._base = platform.api_base
        self.API_BASE_URL = f"{platform.api_base}/cgi-bin/"

    def fetch_access_token(self) -> Any:
        asked = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(url=f"{self._base}/cgi-bin/token", params=asked)


class Theirs:
    def __init__(self, platform: RunningWechat) -> None:
        self._client = _Redirected(platform)

    def send(self, openid: str, text: str) -> None:
        self._client.message.send_text(openid, text)

    def typing(self, openid: str) -> None:
        self._client.message.typing(openid)

    def token(self) -> None:
        assert self._client.access_token


def on_both(theirs: Any, ours: Any, raises: Any) -> pytest.MarkDecorator:
    """The check on ours, and on wechatpy's, where it fails with `raises`."""
    fails = pytest.mark.xfail(strict=True, raises=raises, reason="a known fault of wechatpy 1.8.18")
    return pytest.mark.parametrize(
        "of", [pytest.param(ours, id="ours"), pytest.param(theirs, id="wechatpy", marks=fails)]
    )


@pytest.fixture
def platform() -> Iterator[RunningWechat]:
    with running_wechat(NO_DESK) as running:
        yield running


def _worker(platform: RunningWechat, who: str = "小李") -> str:
    user = platform.platform.user(who)
    user.wrote(platform.platform.clock())
    return user.openid


# The client


@on_both(Theirs, Ours, AssertionError)
def test_eight_threads_on_a_cold_start_make_one_token_fetch(
    platform: RunningWechat, of: Callable[[RunningWechat], Caller]
) -> None:
    platform.faults.on(Fault(FaultKind.API_SLOW, where="token", seconds=0.3))
    caller, together = of(platform), Barrier(8)

    def need(_: int) -> None:
        together.wait()
        caller.token()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(need, range(8)))
    assert platform.platform.tokens.fetched == 1


@on_both(Theirs, Ours, RecursionError)
def test_a_lasting_40001_ends_after_one_refresh(platform: RunningWechat, of: Callable[[RunningWechat], Caller]) -> None:
    platform.faults.on(Fault(FaultKind.API_ERROR, where="custom/send", code=40001))
    caller = of(platform)
    with pytest.raises((WechatError, wechatpy.exceptions.WeChatException)):
        caller.send(_worker(platform), "好")
    assert len(platform.record.calls_of("custom/send")) == 2
    assert platform.platform.tokens.fetched <= 3


@on_both(Theirs, Ours, StillWaiting)
def test_the_timeout_holds_while_a_token_is_fetched(
    platform: RunningWechat, of: Callable[[RunningWechat], Caller]
) -> None:
    platform.faults.on(Fault(FaultKind.API_TIMEOUT_LOST, where="token"))
    caller, openid, ended = of(platform), _worker(platform), []

    def send() -> None:
        try:
            caller.send(openid, "好")
        except Exception as error:
            ended.append(error)

    sending = Thread(target=send, daemon=True)
    sending.start()
    sending.join(4)  # the timeout of both is half a second
    if sending.is_alive():
        raise StillWaiting
    assert len(ended) == 1


@on_both(Theirs, Ours, AssertionError)
def test_a_second_process_does_not_kill_the_token_of_the_first(
    platform: RunningWechat, of: Callable[[RunningWechat], Caller]
) -> None:
    first, openid = of(platform), _worker(platform)
    first.send(openid, "一")
    of(platform).send(openid, "二")
    first.send(openid, "三")
    assert 40001 not in platform.record.codes()


@on_both(Theirs, Ours, AttributeError)
def test_the_worker_sees_that_somebody_is_writing(
    platform: RunningWechat, of: Callable[[RunningWechat], Caller]
) -> None:
    of(platform).typing(_worker(platform))
    assert [call.code for call in platform.record.calls_of("custom/typing")] == [0]


# Callbacks


PLAIN = new_account(mode=Mode.PLAIN)
SAFE = new_account(mode=Mode.SAFE)
OPENID = "o" + "A" * 27
TEXT = (
    f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{OPENID}</FromUserName><CreateTime>1</CreateTime>"
    "<MsgType>text</MsgType><Content>你好</Content><MsgId>123</MsgId></xml>"
)


def _signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def _query(account: WechatAccount, *, ciphertext: str = "") -> Query:
    stamp, nonce = str(int(time.time())), "n"
    signature = _signature(account.token, stamp, nonce)
    safe = _signature(account.token, stamp, nonce, ciphertext) if ciphertext else ""
    return Query(signature=signature, timestamp=stamp, nonce=nonce, msg_signature=safe)


def _callback() -> Callback:
    return read_callback(TEXT.encode(), _query(PLAIN), PLAIN)


def _our_reply(text: str) -> bytes:
    return text_reply(text, _callback(), PLAIN, now=datetime.now(UTC))


def _their_reply(text: str) -> bytes:
    rendered: str = create_reply(text, message=parse_message(TEXT)).render()
    return rendered.encode()


@pytest.mark.parametrize(
    "text", ["数组 a[b[0]]>1", "]]>", "]]]]>>", "]]></Content><MsgType><![CDATA[image]]></MsgType><Content><![CDATA["]
)
@on_both(_their_reply, _our_reply, (ElementTree.ParseError, AssertionError))
def test_a_reply_says_letter_for_letter_what_was_to_be_said(of: Callable[[str], bytes], text: str) -> None:
    read = ElementTree.fromstring(of(text))
    assert [(part.tag, part.text) for part in read if part.tag in ("MsgType", "Content")].count(("Content", text)) == 1
    assert len(read) == 5


# Whoever stands at the door of wechatpy has to know all of these, and that bad input may pass without any.
ODD = (
    TypeError, ValueError, KeyError, ExpatError, struct.error, UnicodeDecodeError,
    wechatpy.exceptions.InvalidAppIdException, pytest.fail.Exception,
)  # fmt: skip


def _our_reading(body: bytes) -> None:
    with pytest.raises((NotOurs, Malformed)):
        read_callback(body, _query(PLAIN), PLAIN)


def _their_reading(body: bytes) -> None:
    with pytest.raises(wechatpy.exceptions.InvalidSignatureException):
        parse_message(body)


@pytest.mark.parametrize(
    "body", [b"<xml></xml>", b"", b"not xml", b"<a><b></a>", b"\xff\xfe\xfa", b"<xml><MsgType>text</MsgType></xml>", TEXT[:80].encode()],
    ids=["empty", "nothing", "words", "crossed", "bytes", "fields missing", "cut off"],
)  # fmt: skip
@on_both(_their_reading, _our_reading, ODD)
def test_whatever_comes_is_refused_in_one_way(of: Callable[[bytes], None], body: bytes) -> None:
    of(body)


def _sealed(plain: bytes) -> str:
    """Encrypted under the account's own key, whatever is inside."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = base64.b64decode(SAFE.aes_key + "=")
    padding = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


def _our_opening(ciphertext: str) -> None:
    body = f"<xml><Encrypt>{ciphertext}</Encrypt></xml>".encode()
    with pytest.raises((NotOurs, Malformed)):
        read_callback(body, _query(SAFE, ciphertext=ciphertext), SAFE)


def _their_opening(ciphertext: str) -> None:
    crypto, query = WeChatCrypto(SAFE.token, SAFE.aes_key, SAFE.app_id), _query(SAFE, ciphertext=ciphertext)
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{ciphertext}</Encrypt></xml>"
    with pytest.raises(wechatpy.exceptions.InvalidSignatureException):
        parse_message(crypto.decrypt_message(body, query.msg_signature, query.timestamp, query.nonce))


def _framed(words: bytes, app_id: str) -> bytes:
    return os.urandom(16) + len(words).to_bytes(4, "big") + words + app_id.encode()


@pytest.mark.parametrize(
    "ciphertext",
    [
        _sealed(b"short"),
        _sealed(_framed(TEXT.encode(), "wx0000000000000000")),
        _sealed(_framed(b"\xff\xfe\xfa", SAFE.app_id)),
        _sealed(_framed(b"<xml></xml>", SAFE.app_id)),
        base64.b64encode(b"fifteen bytes..").decode(),
        "AAA",
    ],
    ids=["too short", "for another account", "no UTF-8", "empty", "no block", "no base64"],
)
@on_both(_their_opening, _our_opening, ODD)
def test_whatever_was_encrypted_is_refused_in_one_way(of: Callable[[str], None], ciphertext: str) -> None:
    of(ciphertext)


class Watched(str):
    """A signature that notices being compared letter by letter, where the time taken tells how many letters fit."""

    compared = False

    def __eq__(self, other: object) -> bool:
        Watched.compared = True
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        Watched.compared = True
        return str.__ne__(self, other)

    __hash__ = str.__hash__


@dataclass(frozen=True)
class Signed:
    signature: str
    timestamp: str
    nonce: str


def _our_check(signed: Signed) -> None:
    query = Query(signature=signed.signature, timestamp=signed.timestamp, nonce=signed.nonce)
    read_callback(TEXT.encode(), query, PLAIN)


def _their_check(signed: Signed) -> None:
    check_signature(PLAIN.token, signed.signature, signed.timestamp, signed.nonce)


@on_both(_their_check, _our_check, AssertionError)
def test_a_signature_is_compared_in_constant_time(of: Callable[[Signed], None]) -> None:
    query = _query(PLAIN)
    Watched.compared = False
    of(Signed(Watched(query.signature), query.timestamp, query.nonce))
    assert not Watched.compared


def _our_freshness(signed: Signed) -> None:
    now = datetime.now(UTC)
    query = Query(signature=signed.signature, timestamp=signed.timestamp, nonce=signed.nonce)
    clock = PlatformClock("main")
    assert not clock.is_old(_callback().signed_at, now=now)
    assert clock.is_old(read_callback(TEXT.encode(), query, PLAIN).signed_at, now=now)


def _their_freshness(signed: Signed) -> None:
    with pytest.raises(wechatpy.exceptions.WeChatException):
        check_signature(PLAIN.token, signed.signature, signed.timestamp, signed.nonce)


@on_both(_their_freshness, _our_freshness, pytest.fail.Exception)
def test_a_signature_of_last_week_is_known_to_be_old(of: Callable[[Signed], None]) -> None:
    stamp = str(int(time.time()) - 7 * 86_400)
    of(Signed(_signature(PLAIN.token, stamp, "n"), stamp, "n"))


def test_what_is_rightly_encrypted_is_read_by_both() -> None:
    """Else the refusals above would show nothing."""
    ciphertext = _sealed(_framed(TEXT.encode(), SAFE.app_id))
    query, body = _query(SAFE, ciphertext=ciphertext), f"<xml><Encrypt>{ciphertext}</Encrypt></xml>"
    assert read_callback(body.encode(), query, SAFE).openid == OPENID
    crypto = WeChatCrypto(SAFE.token, SAFE.aes_key, SAFE.app_id)
    assert (
        parse_message(crypto.decrypt_message(body, query.msg_signature, query.timestamp, query.nonce)).source == OPENID
    )
