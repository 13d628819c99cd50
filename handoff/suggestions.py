"""Answers suggested to a cadre for a worker's question, to be read and edited, never sent by themselves.

Where they come from is registered by whoever composes the program: the console does not know the knowledge base.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


class NoSuggester(Exception):
    """The knowledge base is not loaded in this process, not yet or not at all."""


@dataclass(frozen=True)
class CitedArticle:
    """An article that an answer rests on. `text`: the whole article, letter for letter; empty when not `held`."""

    law: str
    article_no: str
    version_date: date | None
    status: str
    text: str
    held: bool


@dataclass(frozen=True)
class Suggestion:
    """`question`: which question of ours it answers. `citations`: what it rests on, in the order of their weight."""

    question: str
    text: str
    citations: tuple[CitedArticle, ...]


class Suggester(Protocol):
    """What can suggest answers."""

    def suggest(self, question: str, *, today: date) -> tuple[Suggestion, ...]:
        """The best few, the best first; nothing for what it does not know. `question`: as the worker wrote it."""
        ...


class _Registered:
    """The suggester of this process."""

    suggester: Suggester | None = None


def register(suggester: Suggester) -> None:
    """From now on this process's suggester; a later one takes its place."""
    _Registered.suggester = suggester


def suggest(question: str, *, today: date) -> tuple[Suggestion, ...]:
    """The best few answers to a question. Raises NoSuggester."""
    if _Registered.suggester is None:
        raise NoSuggester
    return _Registered.suggester.suggest(question, today=today)
