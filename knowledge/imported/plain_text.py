"""Lines of plain and of Markdown text, without the marks of the format. Tables keep rows, cells parted by a bar."""

import re
from collections.abc import Iterator
from typing import Final

from knowledge.imported.texts import CELLS

_SPACE: Final = " \t\u3000\u00a0\f\ufeff\u200b"
_FENCE: Final = re.compile(r"-{3,}\s*")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG: Final = re.compile(r"</?(?:br|p|div|center|b|strong|em|i|u|span|sup|sub)\b[^<>]{0,200}>", re.IGNORECASE)
_MARKS: Final = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+)")
_BOLD: Final = re.compile(r"(\*\*|__)(.+?)\1")
_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|])")
_RULE: Final = re.compile(r"\|?[\s:|-]*-{2,}[\s:|-]*")


def text_lines(text: str) -> tuple[str, ...]:
    """Lines without the white space around them; empty ones are left out."""
    return tuple(stripped for line in text.split("\n") if (stripped := line.strip(_SPACE)))


def markdown_lines(text: str) -> tuple[str, ...]:
    lines = text_lines(_TAG.sub("\n", _COMMENT.sub("", text)))
    return tuple(line for line in _unmarked(lines) if line)


def _unmarked(lines: tuple[str, ...]) -> Iterator[str]:
    for line in lines:
        if _FENCE.fullmatch(line) or _RULE.fullmatch(line):
            continue
        if line.startswith("|") and line.endswith("|") and len(line) > 1:
            yield CELLS.join(_inline(cell) for cell in line[1:-1].split("|"))
        else:
            yield _inline(_MARKS.sub("", line, count=1))


def _inline(text: str) -> str:
    plain = _LINK.sub(r"\1", _BOLD.sub(r"\2", text))
    return _ESCAPE.sub(r"\1", plain).strip(_SPACE)
