"""The passphrase of the keys' backup: asked on the terminal, or read from a file for what runs by itself."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from bot.backups.texts import BACKUP
from bot.command.errors import CommandError


def ask_passphrase(path: Path | None, *, twice: bool = False) -> str:
    """Never on the command line, where every user of the machine could read it. Raises CommandError."""
    if path is not None:
        return _first_line(path)
    if not sys.stdin.isatty():
        raise CommandError(BACKUP["nowhere_to_ask"])
    passphrase = getpass.getpass(BACKUP["ask_passphrase"])
    if twice and getpass.getpass(BACKUP["ask_again"]) != passphrase:
        raise CommandError(BACKUP["not_the_same"])
    return passphrase


def _first_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(BACKUP["no_passphrase"].format(path=path)) from error
    if not lines or not lines[0]:
        raise CommandError(BACKUP["no_passphrase"].format(path=path))
    return lines[0]
