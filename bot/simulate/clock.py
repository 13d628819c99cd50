"""The time as the platform sees it: unix seconds, which a rehearsal can move forward."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]


class MovableClock:
    """The machine's time plus what it was moved by; with `standing_at` it moves only when told."""

    def __init__(self, standing_at: float | None = None) -> None:
        self._standing_at = standing_at
        self._moved_s = 0.0

    def __call__(self) -> float:
        return (time.time() if self._standing_at is None else self._standing_at) + self._moved_s

    def move(self, seconds: float) -> None:
        """Let that much time pass at once (or, negative, jump back)."""
        self._moved_s += seconds
