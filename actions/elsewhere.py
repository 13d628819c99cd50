"""What is not done on a channel, and where it is done instead."""

from __future__ import annotations

from actions import texts
from actions.scope import TurnScope


def not_here(words: str, scope: TurnScope) -> str:
    """The words with the page's address, where there is one."""
    return words.format(page=texts.NOT_HERE_PAGE.format(page=scope.web_page) if scope.web_page else "")
