"""The tables [wechat], [[wechat.accounts]] and [telegram] of `niangjia.toml`, checked with all other settings."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from bot.channel_texts import ACCOUNT, PROBLEMS, TELEGRAM, WECHAT
from bot.declared import Setting, flag, names, one_of

DEFAULT_API_BASE: Final = "https://api.weixin.qq.com"
DEFAULT_MP_BASE: Final = "https://mp.weixin.qq.com"
TELEGRAM_API_BASE: Final = "https://api.telegram.org"


class AccountKind(StrEnum):
    """What kind of official account it is (服务号, 订阅号)."""

    SERVICE = "service"
    SUBSCRIPTION = "subscription"


class Mode(StrEnum):
    """How pushes are encrypted."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(frozen=True)
class WechatAccount:
    """One official account. What its kind and verification do not allow is known here, not found out by failing."""

    name: str
    kind: AccountKind
    verified: bool
    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)
    mode: Mode = Mode.SAFE
    organisation: str = ""
    notice: str = ""
    notice_template: str = ""
    notice_field: str = "thing1"

    @property
    def can_push(self) -> bool:
        """Customer-service messages and media: verified accounts only."""
        return self.verified

    @property
    def has_menu(self) -> bool:
        """The menu by the interface: every service account, and a verified subscription account."""
        return self.verified or self.kind is AccountKind.SERVICE

    @property
    def has_scenes(self) -> bool:
        """QR codes with a scene and template messages: verified service accounts only."""
        return self.verified and self.kind is AccountKind.SERVICE

    @property
    def can_notice(self) -> bool:
        """Whether a notice reaches a worker outside the 48 hours: templates need a verified service account."""
        return bool(self.notice and self.notice_template) and (self.has_scenes or self.notice == "subscription")


@dataclass(frozen=True)
class WechatSettings:
    """The table [wechat]."""

    api_base: str = DEFAULT_API_BASE
    mp_base: str = DEFAULT_MP_BASE
    picture_hosts: tuple[str, ...] = ("mmbiz.qpic.cn", "mmbiz.qlogo.cn")
    accounts: tuple[WechatAccount, ...] = ()

    def account(self, name: str) -> WechatAccount | None:
        """The account of that name, if there is one."""
        return next((account for account in self.accounts if account.name == name), None)


@dataclass(frozen=True)
class TelegramSettings:
    """The table [telegram]."""

    enabled: bool = False
    token: str = field(default="", repr=False)
    mode: str = "webhook"
    secret: str = field(default="", repr=False)
    api_base: str = TELEGRAM_API_BASE
    forms: bool = False
    organisation: str = ""


