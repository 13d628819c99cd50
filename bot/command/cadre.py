"""`niangjia cadre add`: accounts for the console."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.command.errors import CommandError
from bot.command.loading import set_up
from bot.texts import COMMAND

if TYPE_CHECKING:
    from handoff.first_run import Duties

HELP = COMMAND["help_cadre"]
_ROLES = ("cadre", "duty_lead", "supervisor", "operator")
_DEPARTMENTS = ("rights", "safety", "women", "legal", "care", "discipline", "organising", "general")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`add NAME [--display-name …] [--role …] [--department …] [--reads-crisis] [--woman] [--mail …]`."""
    actions = parser.add_subparsers(required=True, metavar="add")
    add = actions.add_parser("add", help=COMMAND["help_cadre_add"])
    add.add_argument("name", help=COMMAND["help_cadre_name"])
    add.add_argument("--display-name", default="", help=COMMAND["help_display_name"])
    add.add_argument("--role", choices=_ROLES, default="cadre", help=COMMAND["help_role"])
    add.add_argument("--department", choices=_DEPARTMENTS, default=None, help=COMMAND["help_department"])
    add.add_argument("--reads-crisis", action="store_true", help=COMMAND["help_reads_crisis"])
    add.add_argument("--woman", action="store_true", help=COMMAND["help_woman"])
    add.add_argument("--mail", default="", help=COMMAND["help_mail"])


def run(options: argparse.Namespace) -> int:
    """Add the account and print its password once."""
    set_up()
    from django.conf import settings
    from django.contrib.auth.validators import UnicodeUsernameValidator
    from django.core.exceptions import ValidationError

    from bot.command.serve import prepare_database
    from handoff.first_run import NameTaken, add_cadre
    from handoff.kinds import CadreRole

    name, duties = options.name.strip(), _duties(options)
    try:
        UnicodeUsernameValidator()(name)
        union = prepare_database(settings.NIANGJIA)
        display_name = options.display_name.strip()[:40] or name[:40]
        account = add_cadre(union, name, display_name=display_name, role=CadreRole(options.role), duties=duties)
    except ValidationError as error:
        raise CommandError(COMMAND["bad_name"]) from error
    except NameTaken as error:
        raise CommandError(COMMAND["name_taken"].format(name=error)) from error
    print(COMMAND["account_added"].format(username=account.username, password=account.password))
    return 0


def _duties(options: argparse.Namespace) -> Duties:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from handoff.first_run import Duties
    from handoff.kinds import DepartmentKind

    mail = options.mail.strip()
    try:
        if mail:
            validate_email(mail)
    except ValidationError as error:
        raise CommandError(COMMAND["bad_mail"].format(mail=mail)) from error
    department = DepartmentKind(options.department) if options.department else None
    return Duties(department, reads_crisis=options.reads_crisis, is_woman=options.woman, mail=mail)
