"""`niangjia simulate wechat|telegram`: a platform on this machine, by hand in its web view or by a scenario."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.command.errors import CommandError
from bot.command.loading import note, set_up
from bot.simulate.texts import PLAY, SCENARIO, SIMULATE

if TYPE_CHECKING:
    from bot.channel_settings import TelegramSettings, WechatAccount
    from bot.configuration import Configuration
    from bot.simulate.scenario.steps import Scenario

HELP = SIMULATE["help"]
DEFAULT_DESK = "http://127.0.0.1:8000"
DEFAULT_PORTS = {"wechat": 8100, "telegram": 8101}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`wechat` or `telegram`, and what they share."""
    platforms = parser.add_subparsers(required=True, metavar=SIMULATE["platform"], dest="platform")
    for platform, port in DEFAULT_PORTS.items():
        one = platforms.add_parser(platform, help=SIMULATE[f"help_{platform}"])
        one.add_argument("--desk", default=DEFAULT_DESK, help=SIMULATE["help_desk"])
        one.add_argument("--host", default="127.0.0.1", help=SIMULATE["help_host"])
        one.add_argument("--port", type=int, default=port, help=SIMULATE["help_port"])
        one.add_argument("--scenario", help=SIMULATE["help_scenario"].format(names="first_day, rush …"))
        one.add_argument("--serve-after", action="store_true", help=SIMULATE["help_serve_after"])
        one.add_argument("--json", action="store_true", help=SIMULATE["help_json"])
        if platform == "wechat":
            one.add_argument("--patience", type=float, help=SIMULATE["help_patience"])
            one.add_argument("--account", default="main", help=SIMULATE["help_account"])
            one.add_argument("--kind", choices=("service", "subscription"), help=SIMULATE["help_kind"])
            one.add_argument("--mode", choices=("plain", "compatible", "safe"), help=SIMULATE["help_mode"])
            one.add_argument("--unverified", action="store_true", help=SIMULATE["help_unverified"])


def run(options: argparse.Namespace) -> int:
    """The exit code: 0 the expectations held (or there were none), 1 they did not, 2 the input is not right."""
    _check_desk(options.desk)
    scenario = _scenario(options)
    set_up()
    from django.conf import settings

    configuration: Configuration = settings.NIANGJIA
    if options.platform == "wechat":
        return _run_wechat(options, configuration, scenario)
    return _run_telegram(options, configuration, scenario)


def _run_wechat(options: argparse.Namespace, configuration: Configuration, scenario: Scenario | None) -> int:
    from bot.simulate.serving import serve_wechat
    from bot.simulate.wechat.push import PATIENCE_S

    account = _account(options, configuration, scenario)
    _note_difference(configuration, account)
    if configuration.wechat.api_base != _address(options):
        note(SIMULATE["other_base"].format(found=configuration.wechat.api_base, wanted=_address(options)))
    patience_s = options.patience or (scenario.patience_s if scenario else None) or PATIENCE_S
    with _bound(options):
        return serve_wechat(_served(options, scenario), account, patience_s=patience_s)


def _run_telegram(options: argparse.Namespace, configuration: Configuration, scenario: Scenario | None) -> int:
    from bot.simulate.serving import serve_telegram

    bot = _bot(options, configuration)
    if bot.api_base != _address(options):
        note(SIMULATE["other_base"].format(found=bot.api_base, wanted=_address(options)))
    with _bound(options):
        return serve_telegram(_served(options, scenario), bot)


def _account(options: argparse.Namespace, configuration: Configuration, scenario: Scenario | None) -> WechatAccount:
    """The account of that name as it is to be played. Raises CommandError when there is none."""
    from bot.channel_settings import AccountKind, Mode
    from bot.simulate.wechat.simulator import new_account, settings_table

    found = configuration.wechat.account(options.account)
    account = found or new_account(options.account)
    kind = AccountKind(options.kind) if options.kind else (scenario.kind if scenario else None)
    verified = False if options.unverified else (scenario.verified if scenario else None)
    account = replace(
        account,
        kind=kind or account.kind,
        verified=account.verified if verified is None else verified,
        mode=Mode(options.mode) if options.mode else account.mode,
    )
    if found is None:
        table = settings_table(account, _address(options))
        path = configuration.home / "niangjia.toml"
        raise CommandError(SIMULATE["no_account"].format(name=options.account, path=path, table=table))
    return account


def _note_difference(configuration: Configuration, account: WechatAccount) -> None:
    """The desk goes by its own settings, whatever is played."""
    found = configuration.wechat.account(account.name)
    if found is not None and (found.kind, found.verified) != (account.kind, account.verified):
        played, written = (
            PLAY[f"kind_{one.kind.value}"] + PLAY["verified" if one.verified else "unverified"]
            for one in (account, found)
        )
        note(SIMULATE["other_kind"].format(played=played, found=written))


def _bot(options: argparse.Namespace, configuration: Configuration) -> TelegramSettings:
    """The bot of the installation. Raises CommandError when there is none."""
    from bot.simulate.telegram.simulator import new_token, settings_table

    bot = configuration.telegram
    if not bot.token:
        table = settings_table(new_token(), _address(options))
        raise CommandError(SIMULATE["no_bot"].format(path=configuration.home / "niangjia.toml", table=table))
    return bot


def _served(options: argparse.Namespace, scenario: Scenario | None):  # type: ignore[no-untyped-def]
    from bot.simulate.serving import Served

    def finish(result: dict[str, object]) -> None:
        if options.json:
            print(json.dumps(result, ensure_ascii=False, indent=2), flush=True)

    def tell(line: str) -> None:
        print(line, file=sys.stderr if options.json else sys.stdout, flush=True)

    stays = scenario is None or options.serve_after
    return Served(options.host, options.port, options.desk.rstrip("/"), scenario, stays, tell, finish)


def _bound(options: argparse.Namespace):  # type: ignore[no-untyped-def]
    """A taken port becomes one sentence."""
    from contextlib import contextmanager

    from bot.simulate.running import PortTaken

    @contextmanager
    def guarded():  # type: ignore[no-untyped-def]
        try:
            yield
        except PortTaken as error:
            words = SIMULATE["port_taken"].format(host=options.host, port=options.port, why=error)
            raise CommandError(words) from error

    return guarded()


def _scenario(options: argparse.Namespace) -> Scenario | None:
    """The scenario that was asked for. Raises CommandError."""
    from bot.simulate.scenario.reading import SHIPPED, read_scenario, shipped_names
    from bot.simulate.scenario.steps import BadScenario

    if not options.scenario:
        return None
    path = Path(options.scenario)
    if not path.exists():
        path = SHIPPED / f"{options.scenario}.yml"
    if not path.exists():
        names = ", ".join(shipped_names())
        raise CommandError(SIMULATE["unknown_scenario"].format(name=options.scenario, names=names))
    try:
        scenario = read_scenario(path)
    except BadScenario as error:
        raise CommandError("\n".join(error.problems)) from error
    if scenario.platform != options.platform:
        raise CommandError(SCENARIO["other_platform"].format(platform=scenario.platform))
    return scenario


def _check_desk(desk: str) -> None:
    parts = urlsplit(desk)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CommandError(SIMULATE["bad_desk"].format(desk=desk))


def _address(options: argparse.Namespace) -> str:
    return f"http://{options.host}:{options.port}"
