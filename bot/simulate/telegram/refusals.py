"""What the Bot API refuses with: status and description as bots read them."""

from __future__ import annotations


class Refused(Exception):
    """Answered as `{"ok": false}`; `retry_after` seconds where the bot was too quick."""

    def __init__(self, code: int, description: str, *, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after


def bad_request(what: str) -> Refused:
    """400."""
    return Refused(400, f"Bad Request: {what}")


def too_many(retry_after: int) -> Refused:
    """429."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
