"""Writing audit rows."""

from __future__ import annotations

from datetime import datetime

from handoff.kinds import AuditAction
from handoff.models import AuditRow, Cadre


def record(action: AuditAction, subject: str, *, cadre: Cadre | None, now: datetime, detail: str = "") -> None:
    """One audit row, in the caller's transaction. `detail` holds ids and states, never words."""
    AuditRow.objects.create(at=now, cadre=cadre, action=action, subject=subject, detail=detail)
