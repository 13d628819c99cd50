"""Logging of failures without what people wrote: exception texts may quote it, so only types and places are kept."""

from __future__ import annotations

import logging
import traceback
from typing import Any

_LONGEST = 60


class PlacesOnly(logging.Formatter):
    """Formats exceptions of any library as types and places, without their texts."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  logging's own name
        """See logging.Formatter."""
        return _places(ei[1]) if ei and ei[1] is not None else ""


class SaidOnPurpose(logging.Filter):
    """Leaves out answers of 503: `/readyz` while the parts load, a full house; they are told to whoever asked."""

    def filter(self, record: logging.LogRecord) -> bool:
        """See logging.Filter."""
        return getattr(record, "status_code", None) != 503


def log_failure(log: logging.Logger, sentence: str, error: BaseException) -> None:
    """One error line: `sentence` (ids only), then the types and places of the error and of its causes."""
    log.error("%s\n%s", sentence, _places(error))


def _places(error: BaseException) -> str:
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and len(parts) < _LONGEST:
        frames = traceback.extract_tb(current.__traceback__, limit=-12)
        parts += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames] + [type(current).__name__]
        current = current.__cause__ or current.__context__
    return "\n".join(parts)
