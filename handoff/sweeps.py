"""What falls due by the clock, looked at every two seconds; one that fails does not keep the others from running."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connections

from handoff.alarm_steps import advance_alarms
from handoff.assignment import assign_waiting
from handoff.callbacks import remind_of_calls
from handoff.evidence import sweep_orphans
from handoff.lanes import say_due_words
from handoff.silence import tend_silence
from handoff.unread import press_unread
from handoff.viewing import sweep_viewings

Sweep = Callable[..., object]
SWEEPS: tuple[Sweep, ...] = (
    advance_alarms,
    say_due_words,
    tend_silence,
    press_unread,
    sweep_orphans,
    assign_waiting,
    sweep_viewings,
    remind_of_calls,
)
"""Each is called with `now`, does a bounded amount of work, and does each thing once whatever runs beside it."""


def sweep_all(*, now: datetime, sweeps: tuple[Sweep, ...] = SWEEPS) -> list[tuple[str, Exception]]:
    """Run all; what failed, by the sweep's name. The caller logs it."""
    failed: list[tuple[str, Exception]] = []
    for sweep in sweeps:
        try:
            sweep(now=now)
        except Exception as error:
            failed.append((sweep.__name__, error))
            connections.close_all()
    return failed
