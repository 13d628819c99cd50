"""`niangjia telegram`: the bot and its webhook checked, the webhook set or taken away."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.command.errors import CommandError
from bot.command.loading import set_up
from bot.command.telegram_texts import TELEGRAM

if TYPE_CHECKING:
    from telegram import WebhookInfo

    from bot.channel_settings import TelegramSettings
    from bot.channels.telegram.connection import Connection, Work
    from bot.configuration import Configuration

HELP = TELEGRAM["help"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`check`, `webhook set|delete`."""
    actions = parser.add_subparsers(required=True, metavar="check|webhook", dest="action")
    actions.add_parser("check", help=TELEGRAM["help_check"])
    webhook = actions.add_parser("webhook", help=TELEGRAM["help_webhook"])
    webhook.add_argument("what", choices=("set", "delete"), help=TELEGRAM["help_webhook"])


def run(options: argparse.Namespace) -> int:
    """Do what was asked; 0 when there is nothing to be done by the operator."""
    set_up()
    from django.conf import settings

    from bot.channels.telegram.connection import Connection

    configuration = settings.NIANGJIA
    if not configuration.telegram.enabled:
        raise CommandError(TELEGRAM["off"], exit_code=1)
    connection = Connection(configuration.telegram)
    try:
        if options.action == "check":
            return _check(configuration, connection)
        return _set(configuration, connection) if options.what == "set" else _delete(configuration, connection)
    finally:
        connection.close()


def telegram_problems(configuration: Configuration) -> Iterator[str]:
    """What the law says, as long as it is switched on (Personal Information Protection Law, arts 38-40)."""
    telegram = configuration.telegram
    if telegram.enabled:
        yield TELEGRAM["on"]
        if telegram.forms:
            yield TELEGRAM["forms_on"]
        if telegram.mode == "webhook" and not configuration.public_url.startswith("https://"):
            yield TELEGRAM["no_public_url"]


def _check(configuration: Configuration, connection: Connection) -> int:
    telegram = configuration.telegram
    bot = _asked(connection, telegram, lambda bot: bot.get_me())
    print(TELEGRAM["bot"].format(username=bot.username, name=bot.first_name))
    polls = telegram.mode == "polling"
    print(TELEGRAM["mode_polling"] if polls else TELEGRAM["mode_webhook"].format(url=_url(configuration)))
    print(TELEGRAM["law"])
    info = _asked(connection, telegram, lambda bot: bot.get_webhook_info())
    if info.pending_update_count:
        print(TELEGRAM["pending"].format(count=info.pending_update_count))
    problems = list(_of_groups(bot)) + list(_of_polling(info) if polls else _of_webhook(info, configuration))
    for problem in problems:
        print(f"- {problem}")
    if not problems:
        print(TELEGRAM["fine"])
    return 1 if problems else 0


def _of_groups(bot: Any) -> Iterator[str]:
    if bot.can_join_groups:
        yield TELEGRAM["groups"]


def _of_polling(info: WebhookInfo) -> Iterator[str]:
    if info.url:
        yield TELEGRAM["polling_with_webhook"]


def _of_webhook(info: WebhookInfo, configuration: Configuration) -> Iterator[str]:
    from django.utils import timezone

    from bot.channels.telegram.reading import ALLOWED_UPDATES

    if not configuration.public_url.startswith("https://"):
        yield TELEGRAM["no_public_url"]
    if info.url != _url(configuration):
        yield TELEGRAM["other_webhook" if info.url else "no_webhook"]
    elif info.allowed_updates and (missing := sorted(set(ALLOWED_UPDATES) - set(info.allowed_updates))):
        yield TELEGRAM["narrow_updates"].format(names=", ".join(missing))
    if info.last_error_date is not None:
        at = timezone.localtime(info.last_error_date).strftime("%Y-%m-%d %H:%M")
        yield TELEGRAM["last_fault"].format(at=at, what=info.last_error_message)


def _set(configuration: Configuration, connection: Connection) -> int:
    from bot.channels.telegram.reading import ALLOWED_UPDATES

    telegram, url = configuration.telegram, _url(configuration)
    if telegram.mode != "webhook":
        raise CommandError(TELEGRAM["mode_is_polling"], exit_code=1)
    if not configuration.public_url:
        raise CommandError(TELEGRAM["no_public_url"], exit_code=1)
    # What people wrote while there was no webhook is theirs, and is to be answered.
    _asked(
        connection,
        telegram,
        lambda bot: bot.set_webhook(
            url, secret_token=telegram.secret, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
        ),
    )
    print(TELEGRAM["is_set"].format(url=url))
    return 0


def _delete(configuration: Configuration, connection: Connection) -> int:
    _asked(connection, configuration.telegram, lambda bot: bot.delete_webhook(drop_pending_updates=False))
    print(TELEGRAM["is_deleted"])
    return 0


def _url(configuration: Configuration) -> str:
    return f"{configuration.address}/telegram"


def _asked(connection: Connection, telegram: TelegramSettings, work: Work[Any]) -> Any:
    """What Telegram says. Raises CommandError with one sentence."""
    from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

    try:
        return connection.run(work)
    except InvalidToken as error:
        raise CommandError(TELEGRAM["token_refused"], exit_code=1) from error
    except BadRequest as error:
        raise CommandError(TELEGRAM["refused"].format(kind=error.message), exit_code=1) from error
    except NetworkError as error:
        kind = type(error.__cause__ or error).__name__
        raise CommandError(TELEGRAM["not_reached"].format(address=telegram.api_base, kind=kind), exit_code=1) from error
    except TelegramError as error:
        raise CommandError(TELEGRAM["refused"].format(kind=type(error).__name__), exit_code=1) from error
