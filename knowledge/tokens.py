"""Words, characters and sounds of a text, for the three keyword indexes."""

import logging
import re
import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.normalise import normalise

if TYPE_CHECKING:
    from jieba import Tokenizer

_WORD = re.compile(r"[\u4e00-\u9fffa-z0-9]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_DICTIONARY = Path(__file__).parent / "sources" / "dictionary.txt"
_STOPWORDS = Path(__file__).parent / "sources" / "stopwords.txt"


@cache
def _tokenizer() -> "Tokenizer":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # jieba still imports pkg_resources
        import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in labour_words():
        tokenizer.add_word(word, freq=20_000)
    return tokenizer


@cache
def labour_words() -> tuple[str, ...]:
    """Our dictionary, in its order."""
    lines = (line.strip() for line in _DICTIONARY.read_text("utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def is_word(text: str) -> bool:
    """Whether general or labour Chinese knows it as one word."""
    return bool(_tokenizer().FREQ.get(text))


def every_word(text: str) -> list[str]:
    """The words of a text in their order, none left out or guessed, so that the same text is always cut alike."""
    return [word for word in _tokenizer().cut(text, HMM=False) if word.isalnum()]


def syllables(text: str) -> list[str]:
    """Toneless pinyin, one for each character; runs of anything else come as they are, in one piece."""
    from pypinyin import lazy_pinyin

    return [str(syllable) for syllable in lazy_pinyin(text)]


@cache
def _stopwords() -> frozenset[str]:
    lines = _STOPWORDS.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def words(text: str) -> list[str]:
    """jieba's search-mode words with our labour-law dictionary, stop words left out; order and repeats kept."""
    found: Iterable[str] = _tokenizer().cut_for_search(normalise(text).lower(), HMM=False)
    return [word for word in found if _WORD.fullmatch(word) and word not in _stopwords()]


def article_words(text: str) -> list[str]:
    """As ``words``, for a text longer than a question."""
    found: list[str] = []
    for line in text.split("\n"):
        found += words(line)
    return found


def pairs(text: str) -> list[str]:
    """Every two neighbouring characters: one wrong character spoils two of many."""
    return [run[i : i + 2] for run in _CHINESE.findall(normalise(text)) for i in range(len(run) - 1)]


def sounds(text: str) -> list[str]:
    """Every two neighbouring syllables, 「公资」 and 「工资」 alike → ``gongzi``."""
    found: list[str] = []
    for run in _CHINESE.findall(normalise(text)):
        spoken = syllables(run)
        found += [spoken[i] + spoken[i + 1] for i in range(len(spoken) - 1)]
    return found
