"""`niangjia knowledge rollback`: an earlier state of the imported statutes holds again; nothing is thrown away."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.command.knowledge_texts import KNOWLEDGE
from bot.command.loading import note, set_up

if TYPE_CHECKING:
    from knowledge.imported.shelf import Shelf

HELP = KNOWLEDGE["help_rollback"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """[NUMBER], --no-build."""
    parser.add_argument("number", nargs="?", type=int, metavar="N", help=KNOWLEDGE["help_number"])
    parser.add_argument("--no-build", action="store_true", help=KNOWLEDGE["help_no_build"])


def run(options: argparse.Namespace) -> int:
    """Go back. 1 when there is no such import."""
    set_up()
    from django.conf import settings
    from django.utils import timezone

    from bot.statutes import go_back
    from knowledge.imported.shelf import Shelf

    shelf = Shelf(settings.NIANGJIA.home)
    numbers = shelf.numbers()
    number = options.number if options.number is not None else max((numbers[-1] if numbers else 0) - 1, 0)
    target = shelf.state(number)
    if sorted(target.marks) == _marks_now(shelf):
        print(KNOWLEDGE["already_there"])
        return 0
    if not options.no_build:
        note(KNOWLEDGE["building"])
    made = go_back(settings.NIANGJIA, shelf, to=target, now=timezone.now(), build=not options.no_build)
    then = KNOWLEDGE["then_build" if options.no_build else "then_by_itself"]
    print(KNOWLEDGE["rolled_back"].format(back_to=number, number=made.number, then=then))
    return 0


def _marks_now(shelf: Shelf) -> list[str] | None:
    """None when the state that holds cannot be read, which is why somebody goes back."""
    from knowledge.imported.shelf import ShelfBroken

    try:
        return sorted(shelf.marks())
    except ShelfBroken:
        return None
