"""`niangjia knowledge check`: whether everything that the desk cites and answers is true and fits together."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.command.knowledge_texts import KNOWLEDGE
from bot.command.loading import set_up

if TYPE_CHECKING:
    from bot.configuration import Configuration
    from knowledge.build import Sources

HELP = KNOWLEDGE["help_check"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--sources-only."""
    parser.add_argument("--sources-only", action="store_true", help=KNOWLEDGE["help_sources_only"])


def run(options: argparse.Namespace) -> int:
    """Print every problem; 0 when there is none, 1 otherwise."""
    set_up()
    from django.conf import settings
    from django.utils import timezone

    from knowledge import build
    from knowledge.check import check_loaded
    from knowledge.errors import SourceProblems
    from knowledge.imported.shelf import Shelf

    configuration, today = settings.NIANGJIA, timezone.localdate()
    try:
        sources = build.load_sources(build.SOURCES, imported=Shelf(configuration.home).texts())
    except SourceProblems as error:
        return _told(error.problems)
    problems = check_loaded(sources, today=today)
    if not options.sources_only:
        problems += _of_what_is_built(configuration, sources, today=today)
    if problems:
        return _told(problems)
    print(KNOWLEDGE["check_fine"].format(entries=len(sources.entries), articles=len(sources.articles)))
    return 0


def _told(problems: Sequence[str]) -> int:
    for problem in problems:
        print(f"- {problem}")
    print(KNOWLEDGE["check_some"].format(count=len(problems)))
    return 1


def _of_what_is_built(configuration: Configuration, sources: Sources, *, today: date) -> Iterator[str]:
    from bot.buildable import encoder_of
    from knowledge.check import check_artifact, check_near_duplicates

    yield from check_near_duplicates(sources.entries, encoder_of(configuration))
    folder = _built(configuration)
    if folder is None:
        yield KNOWLEDGE["check_not_built"]
    else:
        yield from check_artifact(folder, sources, today=today)


def _built(configuration: Configuration) -> Path | None:
    from bot.buildable import buildable_parts
    from bot.builds import PartMissing, folder_of

    try:
        return folder_of(buildable_parts(configuration)["knowledge"], configuration.build_dir)
    except PartMissing:
        return None
