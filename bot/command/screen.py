"""`niangjia screen`: what screening says of each text in a file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from bot.command.arguments import file_arguments
from bot.command.lines import STANDARD, map_lines
from bot.command.loading import loaded_desk, set_up
from bot.texts import COMMAND

HELP = COMMAND["help_screen"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--input and --output."""
    file_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Screen and write JSON Lines."""
    set_up()
    screener = loaded_desk("screening").parts.need_screening()

    def work(text: str) -> Mapping[str, Any]:
        finding = screener.screen(text)
        categories = [category.value for category in finding.categories]
        return {"level": finding.level.value, "categories": categories, "score": round(finding.score, 4)}

    map_lines(options.input or STANDARD, options.output, field="text", of=str, work=work)
    return 0
