"""`niangjia knowledge history`: every import, what came with it and what went."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.command.knowledge_texts import KNOWLEDGE
from bot.command.loading import set_up

if TYPE_CHECKING:
    from knowledge.imported.shelf import Import

HELP = KNOWLEDGE["help_history"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(options: argparse.Namespace) -> int:
    """Print the imports, the oldest first."""
    set_up()
    from django.conf import settings

    from knowledge.imported.shelf import Shelf

    imports = Shelf(settings.NIANGJIA.home).imports()
    if not imports:
        print(KNOWLEDGE["no_imports"])
    before: Import | None = None
    for made in imports:
        for line in _lines(made, before, newest=made is imports[-1]):
            print(line)
        before = made
    return 0


def _lines(made: Import, before: Import | None, *, newest: bool) -> Iterator[str]:
    from django.utils import timezone

    what = (
        KNOWLEDGE["history_files"].format(files="、".join(made.files))
        if made.back_to is None
        else KNOWLEDGE["history_back"].format(number=made.back_to)
    )
    yield KNOWLEDGE["history"].format(
        number=made.number,
        at=timezone.localtime(made.at).strftime("%Y-%m-%d %H:%M"),
        what=what,
        laws=len(made.held),
        articles=sum(held.articles for held in made.held),
        now=KNOWLEDGE["history_now"] if newest else "",
    )
    earlier = set(before.held) if before else set()
    for name, changed in (("history_added", set(made.held) - earlier), ("history_removed", earlier - set(made.held))):
        for held in sorted(changed, key=lambda one: (one.law, one.version_date)):
            yield KNOWLEDGE[name].format(law=held.law, day=held.version_date, count=held.articles)
