"""How a process that serves has its interpreter work."""

from __future__ import annotations

import gc
import sys
from typing import Final

# A thread that stands inside a transaction waits for the interpreter after each statement; whoever computes meanwhile
# would keep it for 5 ms each time, and all other writers with it.
_SWITCH_EVERY_S: Final = 0.001


def switch_often() -> None:
    """Between threads: a little slower in all, and none waits long."""
    sys.setswitchinterval(_SWITCH_EVERY_S)


def keep_what_is_loaded() -> None:
    """What is there now stays: garbage is not looked for in it again, which stopped all threads for 0.7 s at a time.

    To be called once more when another knowledge base has taken the place of one.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
