"""`niangjia wechat check`: what works, what to mind, what to do, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.channel_settings import DEFAULT_API_BASE, Mode, WechatAccount
from bot.command.wechat_texts import CHECK
from bot.command.wechat_words import named, sentence_of

if TYPE_CHECKING:
    from bot.channels.wechat.api.client import WechatApi
    from bot.channels.wechat.api.sync import Wechat
    from bot.channels.wechat.api.values import CallbackCheck
    from bot.configuration import Configuration


@dataclass(frozen=True)
class Finding:
    """One line: `mark` is "good", "note" or "bad"."""

    mark: str
    what: str

    @classmethod
    def of(cls, mark: str, sentence: str, /, **words: Any) -> Finding:
        """With the words for it."""
        return cls(mark, CHECK[sentence].format(**words))


def check_accounts(configuration: Configuration, accounts: Sequence[WechatAccount]) -> int:
    """Print the findings; 1 when something has to be done."""
    from bot.command.wechat import calls

    bad = 0
    with calls(configuration) as wechat:
        for account in accounts:
            print(named(account))
            for finding in _findings(configuration, account, wechat):
                print(CHECK[finding.mark].format(what=finding.what), flush=True)
                bad += finding.mark == "bad"
    print(CHECK["some_bad"].format(count=bad) if bad else CHECK["all_good"])
    return 1 if bad else 0


def _findings(configuration: Configuration, account: WechatAccount, wechat: Wechat) -> Iterator[Finding]:
    yield from _address(configuration, account)
    yield from _mode(account)
    yield from _allowed(account)
    yield from _asked(configuration, wechat.api(account.name), wechat)


def _address(configuration: Configuration, account: WechatAccount) -> Iterator[Finding]:
    if configuration.wechat.api_base != DEFAULT_API_BASE:
        yield Finding.of("note", "rehearsal", address=configuration.wechat.api_base)
    if not configuration.public_url:
        yield Finding.of("bad", "no_public_url", name=account.name)
        return
    parts = urlsplit(configuration.address)
    if parts.scheme != "https":
        yield Finding.of("bad", "no_https")
    if parts.port not in (None, 80, 443):
        yield Finding.of("bad", "bad_port", port=parts.port)
    yield Finding.of("good", "callback_here", url=f"{configuration.address}/wechat/{account.name}")


def _mode(account: WechatAccount) -> Iterator[Finding]:
    if account.mode is Mode.PLAIN:
        yield Finding.of("note", "plain")
    elif account.mode is Mode.COMPATIBLE:
        yield Finding.of("note", "compatible")


def _allowed(account: WechatAccount) -> Iterator[Finding]:
    """What kind and verification allow, and what stands in for the rest."""
    yield Finding.of("good", "push_can") if account.can_push else Finding.of("note", "push_cannot")
    yield Finding.of("good", "menu_can") if account.has_menu else Finding.of("note", "menu_cannot")
    yield Finding.of("good", "scene_can") if account.has_scenes else Finding.of("note", "scene_cannot")
    if account.can_notice:
        kind = CHECK[f"notice_{account.notice}"]
        yield Finding.of("good", "notice_can", kind=kind, template=account.notice_template)
    elif account.notice == "template" and not account.has_scenes:
        yield Finding.of("bad", "notice_wrong")
    else:
        yield Finding.of("note", "notice_cannot")


def _asked(configuration: Configuration, api: WechatApi, wechat: Wechat) -> Iterator[Finding]:
    """What WeChat itself says; a refusal of one call does not end the others."""
    from bot.channels.wechat.api.errors import WechatError

    address = configuration.wechat.api_base
    try:
        wechat.run(api.try_token())
    except WechatError as error:
        yield Finding("bad", sentence_of(error, address=address))
        yield Finding.of("note", "skipped")
        return
    yield Finding.of("good", "token")
    for ask in (_callback_addresses, _callback, _menu):
        try:
            yield from ask(api, wechat)
        except WechatError as error:
            yield Finding("bad", sentence_of(error, address=address))


def _callback_addresses(api: WechatApi, wechat: Wechat) -> Iterator[Finding]:
    addresses = wechat.run(api.callback_addresses())
    yield Finding.of("good", "addresses", count=len(addresses), some=", ".join(addresses[:2]))


def _callback(api: WechatApi, wechat: Wechat) -> Iterator[Finding]:
    seen: CallbackCheck = wechat.run(api.check_callback())
    ips = ", ".join(seen.addresses[:4])
    if not seen.addresses:
        yield Finding.of("bad", "unknown_name")
    elif not seen.is_reached:
        yield Finding.of("bad", "not_reached", ips=ips)
    else:
        yield Finding.of("good", "reached", ips=ips)
        yield from (
            Finding.of("note", "lossy", ip=reach.ip, loss=reach.loss) for reach in seen.reached if reach.loss > 0
        )


def _menu(api: WechatApi, wechat: Wechat) -> Iterator[Finding]:
    """Reading the menu also shows whether the account is verified, as the settings claim."""
    from bot.channels.wechat.api.errors import NotPermitted
    from bot.channels.wechat.menu import MenuProblem, current
    from bot.command.wechat import is_pushed

    if not api.account.has_menu:
        return
    try:
        ours, theirs = current(), wechat.run(api.menu())
    except NotPermitted:
        yield Finding.of("bad", "claimed_verified")
    except MenuProblem as error:
        yield Finding("bad", str(error))
    else:
        same = is_pushed(ours, theirs)
        yield Finding.of("good", "menu_same") if same else Finding.of("note", "menu_differs")
