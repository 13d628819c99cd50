"""What WeChat's refusals mean for the operator: one sentence with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.command.wechat_texts import WECHAT, WRONG

if TYPE_CHECKING:
    from bot.channel_settings import WechatAccount
    from bot.channels.wechat.api.errors import NotSetUp, WechatError

_SET_UP: Final = {
    40164: "ip",
    61024: "ip",
    40001: "secret",
    40125: "secret",
    41004: "secret",
    40002: "app_id",
    40013: "app_id",
    41002: "app_id",
    40243: "frozen",
    89501: "confirm",
    89503: "confirm",
    89506: "confirm",
}


def named(account: WechatAccount) -> str:
    """The account as the operator knows it."""
    return WECHAT["account"].format(
        name=account.name,
        kind=WECHAT[f"kind_{account.kind}"],
        verified=WECHAT["verified" if account.verified else "unverified"],
        mode=WECHAT[f"mode_{account.mode}"],
    )


def sentence_of(error: WechatError, *, address: str) -> str:
    """Why it did not work and what to do; `address` is the interface's."""
    from bot.channels.wechat.api import errors

    match error:
        case errors.NotSetUp():
            return _set_up(error)
        case errors.Busy():
            return WRONG["busy"].format(code=error.code)
        case errors.NotReached():
            return WRONG["not_reached"].format(address=address)
        case errors.OutcomeUnknown():
            return WRONG["unknown"]
        case errors.TokenRejected():
            return WRONG["rejected"].format(code=error.code)
        case errors.NotPermitted():
            return WRONG["not_permitted"].format(code=error.code or 48001)
        case _:
            return WRONG["refused"].format(code=error.code)


def _set_up(error: NotSetUp) -> str:
    ip = WRONG["this_ip"].format(ip=error.ip) if error.ip else ""
    return WRONG[_SET_UP.get(error.code, "set_up")].format(code=error.code, ip=ip)
