"""Bytes of a text file → text, whatever a Chinese office saved it as. Bytes that fit nothing are refused."""

import codecs
import unicodedata
from typing import Final

from knowledge.imported.refusals import UnreadableFile

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LINE_CHARACTERS: Final = frozenset("\t\n\r\f")
# GB 2312 has its 3,755 common ideographs first, by these lead bytes; garbled bytes fall mostly on the others.
_COMMON: Final = range(0xB0, 0xD8)
_FEWEST_COMMON: Final = 0.8


def decode(raw: bytes, *, name: str) -> str:
    """UTF-8 (with a mark or without), UTF-16 with a mark, GB 18030. Raises UnreadableFile."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _checked(_decoded(raw[len(mark) :], encoding), name)
    text = _decoded(raw, "utf-8")
    if text is None:
        text = _decoded(raw, "gb18030")
        if text is not None and not _looks_chinese(text):
            text = None
    return _checked(text, name)


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _checked(text: str | None, name: str) -> str:
    if text is None or any(foreign(character) for character in set(text)):
        raise UnreadableFile("encoding", name=name)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def foreign(character: str) -> bool:
    """Control, private, unassigned: no law is written with them."""
    return character not in _LINE_CHARACTERS and unicodedata.category(character) in {"Cc", "Co", "Cn", "Cs"}


def _looks_chinese(text: str) -> bool:
    letters = [character for character in text if ord(character) > 0x7F and character.isalpha()]
    common = sum(character.encode("gb2312", "replace")[0] in _COMMON for character in letters)
    return bool(letters) and common >= _FEWEST_COMMON * len(letters)
