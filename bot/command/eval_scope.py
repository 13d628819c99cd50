"""`niangjia eval scope`: strangers' questions are to be turned away kindly, our own are not, through the whole desk."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from bot.command.errors import CommandError
from bot.command.eval_texts import SCOPE
from bot.command.lines import BadRow, read_each, text_of
from bot.command.loading import loaded_desk, set_up
from bot.command.scope_figures import Dealt, figures_of, table
from bot.texts import COMMAND

if TYPE_CHECKING:
    from bot.composition import Desk
    from handoff.models import Organisation

HELP = SCOPE["help"]


@dataclass(frozen=True)
class Sentence:
    """One line of the file. `ours`: whether it is of the desk's subject."""

    id: Any
    text: str
    topic: str
    ours: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE and --json."""
    parser.add_argument("file", metavar="FILE", nargs="?", help=SCOPE["help_file"])
    parser.add_argument("--json", action="store_true", help=COMMAND["help_json"])


def run(options: argparse.Namespace) -> int:
    """Say every sentence as a new worker, and print the figures."""
    from knowledge import evaluation

    sentences = read_each(options.file or str(evaluation.SCOPE), sentence_of)
    if not sentences:
        raise CommandError(COMMAND["eval_nothing"])
    set_up()
    from bot.command.throwaway import throwaway_database
    from handoff.first_run import ensure_union

    with throwaway_database():
        desk = loaded_desk()
        union = ensure_union(desk.configuration.union_name)
        try:
            bar = tqdm(sentences, file=sys.stderr, disable=len(sentences) < 20, unit=COMMAND["line_unit"])
            figures = figures_of([dealt_with(desk, union, sentence) for sentence in bar])
        finally:
            desk.parts.need_dialogue().close()
    print(json.dumps(figures, ensure_ascii=False, indent=1) if options.json else table(figures))
    return 0


def sentence_of(row: Mapping[str, Any]) -> Sentence:
    """A line's object. Raises BadRow."""
    if "id" not in row:
        raise BadRow(COMMAND["no_field"].format(field="id"))
    if not isinstance(row.get("ours"), bool):
        raise BadRow(SCOPE["not_ours"])
    return Sentence(row["id"], text_of(row, "question"), text_of(row, "topic"), row["ours"])


def dealt_with(desk: Desk, union: Organisation, sentence: Sentence) -> Dealt:
    """What the desk made of it in a talk that begins with it."""
    from bot.command.conversation import LocalConversation
    from bot.command.manners import manner_of

    conversation = LocalConversation(desk, union)
    conversation.write(sentence.text)
    said = [message.body for message in conversation.heard()]
    manner = manner_of(said, conversation.actions_of_last_turn())
    return Dealt(sentence.id, sentence.text, sentence.topic, ours=sentence.ours, manner=manner)
