"""`niangjia wechat`: an account checked line by line, its menu, its QR codes."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.command.errors import CommandError
from bot.command.loading import set_up
from bot.command.wechat_texts import MENU, QR, WECHAT
from bot.command.wechat_words import sentence_of

if TYPE_CHECKING:
    from bot.channel_settings import WechatAccount
    from bot.channels.wechat.api.client import WechatApi
    from bot.channels.wechat.api.sync import Wechat
    from bot.channels.wechat.api.values import Qr
    from bot.channels.wechat.menu import Button, MenuFile
    from bot.configuration import Configuration

HELP = WECHAT["help"]
_SCENE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`check`, `menu push|show`, `qr create SCENE [--days N] [--to FILE]`, each with `--account NAME`."""
    actions = parser.add_subparsers(required=True, metavar="check|menu|qr", dest="action")
    _with_account(actions.add_parser("check", help=WECHAT["help_check"]))
    menu = actions.add_parser("menu", help=WECHAT["help_menu"])
    menu.add_argument("what", choices=("push", "show"), help=WECHAT["help_menu"])
    _with_account(menu)
    create = (
        actions.add_parser("qr", help=WECHAT["help_qr"])
        .add_subparsers(required=True, metavar="create")
        .add_parser("create", help=WECHAT["help_qr_create"])
    )
    create.add_argument("scene", metavar="SCENE", help=WECHAT["help_scene"])
    create.add_argument("--days", type=_days, default=None, help=WECHAT["help_days"])
    create.add_argument("--to", type=Path, default=None, metavar="FILE", help=WECHAT["help_to"])
    _with_account(create)


def run(options: argparse.Namespace) -> int:
    """Do what was asked; 0 when there is nothing to be done by the operator."""
    set_up()
    from django.conf import settings

    from bot.channels.wechat.menu import MenuProblem

    configuration = settings.NIANGJIA
    try:
        if options.action == "check":
            from bot.command.wechat_check import check_accounts

            return check_accounts(configuration, _chosen(configuration, options.account))
        account = _only(_chosen(configuration, options.account))
        act = _qr if options.action == "qr" else _push if options.what == "push" else _show
        return act(configuration, account, options)
    except MenuProblem as error:
        raise CommandError(str(error), exit_code=1) from error


@contextmanager
def calls(configuration: Configuration) -> Iterator[Wechat]:
    """WeChat over the tokens in the database, which is brought up to date first."""
    from bot.channels.wechat.api.errors import WechatError
    from bot.channels.wechat.api.sync import Wechat
    from bot.command.serve import prepare_database

    prepare_database(configuration)
    wechat = Wechat(configuration.wechat)
    try:
        yield wechat
    except WechatError as error:
        raise CommandError(sentence_of(error, address=configuration.wechat.api_base), exit_code=1) from error
    finally:
        wechat.close()


def is_pushed(ours: MenuFile, theirs: Mapping[str, Any]) -> bool:
    """Whether WeChat holds our menu; it adds empty lists and leaves out what is not set."""
    return _bare(theirs.get("button")) == _bare(ours.as_platform()["button"])


def _chosen(configuration: Configuration, name: str | None) -> Sequence[WechatAccount]:
    accounts = configuration.wechat.accounts
    if not accounts:
        raise CommandError(WECHAT["no_account"])
    names = ", ".join(account.name for account in accounts)
    if name is None:
        return accounts
    account = configuration.wechat.account(name)
    if account is None:
        raise CommandError(WECHAT["unknown_account"].format(name=name, names=names))
    return [account]


def _only(accounts: Sequence[WechatAccount]) -> WechatAccount:
    if len(accounts) > 1:
        names = ", ".join(account.name for account in accounts)
        raise CommandError(WECHAT["which_account"].format(names=names))
    return accounts[0]


def _push(configuration: Configuration, account: WechatAccount, options: argparse.Namespace) -> int:
    from bot.channels.wechat.menu import current

    menu = current()
    if not account.has_menu:
        raise CommandError(MENU["not_permitted"].format(name=account.name), exit_code=1)
    with calls(configuration) as wechat:
        wechat.run(wechat.api(account.name).put_menu(menu.as_platform()))
    print(MENU["pushed"].format(name=account.name, count=len(menu.buttons())))
    return 0


