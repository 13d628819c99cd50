"""Two texts of one article or one law, compared as law: white space and forms of punctuation are no difference."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from knowledge.numerals import article_order

# Forms of one mark: half and full width, straight and curled.
_FORMS: Final = str.maketrans(
    {
        ":": "\uff1a",
        ",": "\uff0c",
        ";": "\uff1b",
        "(": "\uff08",
        ")": "\uff09",
        "\u201c": '"',
        "\u201d": '"',
        "?": "\uff1f",
        "!": "\uff01",
    }
)
_WHITE: Final = re.compile(r"[\s\u200b\u200c\u200d\ufeff\u00ad]")


def same_words(one: str, other: str) -> bool:
    """Whether two editions of an article say the same, letter for letter."""
    return one == other or _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return _WHITE.sub("", text.translate(_FORMS))


@dataclass(frozen=True)
class Difference:
    """Article numbers of a later text against an earlier one, in their order."""

    changed: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]


def difference(earlier: Mapping[str, str], later: Mapping[str, str]) -> Difference:
    """Texts by article number."""
    both = earlier.keys() & later.keys()
    changed = (number for number in both if not same_words(earlier[number], later[number]))
    return Difference(
        tuple(sorted(changed, key=article_order)),
        tuple(sorted(later.keys() - earlier.keys(), key=article_order)),
        tuple(sorted(earlier.keys() - later.keys(), key=article_order)),
    )
