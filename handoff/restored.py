"""That these records come from a backup, and of which span of time there are none: told to cadres for a week."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

FILE_NAME = "restored.jsonl"
TOLD_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Gap:
    """Records between the two moments were lost."""

    since: datetime
    until: datetime


def latest_gap(*, now: datetime) -> Gap | None:
    """Of the latest restore; None when there was none in the last days."""
    gap = gap_in(settings.NIANGJIA.home / FILE_NAME)
    return gap if gap is not None and now - gap.until < TOLD_FOR else None


def gap_in(path: Path) -> Gap | None:
    """What the last line of the record says."""
    try:
        last = path.read_text(encoding="utf-8").splitlines()[-1]
        row = json.loads(last)
        return Gap(datetime.fromisoformat(row["backup_at"]), datetime.fromisoformat(row["at"]))
    except (OSError, LookupError, ValueError, TypeError):
        return None
