"""One spelling for what people type in several: Traditional characters, full-width letters and digits, odd spaces."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

COMMAND_SIGN: Final = "/"
WIDE_COMMAND_SIGN: Final = "\uff0f"
_FIRST_WIDE, _LAST_WIDE = 0xFF01, 0xFF5E
_WIDE_OFFSET: Final = 0xFEE0

# The wide slash stays wide: a narrow one at the start of a text is a command to Rasa.
_NARROW: Final = {
    **{code: chr(code - _WIDE_OFFSET) for code in range(_FIRST_WIDE, _LAST_WIDE + 1)},
    0x3000: " ",
    0x00A0: " ",
    ord("\t"): " ",
    ord(WIDE_COMMAND_SIGN): WIDE_COMMAND_SIGN,
}


def without_command(text: str) -> str:
    """The text with a leading command sign made harmless: a person's `/restart` is three words, not an order."""
    bare = text.lstrip()
    if not bare.startswith(COMMAND_SIGN):
        return text
    return WIDE_COMMAND_SIGN + bare[1:]


def plain(text: str) -> str:
    """Simplified, half-width, lower case. As long as the text given, so places in it stay right."""
    narrow = text.translate(_NARROW)
    simplified = _simplifier().convert(narrow)
    if len(simplified) != len(narrow):
        simplified = "".join(_one_for_one(character) for character in narrow)
    return "".join(_lower(character) for character in simplified)


def _one_for_one(character: str) -> str:
    converted: str = _simplifier().convert(character)
    return converted if len(converted) == 1 else character


def _lower(character: str) -> str:
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


@lru_cache(maxsize=1)
def _simplifier():  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC("t2s")
