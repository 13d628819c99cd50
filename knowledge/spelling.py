"""Homophones: 「公资」 for 「工资」. People type by sound, and pick the wrong characters.

A run of characters that is no word of Chinese, but sounds like a word of our dictionary, is read as that word.
"""

from functools import cache

from knowledge.tokens import is_word, labour_words, syllables

_LENGTHS = (4, 3, 2)


@cache
def _by_sound() -> dict[tuple[str, ...], str]:
    """Of words that sound alike, the one that stands first in the dictionary."""
    found: dict[tuple[str, ...], str] = {}
    for word in labour_words():
        if len(word) in _LENGTHS:
            found.setdefault(tuple(syllables(word)), word)
    return found


def heard(line: str) -> str:
    """``line`` (normalised) with such runs replaced; most lines come back as they are."""
    sounds = syllables(line)
    if len(sounds) != len(line):
        return line
    spoken, place = "", 0
    while place < len(line):
        word = _word_at(line, sounds, place=place)
        spoken += word or line[place]
        place += len(word) or 1
    return spoken


def _word_at(line: str, sounds: list[str], *, place: int) -> str:
    """The labour word heard from ``place`` on, or nothing."""
    for length in _LENGTHS:
        run = line[place : place + length]
        word = _by_sound().get(tuple(sounds[place : place + length]))
        if word and len(run) == length:
            misspelt = [place + n for n in range(length) if word[n] != run[n]]
            if misspelt and not any(_stands(line, wrong) for wrong in misspelt):
                return word
    return ""


def _stands(line: str, place: int) -> bool:
    """Whether a character makes a word of Chinese with a neighbour, and so was meant."""
    neighbours = (line[start : start + 2] for start in (place - 1, place) if start >= 0)
    return any(len(pair) == 2 and is_word(pair) for pair in neighbours)
