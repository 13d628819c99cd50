"""`niangjia version`."""

from __future__ import annotations

import argparse
from importlib.metadata import version

from bot.texts import COMMAND

HELP = COMMAND["help_version"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(options: argparse.Namespace) -> int:
    """Print the version."""
    print(version("niangjia"))
    return 0
