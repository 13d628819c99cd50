"""`niangjia eval screening`: screening on labelled messages. Prints figures and names of rules, never a text."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.command.errors import CommandError
from bot.command.lines import read_rows
from bot.command.loading import loaded_desk, set_up
from bot.command.measuring import file_and_json, print_figures, with_progress
from bot.command.screening_figures import Judged, figures_of, table
from bot.texts import COMMAND

if TYPE_CHECKING:
    from handoff.screening.screener import Screener

HELP = COMMAND["help_eval_screening"]
MASKED = COMMAND["eval_masked_words"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --json and --mask."""
    file_and_json(parser, help_file=COMMAND["help_eval_file"])
    parser.add_argument("--mask", metavar="W,W", default=MASKED, help=COMMAND["help_mask"].format(words=MASKED))


def run(options: argparse.Namespace) -> int:
    """Screen every line, and print the figures."""
    rows = read_rows(options.file, "text", "label", "strength")
    if not rows:
        raise CommandError(COMMAND["eval_nothing"])
    set_up()
    screener = loaded_desk("screening").parts.need_screening()
    words = [word.strip() for word in options.mask.split(",") if word.strip()]
    judged = [
        _judged(screener, without(row["text"], words), label=row["label"], strength=row["strength"])
        for row in with_progress(rows)
    ]
    figures = figures_of(judged)
    print_figures(figures, table, as_json=options.json)
    return 0


def without(text: str, words: Sequence[str]) -> str:
    """The text with the words taken out, the longest first; a word put in their place might itself be a sign."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _judged(screener: Screener, text: str, *, label: str, strength: str) -> Judged:
    finding = screener.screen(text)
    return Judged(
        label=label,
        strength=strength,
        level=finding.level.value,
        layer=finding.layer.value,
        rules=finding.rules,
        score=finding.score,
        weight=finding.weight,
    )
