"""Status lights: how pressing a time limit is."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class Light(StrEnum):
    """From calm to late."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def status_light(due_at: datetime, *, now: datetime, warn_before: timedelta) -> Light:
    """RED from the limit on, AMBER within `warn_before` of it, else GREEN. Pure."""
    if now >= due_at:
        return Light.RED
    return Light.AMBER if now >= due_at - warn_before else Light.GREEN
