"""`niangjia build`: builds what is stale, and says what and why."""

from __future__ import annotations

import argparse
import time

from bot.command.loading import note, set_up
from bot.texts import COMMAND

HELP = COMMAND["help_build"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(options: argparse.Namespace) -> int:
    """Build every stale part."""
    set_up()
    build_stale()
    return 0


def build_stale() -> None:
    """Build the parts whose inputs changed; quick when none did."""
    from django.conf import settings

    from bot.buildable import buildable_parts
    from bot.builds import build_part, is_stale

    configuration = settings.NIANGJIA
    for part in buildable_parts(configuration).values():
        name = COMMAND[f"part_{part.name}"]
        why = is_stale(part, configuration.build_dir)
        if why is None:
            note(COMMAND["up_to_date"].format(part=name))
            continue
        note(COMMAND["building"].format(part=name, why=COMMAND[f"why_{why}"]))
        began = time.monotonic()
        build_part(part, configuration.build_dir)
        note(COMMAND["built"].format(part=name, seconds=time.monotonic() - began))
