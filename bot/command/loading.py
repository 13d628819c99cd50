"""What the sub-commands share: Django set up, parts built and loaded."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bot.command.errors import CommandError
from bot.texts import COMMAND

if TYPE_CHECKING:
    from bot.composition import Desk


def set_up() -> None:
    """Read the configuration and set Django up. Raises ConfigurationError."""
    import django

    os.umask(0o077)  # what the program writes is for its own user
    django.setup()


def composed_desk() -> Desk:
    """The desk of this process, with nothing loaded. Call `set_up` first."""
    from bot.composition import desk

    return desk()


def note(sentence: str) -> None:
    """Progress for the person who waits, on standard error."""
    print(sentence, file=sys.stderr, flush=True)


def loaded_desk(*parts: str) -> Desk:
    """The desk with the named parts loaded (all when none is named). Raises CommandError when one is not built."""
    from bot.buildable import other_encoder
    from bot.builds import PartMissing

    desk = composed_desk()
    loaders = desk.loaders()
    try:
        desk.parts.load({name: loaders[name] for name in parts or loaders})
    except PartMissing as error:
        if (refusal := other_encoder(desk.configuration)) is not None:
            raise CommandError(str(refusal), exit_code=1) from error
        raise CommandError(COMMAND["not_built"].format(part=COMMAND[f"part_{error}"]), exit_code=1) from error
    return desk
