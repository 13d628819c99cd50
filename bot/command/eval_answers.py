"""`niangjia eval answers`: whether answers state the facts that they must, and nothing that they must not."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from typing import Any

from tqdm import tqdm

from bot.command.answer_figures import figures_of, table
from bot.command.answer_marking import Facts, Marker, Question
from bot.command.errors import CommandError
from bot.command.eval_texts import ANSWERS
from bot.command.lines import BadRow, read_each, text_of
from bot.command.loading import loaded_desk, set_up
from bot.texts import COMMAND

HELP = ANSWERS["help"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE and --json."""
    parser.add_argument("file", metavar="FILE", nargs="?", help=ANSWERS["help_file"])
    parser.add_argument("--json", action="store_true", help=COMMAND["help_json"])


def run(options: argparse.Namespace) -> int:
    """Ask every question, hold the answer against its facts, and print the figures."""
    from knowledge import evaluation

    questions = read_each(options.file or str(evaluation.ANSWERS), question_of)
    if not questions:
        raise CommandError(COMMAND["eval_nothing"])
    set_up()
    from django.utils import timezone

    marker = Marker(loaded_desk("knowledge").parts.need_knowledge(), today=timezone.localdate())
    bar = tqdm(questions, file=sys.stderr, disable=len(questions) < 20, unit=COMMAND["line_unit"])
    figures = figures_of([marker.mark(question) for question in bar])
    print(json.dumps(figures, ensure_ascii=False, indent=1) if options.json else table(figures))
    return 0


def question_of(row: Mapping[str, Any]) -> Question:
    """A line's object. Raises BadRow."""
    if "id" not in row:
        raise BadRow(COMMAND["no_field"].format(field="id"))
    entry = text_of(row, "entry") if row.get("entry") is not None else None
    facts = Facts(_patterns(row, "must"), _patterns(row, "must_not"))
    return Question(row["id"], text_of(row, "topic"), text_of(row, "question"), facts, entry)


def _patterns(row: Mapping[str, Any], field: str) -> tuple[re.Pattern[str], ...]:
    values = row.get(field)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadRow(ANSWERS["not_patterns"].format(field=field))
    try:
        return tuple(re.compile(value) for value in values)
    except re.error as error:
        raise BadRow(ANSWERS["not_patterns"].format(field=field)) from error
