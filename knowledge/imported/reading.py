"""A file that an operator names → the law texts in it, and what of it was left out."""

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.imported.decoding import decode
from knowledge.imported.json_lines import read_json_lines
from knowledge.imported.law_text import LawText
from knowledge.imported.outline import read_outline
from knowledge.imported.plain_text import markdown_lines, text_lines
from knowledge.imported.refusals import UnreadableFile
from knowledge.imported.word_document import document_lines

MOST_MEGABYTES: Final = 64
_OLD_WORD: Final = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True)
class ReadFile:
    """``left_out``: one sentence for each line or law that was not taken."""

    name: str
    texts: tuple[LawText, ...]
    left_out: tuple[str, ...]


def read_file(path: Path) -> ReadFile:
    """Raises UnreadableFile with one sentence; the file itself is never changed."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile("kind", name=path.name)
    return reader(_bytes(path), path.name)


def _bytes(path: Path) -> bytes:
    """At most MOST_MEGABYTES of a regular file: no pipe, no device, however it calls itself."""
    most = MOST_MEGABYTES * 1024 * 1024
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFile("kind", name=path.name)
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        raise UnreadableFile("no_file", name=path.name, why=error.strerror) from error
    if len(raw) > most:
        raise UnreadableFile("large", name=path.name, megabytes=MOST_MEGABYTES)
    if not raw.strip():
        raise UnreadableFile("empty", name=path.name)
    return raw


def _json_lines(raw: bytes, name: str) -> ReadFile:
    texts, left_out = read_json_lines(decode(raw, name=name), name=name)
    return ReadFile(name, texts, left_out)


def _word(raw: bytes, name: str) -> ReadFile:
    if raw.startswith(_OLD_WORD):
        raise UnreadableFile("old_word", name=name)
    document = document_lines(raw, name=name)
    return ReadFile(name, (read_outline(document.lines, name=name, numbered=document.numbered),), ())


def _text(raw: bytes, name: str) -> ReadFile:
    return ReadFile(name, (read_outline(text_lines(decode(raw, name=name)), name=name),), ())


def _markdown(raw: bytes, name: str) -> ReadFile:
    return ReadFile(name, (read_outline(markdown_lines(decode(raw, name=name)), name=name),), ())


_READERS: Final[Mapping[str, Callable[[bytes, str], ReadFile]]] = {
    ".jsonl": _json_lines,
    ".docx": _word,
    ".txt": _text,
    ".md": _markdown,
}
