"""What goes wrong with WeChat, classed by what the caller should do.

No text of an error holds a token, an openid or a word of a message: a code and a fact only. The codes are the
platform's (developers.weixin.qq.com, «全局返回码»).
"""

from __future__ import annotations

import re
from typing import Final


class WechatError(Exception):
    """WeChat did not do what was asked."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(f"{type(self).__name__}: errcode {code}" if code else type(self).__name__)
        self.code = code


class Busy(WechatError):
    """Nothing was taken; try again after `after_s`."""

    def __init__(self, code: int = 0, *, after_s: float = 5.0) -> None:
        super().__init__(code)
        self.after_s = after_s


class NotSetUp(Busy):
    """No token is given out until somebody acts: address not on the list (`ip`), wrong secret, account frozen."""

    def __init__(self, code: int, *, ip: str = "") -> None:
        super().__init__(code, after_s=60.0)
        self.ip = ip


class NotReached(WechatError):
    """WeChat was surely not reached: nothing was taken."""


class OutcomeUnknown(WechatError):
    """The request went out and no answer that can be read came back: it may have been taken."""


class TokenRejected(WechatError):
    """The token was refused, and so was the one fetched after it."""


class Refused(WechatError):
    """WeChat took note and declined; the same request again changes nothing."""


class WindowClosed(Refused):
    """45015: the worker wrote too long ago, or has unfollowed."""


class QuotaUsed(Refused):
    """45047: as many messages as may follow one of the worker's have been sent."""


class NotPermitted(Refused):
    """This account may not do that, by its kind or verification (code 0: known here, not asked)."""


class NotFollowing(Refused):
    """The worker does not follow the account, or never did."""


class TooLong(Refused):
    """45002: more than 2,048 bytes (code 0: counted here, not asked)."""


class TooBig(Refused):
    """The file is larger than what is taken in."""


REJECTED_TOKEN: Final = frozenset({40001, 40014, 42001})
_RATE: Final = {45009: 600.0, 45011: 60.0}
_SET_UP: Final = frozenset({40002, 40013, 40125, 40164, 40243, 41002, 41004, 50004, 50007, 61024, 89501, 89503, 89506})
_KINDS: Final[dict[int, type[Refused]]] = {
    45015: WindowClosed,
    45047: QuotaUsed,
    48001: NotPermitted,
    48004: NotPermitted,
    50001: NotPermitted,
    43004: NotFollowing,
    40003: NotFollowing,
    45002: TooLong,
    45001: TooBig,
}
_ADDRESS: Final = re.compile(r"(?:invalid|not in whitelist)?\s*ip[:\s]+([0-9a-fA-F.:]{3,45})")


def error_of(code: int, sentence: str = "") -> WechatError:
    """The error for an `errcode` other than 0. Of the platform's own sentence only an IP address is looked for."""
    if code == -1:
        return Busy(code)
    if code in _RATE:
        return Busy(code, after_s=_RATE[code])
    if code in REJECTED_TOKEN:
        return TokenRejected(code)
    if code in _SET_UP:
        found = _ADDRESS.search(sentence)
        return NotSetUp(code, ip=found.group(1) if found else "")
    return _KINDS.get(code, Refused)(code)
