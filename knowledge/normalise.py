"""What people type → what is searched: width, Traditional characters, control characters, length.

Homophones and typos are not corrected here; the character and sound indexes forgive them.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opencc import OpenCC

LONGEST_QUESTION: Final = 600
_SPACE = re.compile(r"\s+")
_REPEATED = re.compile(r"(.)\1{3,}")


@cache
def _simplifier() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("t2s")


def _printable(character: str) -> bool:
    """Letters, digits, punctuation and spaces; not controls, emoji, private or unassigned characters."""
    return unicodedata.category(character)[0] not in "CS" or character in "+=%$<>~|"


@lru_cache(1024)
def normalise(text: str) -> str:
    """One line of Simplified, half-width-ASCII text of at most LONGEST_QUESTION characters; may be empty.

    A long message keeps its beginning and its end: people ask at one of the two.
    """
    if len(text) > 4 * LONGEST_QUESTION:
        text = text[: 2 * LONGEST_QUESTION] + " " + text[-2 * LONGEST_QUESTION :]
    folded = unicodedata.normalize("NFKC", text)
    spaced = "".join(" " if character.isspace() or character == "\0" else character for character in folded)
    kept = "".join(character for character in spaced if character == " " or _printable(character))
    simple = _simplifier().convert(_REPEATED.sub(r"\1\1\1", kept))
    line = _SPACE.sub(" ", simple).strip()
    if len(line) <= LONGEST_QUESTION:
        return line
    return f"{line[: LONGEST_QUESTION * 2 // 3]} {line[-LONGEST_QUESTION // 3 + 1 :]}"
