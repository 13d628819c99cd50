"""Arguments that several sub-commands take."""

from __future__ import annotations

import argparse
from datetime import date

from bot.command.lines import STANDARD
from bot.texts import COMMAND


def file_arguments(parser: argparse.ArgumentParser) -> None:
    """--input and --output, both JSON Lines; "-" (the default) for standard input and output."""
    parser.add_argument("--input", metavar="F", help=COMMAND["help_input"])
    parser.add_argument("--output", metavar="F", default=STANDARD, help=COMMAND["help_output"])


def positive(text: str) -> int:
    """A whole number from 1 to 100."""
    if not text.isdigit() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(COMMAND["not_a_number"].format(text=text))
    return int(text)


def date_argument(text: str) -> date:
    """A day as 2026-11-21."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(COMMAND["not_a_date"].format(text=text)) from error
