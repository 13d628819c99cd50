"""`niangjia backup`: records and originals in one archive while the desk runs; the keys apart; checking an archive."""

from __future__ import annotations

import argparse
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot.backups.refused import Refused
from bot.backups.texts import BACKUP
from bot.command.arguments import positive
from bot.command.errors import CommandError
from bot.command.loading import note, set_up
from bot.command.passphrase import ask_passphrase

if TYPE_CHECKING:
    from bot.backups.making import Made
    from bot.backups.manifest import Manifest

HELP = BACKUP["help_backup"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`[--to FOLDER] [--keep N]`, or `--keys FILE [--passphrase-file F]`, or `--verify FILE`."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--to", type=Path, metavar="FOLDER", help=BACKUP["help_to"])
    what.add_argument("--keys", type=Path, metavar="FILE", help=BACKUP["help_keys"])
    what.add_argument("--verify", type=Path, metavar="FILE", help=BACKUP["help_verify"])
    parser.add_argument("--keep", type=positive, metavar="N", help=BACKUP["help_keep"])
    parser.add_argument("--passphrase-file", type=Path, metavar="F", help=BACKUP["help_passphrase_file"])


def run(options: argparse.Namespace) -> int:
    """0 when it was done; a sentence and 1 otherwise."""
    signal.signal(signal.SIGTERM, _stopped)
    _check_home()
    set_up()
    try:
        if options.verify is not None:
            return _verify(options.verify.absolute())
        if options.keys is not None:
            return _keys(options.keys.absolute(), options.passphrase_file)
        return _archive(options.to, options.keep)
    except Refused as error:
        raise CommandError(str(error), exit_code=1) from error


def _stopped(*_: object) -> NoReturn:
    """What was begun is taken away on the way out."""
    raise SystemExit(143)


def _check_home() -> None:
    """A mistyped home must not become a new, empty installation that is then backed up."""
    from bot.home import own_home

    home = own_home()
    if not (home / "secrets").is_dir():
        raise CommandError(BACKUP["no_home"].format(home=home))


def _archive(folder: Path | None, keep: int | None) -> int:
    from django.conf import settings
    from django.db import DatabaseError
    from django.utils import timezone

    from bot.backups.making import make_backup
    from bot.backups.manifest import Contents
    from bot.backups.places import Places
    from bot.backups.standing import key_problem
    from handoff.models import Organisation

    try:
        empty = not Organisation.objects.exists()
    except DatabaseError as error:
        raise CommandError(BACKUP["no_database"].format(kind=type(error).__name__), exit_code=1) from error
    if empty:
        raise CommandError(BACKUP["no_records"], exit_code=1)
    home = settings.NIANGJIA.home
    target = folder.absolute() if folder is not None else Places(home).backups
    _tell(make_backup(target, contents=Contents.FULL, keep=keep, now=timezone.now()))
    problem = key_problem(home)
    if problem is not None:
        note(BACKUP[problem])
    return 0


def _tell(made: Made) -> None:
    print(BACKUP["made"].format(path=made.path, size=made.size / 1_000_000))
    if made.removed:
        print(BACKUP["removed"].format(count=made.removed))
    if made.missing:
        note(BACKUP["missing"].format(count=made.missing))


def _keys(target: Path, passphrase_file: Path | None) -> int:
    from django.conf import settings
    from django.utils import timezone

    from bot.backups.keys import back_up_keys

    passphrase = ask_passphrase(passphrase_file, twice=True)
    back_up_keys(settings.NIANGJIA.home, target, passphrase, now=timezone.now())
    print(BACKUP["keys_made"].format(path=target))
    return 0


def _verify(path: Path) -> int:
    from django.conf import settings

    from bot.backups.archive import POSTGRES, SQLITE, read_archive
    from bot.backups.dumps import check_copy
    from bot.backups.manifest import key_mark
    from bot.backups.refused import in_one_sentence

    with in_one_sentence(), tempfile.TemporaryDirectory(prefix="niangjia-") as folder:
        read = read_archive(path, into=Path(folder), only=(SQLITE, POSTGRES))
        for copy in Path(folder).glob("database.*"):
            check_copy(copy)
    ours = read.manifest.key == key_mark(settings.NIANGJIA_MASTER_KEY)
    if ours and not read.is_ours(settings.NIANGJIA_MASTER_KEY):
        raise Refused(BACKUP["forged"])
    print(_verified(path, read.manifest))
    print(BACKUP["verified_code" if ours else "verified_other"])
    return 0


def _verified(path: Path, manifest: Manifest) -> str:
    from django.utils import timezone

    at = timezone.localtime(manifest.made_at).strftime(BACKUP["at"])
    return BACKUP["verified"].format(path=path, at=at, program=manifest.program, count=len(manifest.members))
