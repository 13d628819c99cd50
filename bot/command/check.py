"""`niangjia check`: every problem of the installation at once, each with its remedy."""

from __future__ import annotations

import argparse
import ipaddress
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.command.check_alarms import alarm_problems
from bot.command.duty_check import duty_problems
from bot.command.loading import set_up
from bot.command.telegram import telegram_problems
from bot.texts import CHECK, COMMAND

if TYPE_CHECKING:
    from bot.configuration import Configuration

HELP = COMMAND["help_check"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(options: argparse.Namespace) -> int:
    """Print the problems; 0 when there is none, 1 otherwise. Wrong settings are reported by the caller with 2."""
    set_up()
    from django.conf import settings

    from bot.backups.standing import backup_remarks

    problems = list(problems_of(settings.NIANGJIA))
    for problem in problems:
        print(f"- {problem}")
    for remark in backup_remarks(settings.NIANGJIA.home):
        print(remark)
    print(CHECK["some"].format(count=len(problems)) if problems else CHECK["none"])
    return 1 if problems else 0


def problems_of(configuration: Configuration) -> Iterator[str]:
    """All problems: settings, builds, database, people."""
    yield from _settings(configuration)
    yield from telegram_problems(configuration)
    yield from _builds(configuration)
    yield from _sources(configuration)
    yield from _records(configuration)


def _settings(configuration: Configuration) -> Iterator[str]:
    if not _is_loopback(configuration.host) and not configuration.public_url.startswith("https://"):
        yield CHECK["no_https"].format(host=configuration.host)
    if configuration.public_url and not configuration.trusted_proxies:
        yield CHECK["no_proxies"]
    if configuration.debug:
        yield CHECK["debug"]
    if configuration.admin_password:
        yield CHECK["password_in_settings"]
    if sqlite3.sqlite_version_info < (3, 35):
        yield CHECK["old_sqlite"].format(version=sqlite3.sqlite_version)


def _builds(configuration: Configuration) -> Iterator[str]:
    from bot.buildable import buildable_parts, other_encoder
    from bot.builds import is_stale

    if (refusal := other_encoder(configuration)) is not None:
        yield str(refusal)
        return  # what the others lack comes from the same setting
    for part in buildable_parts(configuration).values():
        why = is_stale(part, configuration.build_dir)
        if why is not None:
            yield CHECK["stale"].format(part=COMMAND[f"part_{part.name}"], why=COMMAND[f"why_{why}"])


def _sources(configuration: Configuration) -> Iterator[str]:
    from django.utils import timezone

    from knowledge.check import check_sources
    from knowledge.imported.shelf import Shelf

    yield from check_sources(today=timezone.localdate(), imported=Shelf(configuration.home).texts())


def _records(configuration: Configuration) -> Iterator[str]:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor
    from django.utils import timezone

    from bot.backups.standing import backup_problems

    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            yield CHECK["not_migrated"]
            return
    except (DatabaseError, ImproperlyConfigured) as error:
        yield CHECK["no_database"].format(kind=type(error).__name__)
        return
    yield from _people()
    yield from backup_problems(configuration.home, now=timezone.now())
    yield from duty_problems(today=timezone.localdate())
    yield from alarm_problems()


def _people() -> Iterator[str]:
    from handoff.approval import approval_of
    from handoff.kinds import CadreRole
    from handoff.models import Cadre, Hotline, Organisation

    if not Cadre.objects.exclude(role=CadreRole.OPERATOR).exists():
        yield CHECK["no_cadre"]
    unverified = Hotline.objects.filter(verified_on__isnull=True).values_list("number", flat=True)
    if unverified:
        yield CHECK["hotlines_unverified"].format(numbers="、".join(unverified))
    for union in Organisation.objects.all():
        if approval_of(union) is None:
            yield CHECK["words_are_drafts"].format(union=union.name)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
