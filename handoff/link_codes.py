"""One-time codes for joining a second channel: how one is made, how it is read from what somebody typed.

30 signs to the power of 8: about 6.5 * 10**11 codes, of which a handful live at a time, each for ten minutes.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Final

from handoff.desk_texts import DESK
from handoff.installation import keyed_hash
from handoff.link_texts import PHRASES

# Without 0, O, 1, I, L and U: whoever copies by hand cannot take one for another.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 8
# The name of the words that carry a code: what cadres see of them goes through `without_code`.
CODE_WORDS: Final = "link_code"
HALF: Final = LENGTH // 2
_GAPS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212_.]+")
_PARTED: Final = re.compile(r"[0-9A-Z]{4}[\s\-\u2010-\u2015\u2212_.]+[0-9A-Z]{4}")
_SHOWN: Final = re.compile(rf"\b[{ALPHABET}]{{{HALF}}}-[{ALPHABET}]{{{HALF}}}\b")


def new_code() -> str:
    """A code as people read it: «K7MH-2Q9X», with a letter and a digit at least, so that no telephone number is one."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if _is_mixed(code):
            return f"{code[:HALF]}-{code[HALF:]}"


def code_in(text: str) -> str | None:
    """What was typed where it has a code's shape, as it is hashed; None for all other texts.

    Small letters, full-width ones, blanks, hyphens and «接续码：» before it are forgiven. With a gap in the middle any
    eight letters and digits have the shape, so that a misread sign is told to be wrong and not taken for talk.
    """
    plain = unicodedata.normalize("NFKC", text).strip(f"{DESK['marks']}[]()").upper()
    for lead in PHRASES["lead"].split("|"):
        plain = plain.removeprefix(lead)
    plain = plain.strip(f"{DESK['marks']}:")
    bare = _GAPS.sub("", plain)
    if len(bare) != LENGTH or not _is_mixed(bare):
        return None
    return bare if set(bare) <= set(ALPHABET) or _PARTED.fullmatch(plain) else None


def hash_of(code: str) -> str:
    """What is stored of a code: 64 hex digits, worth nothing without the installation's key."""
    return keyed_hash("link code", _GAPS.sub("", code))


def without_code(text: str) -> str:
    """The words that carried a code, for eyes other than the worker's."""
    return _SHOWN.sub(PHRASES["masked"], text)


def _is_mixed(code: str) -> bool:
    """Letters and digits of ASCII, both."""
    return code.isascii() and code.isalnum() and not code.isdigit() and not code.isalpha()
