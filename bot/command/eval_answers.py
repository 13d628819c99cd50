"""`niangjia eval answers`: whether answers state the facts that they must, and nothing that they must not."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.command.eval_texts import ANSWERS
from bot.command.lines import BadRow, text_of
from bot.command.loading import loaded_desk, set_up
from bot.command.measuring import file_and_json, id_of, labelled, print_figures, with_progress

if TYPE_CHECKING:
    from bot.command.answer_marking import Question

HELP = ANSWERS["help"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE and --json."""
    file_and_json(parser, help_file=ANSWERS["help_file"], optional=True)


def run(options: argparse.Namespace) -> int:
    """Ask every question, hold the answer against its facts, and print the figures."""
    from bot.command.answer_figures import figures_of, table
    from bot.command.answer_marking import Marker
    from knowledge import evaluation

    questions = labelled(options.file or str(evaluation.ANSWERS), question_of)
    set_up()
    from django.utils import timezone

    marker = Marker(loaded_desk("knowledge").parts.need_knowledge(), today=timezone.localdate())
    figures = figures_of([marker.mark(question) for question in with_progress(questions)])
    print_figures(figures, table, as_json=options.json)
    return 0


def question_of(row: Mapping[str, Any]) -> Question:
    """A line's object. Raises BadRow."""
    from bot.command.answer_marking import Facts, Question

    entry = text_of(row, "entry") if row.get("entry") is not None else None
    facts = Facts(_patterns(row, "must"), _patterns(row, "must_not"))
    return Question(id_of(row), text_of(row, "topic"), text_of(row, "question"), facts, entry)


def _patterns(row: Mapping[str, Any], field: str) -> tuple[re.Pattern[str], ...]:
    values = row.get(field)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadRow(ANSWERS["not_patterns"].format(field=field))
    try:
        return tuple(re.compile(value) for value in values)
    except re.error as error:
        raise BadRow(ANSWERS["not_patterns"].format(field=field)) from error