def _show(configuration: Configuration, account: WechatAccount, options: argparse.Namespace) -> int:
    from bot.channels.wechat.menu import current

    ours = current()
    print(MENU["ours"])
    for group in ours.groups:
        _print_button(group.alone) if group.alone else print(MENU["group"].format(name=group.name))
        for button in group.buttons:
            _print_button(button)
    if not account.has_menu:
        print(MENU["not_permitted"].format(name=account.name))
        return 0
    with calls(configuration) as wechat:
        theirs = wechat.run(wechat.api(account.name).menu())
    print(MENU["theirs"])
    _print_theirs(theirs, ours)
    print(MENU["same" if is_pushed(ours, theirs) else "differs"])
    return 0


def _print_button(button: Button) -> None:
    words = "view" if button.url else "click" if button.says else "other_key"
    print(MENU[words].format(name=button.name, says=button.says, key=button.key, url=button.url))


def _print_theirs(theirs: Mapping[str, Any], ours: MenuFile) -> None:
    from bot.channels.wechat.menu import Button

    groups = _rows(theirs.get("button"))
    if not groups:
        print(MENU["none"])
    says = {button.key: button.says for button in ours.buttons() if button.key}
    for group in groups:
        buttons = _rows(group.get("sub_button"))
        if buttons:
            print(MENU["group"].format(name=group.get("name", "")))
        for row in buttons or [group]:
            key, name, url = (str(row.get(part, "")) for part in ("key", "name", "url"))
            _print_button(Button(name, key, says.get(key, ""), url))


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _bare(value: Any) -> list[tuple[Any, ...]]:
    parts = ("type", "name", "key", "url")
    return [(*(row.get(part) for part in parts), _bare(row.get("sub_button"))) for row in _rows(value)]


def _qr(configuration: Configuration, account: WechatAccount, options: argparse.Namespace) -> int:
    if not _SCENE.fullmatch(options.scene):
        raise CommandError(WECHAT["bad_scene"].format(scene=options.scene))
    if not account.has_scenes:
        _print_instead(configuration, account, options)
        return 0
    with calls(configuration) as wechat:
        api = wechat.api(account.name)
        qr = wechat.run(api.create_qr(options.scene, options.days))
        _print_qr(account, options.scene, qr)
        return _save(wechat, api, qr, options.to) if options.to else 0


def _print_instead(configuration: Configuration, account: WechatAccount, options: argparse.Namespace) -> None:
    from bot.scenes import scene_in

    kind = WECHAT[f"kind_{account.kind}"]
    verified = WECHAT["verified" if account.verified else "unverified"]
    print(QR["instead"].format(name=account.name, kind=kind, verified=verified, scene=options.scene))
    if configuration.public_url:
        print(QR["short_address"].format(url=f"{configuration.address}/j/{options.scene}"))
    else:
        print(QR["no_address"])
    print(QR["reply" if scene_in(options.scene) else "no_reply"].format(scene=options.scene))
    if options.to:
        print(QR["nothing_saved"])


def _print_qr(account: WechatAccount, scene: str, qr: Qr) -> None:
    from datetime import timedelta

    from django.utils import timezone

    life = QR["for_good"]
    if qr.expires_s is not None:
        until = timezone.localtime() + timedelta(seconds=qr.expires_s)
        life = QR["until"].format(until=f"{until:%Y-%m-%d %H:%M}")
    print(QR["made"].format(name=account.name, scene=scene, life=life))
    print(QR["code"].format(code=qr.code))
    print(QR["picture"].format(url=qr.picture_url))
    if qr.url:
        print(QR["content"].format(url=qr.url))


def _save(wechat: Wechat, api: WechatApi, qr: Qr, path: Path) -> int:
    import filetype

    content = wechat.run(api.qr_picture(qr)).content
    kind = filetype.guess_extension(content)
    if kind not in ("png", "jpg", "gif", "webp"):
        print(QR["no_picture"])
        return 1
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(QR["cannot_save"].format(path=path, why=error.strerror), exit_code=1) from error
    ending = path.suffix.lower().lstrip(".").replace("jpeg", "jpg")
    print(QR["saved" if ending in ("", kind) else "saved_as"].format(path=path, kind=kind.upper()))
    return 0


def _with_account(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", metavar="NAME", default=None, help=WECHAT["help_account"])


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 30:
        raise argparse.ArgumentTypeError(WECHAT["bad_days"].format(text=text))
    return int(text)
