"""`niangjia eval scope`: strangers' questions are to be turned away kindly, our own are not, through the whole desk."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.command.eval_texts import SCOPE
from bot.command.lines import BadRow, text_of
from bot.command.loading import loaded_desk, set_up
from bot.command.measuring import file_and_json, id_of, labelled, print_figures, with_progress
from bot.command.scope_figures import Dealt, figures_of, table

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
    file_and_json(parser, help_file=SCOPE["help_file"], optional=True)


def run(options: argparse.Namespace) -> int:
    """Say every sentence as a new worker, and print the figures."""
    from knowledge import evaluation

    sentences = labelled(options.file or str(evaluation.SCOPE), sentence_of)
    set_up()
    from bot.command.throwaway import throwaway_database
    from handoff.first_run import ensure_union

    with throwaway_database():
        desk = loaded_desk()
        union = ensure_union(desk.configuration.union_name)
        try:
            figures = figures_of([dealt_with(desk, union, sentence) for sentence in with_progress(sentences)])
        finally:
            desk.parts.need_dialogue().close()
    print_figures(figures, table, as_json=options.json)
    return 0


def sentence_of(row: Mapping[str, Any]) -> Sentence:
    """A line's object. Raises BadRow."""
    if not isinstance(row.get("ours"), bool):
        raise BadRow(SCOPE["not_ours"])
    return Sentence(id_of(row), text_of(row, "question"), text_of(row, "topic"), row["ours"])


def dealt_with(desk: Desk, union: Organisation, sentence: Sentence) -> Dealt:
    """What the desk made of it in a talk that begins with it."""
    from bot.command.conversation import LocalConversation
    from bot.command.manners import manner_of

    conversation = LocalConversation(desk, union)
    conversation.write(sentence.text)
    said = [message.body for message in conversation.heard()]
    manner = manner_of(said, conversation.actions_of_last_turn())
    return Dealt(sentence.id, sentence.text, sentence.topic, ours=sentence.ours, manner=manner)
