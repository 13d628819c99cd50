"""`niangjia talk`: whole conversations from a file, each by a new worker, in a throw-away database."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.command.arguments import file_arguments
from bot.command.lines import STANDARD, map_lines
from bot.command.loading import loaded_desk, set_up
from bot.texts import COMMAND

if TYPE_CHECKING:
    from bot.composition import Desk
    from handoff.models import Organisation

HELP = COMMAND["help_talk"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--input and --output."""
    file_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Play the conversations and write JSON Lines."""
    set_up()
    from bot.command.throwaway import throwaway_database
    from handoff.first_run import ensure_union

    with throwaway_database():
        desk = loaded_desk()
        union = ensure_union(desk.configuration.union_name)
        try:
            map_lines(
                options.input or STANDARD,
                options.output,
                field="turns",
                of=list,
                work=lambda turns: {"replies": replies_to(desk, union, turns)},
            )
        finally:
            desk.parts.need_dialogue().close()
    return 0


def replies_to(desk: Desk, union: Organisation, turns: list[str]) -> list[list[str]]:
    """What a new worker hears after each of their turns."""
    from bot.command.conversation import LocalConversation

    conversation = LocalConversation(desk, union)
    replies = []
    for text in turns:
        conversation.write(text)
        replies.append([message.body for message in conversation.heard()])
    return replies
