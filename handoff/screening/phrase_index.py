"""Which phrases may stand in a text at all: of a thousand, a short text has what a few dozen need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from handoff.screening.normalise import Normalised
from handoff.screening.phrases import Phrase


class PhraseIndex:
    """Groups of phrases; each phrase is filed under the pieces of the first thing that it needs."""

    def __init__(self, groups: Sequence[Sequence[Phrase]]) -> None:
        self._groups = groups
        self._phrases = [(number, phrase) for number, group in enumerate(groups) for phrase in group]
        self._always: set[int] = set()
        self._spelled: set[int] = set()
        filed: dict[str, list[int]] = defaultdict(list)
        for place, (_, phrase) in enumerate(self._phrases):
            for piece in phrase.needed_pieces[0] if phrase.needed_pieces else ():
                filed[piece].append(place)
            if not phrase.needed_pieces:
                self._always.add(place)
            if phrase.spelled is not None:
                self._spelled.add(place)
        self._filed = dict(filed)

    def of(self, text: Normalised) -> Iterator[tuple[int, list[Phrase]]]:
        """The number of each group of which phrases may stand in the text, and those phrases, in their order."""
        if text.pieces is None:
            yield from ((number, list(group)) for number, group in enumerate(self._groups))
            return
        for number, found in groupby(sorted(self._places(text, text.pieces)), lambda place: self._phrases[place][0]):
            yield number, [self._phrases[place][1] for place in found]

    def _places(self, text: Normalised, pieces: frozenset[str]) -> set[int]:
        places = self._always | self._spelled if text.has_latin else set(self._always)
        for piece in pieces & self._filed.keys():
            places.update(self._filed[piece])
        return places
