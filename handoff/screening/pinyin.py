"""Latin letters that are pinyin, told apart from the middle of an English word or a code."""

from __future__ import annotations

import re
from array import array

_LATIN_RUN = re.compile("[a-z]+")
_INITIALS = ("", *"bpmfdtnlgkhjqxrzcsyw", "zh", "ch", "sh")
_FINALS = tuple(
    "iang iong uang ang eng ing ong iao ian uai uan ai ei ao ou an en in un ia ie iu ua uo ui ue er a e i o u v".split()  # noqa: SIM905
)
_SYLLABLES = frozenset(initial + final for initial in _INITIALS for final in _FINALS)
_LONGEST = max(map(len, _SYLLABLES))


def is_pinyin(letters: str) -> bool:
    """Whether letters can be cut into syllables (generously: any initial with any final). Linear."""
    reached = bytearray(len(letters) + 1)
    reached[0] = 1
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST), end):
            if reached[start] and letters[start:end] in _SYLLABLES:
                reached[end] = 1
                break
    return bool(reached[-1])


def pinyin_marks(text: str, starts: array[int], ends: array[int]) -> bytes:
    """For each character 1 where it stands in a written word of Latin letters that is pinyin, else 0.

    A written word is a run of letters with nothing, not even a space, between them in the source: `starts` and `ends`
    bound the piece of the source that each character came from.
    """
    marks = bytearray(len(text))
    for run in _LATIN_RUN.finditer(text):
        begin = run.start()
        for at in range(run.start(), run.end()):
            if at + 1 == run.end() or ends[at] != starts[at + 1]:
                if is_pinyin(text[begin : at + 1]):
                    marks[begin : at + 1] = b"\x01" * (at + 1 - begin)
                begin = at + 1
    return bytes(marks)
