"""`niangjia restore`: a home from an archive and the keys, laid out and checked before anything is touched."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.backups.refused import Refused, in_one_sentence
from bot.backups.texts import BACKUP
from bot.command.errors import CommandError
from bot.command.loading import set_up
from bot.command.passphrase import ask_passphrase

if TYPE_CHECKING:
    from bot.backups.afterwards import Aftermath
    from bot.backups.restoring import Restored
    from bot.backups.staging import Plan

HELP = BACKUP["help_restore"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`FILE [--keys FILE [--passphrase-file F]] [--into HOME] [--replace]`."""
    parser.add_argument("file", type=Path, metavar="FILE", help=BACKUP["help_file"])
    parser.add_argument("--keys", type=Path, metavar="FILE", help=BACKUP["help_restore_keys"])
    parser.add_argument("--passphrase-file", type=Path, metavar="F", help=BACKUP["help_passphrase_file"])
    parser.add_argument("--into", type=Path, metavar="HOME", help=BACKUP["help_into"])
    parser.add_argument("--replace", action="store_true", help=BACKUP["help_replace"])


def run(options: argparse.Namespace) -> int:
    """0 when everything stands; a sentence and 1 otherwise, and then nothing has changed."""
    from bot.backups.locks import desk_rests, one_at_a_time
    from bot.home import own_home

    home = options.into.absolute() if options.into is not None else own_home()
    try:
        with in_one_sentence():
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            with desk_rests(home), one_at_a_time(home):
                restored = _restore(_plan(options, home))
    except Refused as error:
        raise CommandError(str(error), exit_code=1) from error
    print("\n".join(_lines(restored, home)))
    return 0


def _plan(options: argparse.Namespace, home: Path) -> Plan:
    from bot.backups.dumps import is_unused
    from bot.backups.keys import read_keys
    from bot.backups.places import Places
    from bot.backups.staging import Plan

    places = Places(home)
    replace = options.replace or places.unfinished.exists()
    if not is_unused(places.database) and not replace:
        raise Refused(BACKUP["not_empty"].format(home=home))
    keys = None
    if options.keys is not None:
        keys = read_keys(options.keys.absolute(), ask_passphrase(options.passphrase_file))
    return Plan(options.file.absolute(), home, keys, replace)


def _restore(plan: Plan) -> Restored:
    from bot.backups.staging import stage
    from bot.home import move_home

    staged = stage(plan)
    try:
        move_home(staged.folder)
        set_up()
        from django.db import DatabaseError
        from django.utils import timezone

        from bot.backups.restoring import restore

        try:
            return restore(plan, staged, now=timezone.now())
        except DatabaseError as error:
            raise Refused(BACKUP["database_fault"].format(why=type(error).__name__)) from error
    finally:
        shutil.rmtree(staged.folder, ignore_errors=True)


def _lines(restored: Restored, home: Path) -> Iterator[str]:
    """What the operator must know and pass on."""
    from django.utils import timezone

    from bot.backups.manifest import Contents
    from bot.backups.places import Places

    manifest = restored.manifest
    since, until = (timezone.localtime(at).strftime(BACKUP["at"]) for at in (manifest.made_at, restored.at))
    yield BACKUP["restored"].format(home=home)
    yield BACKUP["span"].format(since=since, until=until)
    if manifest.contents is Contents.RECORDS:
        yield BACKUP["records_only"]
    if manifest.missing:
        yield BACKUP["originals_missing"].format(count=manifest.missing)
    yield from _aftermath(restored.aftermath)
    if restored.settings_beside is not None:
        yield BACKUP["settings_kept"].format(path=restored.settings_beside)
    elif not Places(home).settings_file.exists():
        yield BACKUP["no_settings"]
    if restored.aside is not None:
        yield BACKUP["set_aside"].format(folder=restored.aside)
    yield BACKUP["then"]


def _aftermath(found: Aftermath) -> Iterator[str]:
    if found.erased:
        yield BACKUP["erased_again"].format(count=found.erased)
    if found.unsure:
        yield BACKUP["unsure"].format(count=found.unsure, talks=_listed(found.unsure_talks))
    if found.unanswered:
        yield BACKUP["unanswered"].format(count=found.unanswered, talks=_listed(found.unanswered_talks))
    if found.alarms:
        yield BACKUP["alarms"].format(count=len(found.alarms), talks=_listed(found.alarms))
        yield BACKUP["alarms_go_on" if found.alarms_go_on else "alarms_rest"]
    if found.calls:
        yield BACKUP["calls"].format(count=found.calls)
    if found.alerts:
        yield BACKUP["alerts_cancelled"].format(count=found.alerts)


def _listed(talks: tuple[str, ...]) -> str:
    return BACKUP["comma"].join(talks)
