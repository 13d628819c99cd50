"""`niangjia alarm end`: who is called at the last when nobody acknowledges an alarm."""

from __future__ import annotations

import argparse
import re

from bot.command.arguments import date_argument
from bot.command.errors import CommandError
from bot.command.loading import set_up
from bot.texts import COMMAND

HELP = COMMAND["help_alarm"]
_PHONE = re.compile(r"\+?[0-9][0-9 -]{1,28}[0-9]")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`end --name … --phone … [--mail …] --agreed-on DATE`."""
    actions = parser.add_subparsers(required=True, metavar="end")
    end = actions.add_parser("end", help=COMMAND["help_alarm_end"])
    end.add_argument("--name", required=True, help=COMMAND["help_end_name"])
    end.add_argument("--phone", required=True, help=COMMAND["help_end_phone"])
    end.add_argument("--mail", default="", help=COMMAND["help_end_mail"])
    end.add_argument("--agreed-on", required=True, type=date_argument, help=COMMAND["help_end_agreed_on"])


def run(options: argparse.Namespace) -> int:
    """Record the end of the chain."""
    set_up()
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.utils import timezone

    from bot.command.serve import prepare_database
    from handoff.chain_ends import Partner, record_chain_end

    partner = Partner(options.name.strip(), options.phone.strip(), options.mail.strip(), options.agreed_on)
    now = timezone.now()
    if not 1 <= len(partner.name) <= 60 or not _PHONE.fullmatch(partner.phone):
        raise CommandError(COMMAND["bad_end"])
    if partner.agreed_on > timezone.localdate(now):
        raise CommandError(COMMAND["end_in_future"])
    try:
        if partner.mail:
            validate_email(partner.mail)
    except ValidationError as error:
        raise CommandError(COMMAND["bad_end_mail"]) from error
    record_chain_end(prepare_database(settings.NIANGJIA), partner, cadre=None, now=now)
    print(COMMAND["end_recorded"].format(name=partner.name, phone=partner.phone))
    return 0