def _matching(pattern: str, problem: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        word = str(value).strip()
        if word and not re.fullmatch(pattern, word):
            raise ValueError(PROBLEMS[problem])
        return word

    return parse


def _address(value: Any) -> str:
    word = str(value).strip().rstrip("/")
    if not re.match(r"https?://[^/\s]+", word):
        raise ValueError(PROBLEMS["bad_address"])
    return word


def _aes_key(value: Any) -> str:
    word = str(value).strip()
    try:
        if word and (len(word) != 43 or len(base64.b64decode(word + "=", validate=True)) != 32):
            raise ValueError(PROBLEMS["bad_aes_key"])
    except binascii.Error as error:
        raise ValueError(PROBLEMS["bad_aes_key"]) from error
    return word


_ACCOUNT_NAME = _matching(r"[a-z0-9][a-z0-9-]{0,39}", "bad_name")
_TOKEN = _matching(r"[A-Za-z0-9]{3,32}", "bad_token")
_SECRET = _matching(r"[A-Za-z0-9_-]{8,256}", "bad_secret")

WECHAT_SETTINGS: Final = (
    Setting("api_base", _address, DEFAULT_API_BASE, "text", WECHAT["api_base"]),
    Setting("mp_base", _address, DEFAULT_MP_BASE, "text", WECHAT["mp_base"]),
    Setting("picture_hosts", names, ("mmbiz.qpic.cn", "mmbiz.qlogo.cn"), "list", WECHAT["picture_hosts"]),
)
ACCOUNT_SETTINGS: Final = (
    Setting("name", _ACCOUNT_NAME, "", "text", ACCOUNT["name"]),
    Setting("kind", lambda value: AccountKind(one_of("service", "subscription")(value)), "", "text", ACCOUNT["kind"]),
    Setting("verified", flag, "", "flag", ACCOUNT["verified"]),
    Setting("app_id", str, "", "text", ACCOUNT["app_id"]),
    Setting("app_secret", str, "", "text", ACCOUNT["app_secret"], secret=True),
    Setting("token", _TOKEN, "", "text", ACCOUNT["token"], secret=True),
    Setting("aes_key", _aes_key, "", "text", ACCOUNT["aes_key"], secret=True),
    Setting("mode", lambda value: Mode(one_of(*Mode)(value)), Mode.SAFE, "text", ACCOUNT["mode"]),
    Setting("organisation", str, "", "text", ACCOUNT["organisation"]),
    Setting("notice", one_of("template", "subscription", ""), "", "text", ACCOUNT["notice"]),
    Setting("notice_template", str, "", "text", ACCOUNT["notice_template"]),
    Setting("notice_field", str, "thing1", "text", ACCOUNT["notice_field"]),
)
TELEGRAM_SETTINGS: Final = (
    Setting("enabled", flag, False, "flag", TELEGRAM["enabled"]),
    Setting("token", str, "", "text", TELEGRAM["token"], secret=True),
    Setting("mode", one_of("webhook", "polling"), "webhook", "text", TELEGRAM["mode"]),
    Setting("secret", _SECRET, "", "text", TELEGRAM["secret"], secret=True),
    Setting("api_base", _address, TELEGRAM_API_BASE, "text", TELEGRAM["api_base"]),
    Setting("forms", flag, False, "flag", TELEGRAM["forms"]),
    Setting("organisation", str, "", "text", TELEGRAM["organisation"]),
)
_ACCOUNT_NEEDS = ("name", "kind", "verified", "app_id", "app_secret", "token")
TABLES: Final = ("wechat", "telegram")


@dataclass(frozen=True)
class _Reader:
    """Reads tables of one file and keeps what is wrong with them."""

    path: str
    problems: list[str]

    def values(
        self, filed: Any, declared: Sequence[Setting], table: str, *, beside: Sequence[str] = ()
    ) -> dict[str, Any]:
        """The typed values of one table."""
        if not isinstance(filed, Mapping):
            self.tell("not_a_table", table=table)
            return {}
        known = {setting.name for setting in declared} | set(beside)
        for name in sorted(set(filed) - known):
            self.tell("unknown", table=table, name=name)
        return {setting.name: self._value(filed, setting, table) for setting in declared}

    def tell(self, problem: str, **words: str) -> None:
        """Keep a problem."""
        self.problems.append(PROBLEMS[problem].format(path=self.path, **words))

    def need(self, values: Mapping[str, Any], needed: Sequence[str], declared: Sequence[Setting], table: str) -> None:
        """Keep what is missing of what is needed."""
        helps = {setting.name: setting.help for setting in declared}
        for name in needed:
            if values.get(name) == "":
                self.tell("missing", table=table, name=name, help=helps[name])

    def _value(self, filed: Mapping[str, Any], setting: Setting, table: str) -> Any:
        if setting.name not in filed:
            return setting.default
        try:
            return setting.parse(filed[setting.name])
        except (ValueError, KeyError) as error:
            self.tell("bad_value", table=table, name=setting.name, why=str(error), help=setting.help)
            return setting.default


def read_channels(
    filed: Mapping[str, Any], *, path: str, problems: list[str]
) -> tuple[WechatSettings, TelegramSettings]:
    """The channels' settings; what is wrong is appended to `problems`, and the result is then not to be used."""
    reader = _Reader(path, problems)
    return _wechat(filed.get("wechat", {}), reader), _telegram(filed.get("telegram", {}), reader)


def _wechat(filed: Any, reader: _Reader) -> WechatSettings:
    values = reader.values(filed, WECHAT_SETTINGS, "wechat", beside=["accounts"])
    listed = filed.get("accounts", []) if isinstance(filed, Mapping) else []
    if not isinstance(listed, list):
        reader.tell("not_a_list")
        listed = []
    accounts = [account for entry in listed if (account := _account(entry, reader)) is not None]
    seen: set[str] = set()
    for account in accounts:
        if account.name in seen:
            reader.tell("same_name", name=account.name)
        seen.add(account.name)
    return WechatSettings(**values, accounts=tuple(accounts)) if values else WechatSettings()


def _account(filed: Any, reader: _Reader) -> WechatAccount | None:
    table = "[wechat.accounts]"
    values = reader.values(filed, ACCOUNT_SETTINGS, table)
    if not values:
        return None
    encrypts = values["mode"] is not Mode.PLAIN
    needed = (*_ACCOUNT_NEEDS, "aes_key") if encrypts else _ACCOUNT_NEEDS
    before = len(reader.problems)
    reader.need(values, needed, ACCOUNT_SETTINGS, table)
    if len(reader.problems) > before or not isinstance(values["kind"], AccountKind):
        return None
    return WechatAccount(**values)


def _telegram(filed: Any, reader: _Reader) -> TelegramSettings:
    values = reader.values(filed, TELEGRAM_SETTINGS, "telegram")
    if not values:
        return TelegramSettings()
    if values["enabled"]:
        needed = ("token", "secret") if values["mode"] == "webhook" else ("token",)
        reader.need(values, needed, TELEGRAM_SETTINGS, "telegram")
    return TelegramSettings(**values)
