"""`niangjia knowledge import`: files of law texts into the installation's knowledge base, whole or not at all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.command.errors import CommandError
from bot.command.knowledge_texts import KNOWLEDGE
from bot.command.loading import note, set_up

if TYPE_CHECKING:
    from bot.statutes import PresentStatutes
    from knowledge.imported.plan import Plan
    from knowledge.imported.reading import ReadFile

HELP = KNOWLEDGE["help_import"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE…, --dry-run, --replace, --no-build."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=KNOWLEDGE["help_files"])
    parser.add_argument("--dry-run", action="store_true", help=KNOWLEDGE["help_dry_run"])
    parser.add_argument("--replace", action="store_true", help=KNOWLEDGE["help_replace"])
    parser.add_argument("--no-build", action="store_true", help=KNOWLEDGE["help_no_build"])


def run(options: argparse.Namespace) -> int:
    """0 all of it is taken in or was there; 1 a part was not taken; 2 a file cannot be read, and nothing was done."""
    read = _read(options.files)
    set_up()
    from django.conf import settings

    from bot.statutes import open_statutes

    statutes = open_statutes(settings.NIANGJIA)
    plan = _planned(read, statutes, replace=options.replace)
    if options.dry_run:
        print(KNOWLEDGE["dry_run"])
    elif plan.changes:
        _take_in(plan, statutes, files=[file.name for file in read], build=not options.no_build)
    return _outcome(plan, read)


def _planned(read: Iterable[ReadFile], statutes: PresentStatutes, *, replace: bool) -> Plan:
    """Worked out and shown."""
    from django.utils import timezone

    from knowledge.imported.plan import make_plan
    from knowledge.imported.plan_words import plan_words

    today, texts = timezone.localdate(), [text for file in read for text in file.texts]
    plan = make_plan(texts, shipped=statutes.shipped, imported=statutes.imported, replace=replace, today=today)
    versions = statutes.with_texts(plan.taken).versions
    for line in [*_left_out(read), *plan_words(plan, versions=versions, today=today)]:
        print(line)
    return plan


def _take_in(plan: Plan, statutes: PresentStatutes, *, files: Sequence[str], build: bool) -> None:
    from django.conf import settings
    from django.utils import timezone

    from bot.statutes import import_texts

    if build:
        note(KNOWLEDGE["building"])
    made = import_texts(settings.NIANGJIA, statutes, plan.taken, files=files, now=timezone.now(), build=build)
    then = KNOWLEDGE["then_by_itself" if build else "then_build"]
    print(KNOWLEDGE["imported"].format(number=made.number, then=then))


def _read(paths: Iterable[Path]) -> list[ReadFile]:
    """Raises CommandError with a sentence for every file that cannot be read."""
    from knowledge.imported.reading import read_file
    from knowledge.imported.refusals import UnreadableFile

    read, refused = [], []
    for path in paths:
        try:
            read.append(read_file(path))
        except UnreadableFile as error:
            refused.append(str(error))
    if refused:
        raise CommandError("\n".join(refused))
    return read


def _left_out(read: Iterable[ReadFile]) -> list[str]:
    return [KNOWLEDGE["left_out"].format(name=file.name, why=why) for file in read for why in file.left_out]


def _outcome(plan: Plan, read: Iterable[ReadFile]) -> int:
    if any(file.left_out for file in read) or plan.refused or plan.unlike_imported or plan.unlike_shipped:
        print(KNOWLEDGE["not_all"], file=sys.stderr)
        return 1
    return 0
