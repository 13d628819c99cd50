"""Whether a question is about work under another country's law, which this desk does not know.

Whom a firm of ours sent abroad, and who works here for a foreign firm or is a foreigner, is under our law: such a
question goes on to the knowledge base. So does all about Hong Kong, Macao and Taiwan, whose people work here too.
"""

import re
from typing import Final

from knowledge import texts
from knowledge.tokens import every_word

_PLACES: Final = frozenset(texts.ABROAD_PLACES.split())
_FOREIGNERS: Final = tuple(texts.FOREIGNERS.split())
_OURS: Final = re.compile("|".join(texts.ABROAD_AND_OURS.split()))


def is_abroad(line: str) -> bool:
    """Whether the normalised question names another country and nothing that puts the matter under our law."""
    present = [place for place in _PLACES if place in line]
    if not present:
        return False
    said = every_word(line)  # not in the middle of others: 依法国有企业, 生意大利润高
    named = [place for place in present if any(word.startswith(place) for word in said)]
    foreigners = any(line.partition(place)[2].startswith(_FOREIGNERS) for place in named)
    return bool(named) and not foreigners and not _OURS.search(line)
