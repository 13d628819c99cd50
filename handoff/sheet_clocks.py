"""The clocks of a collective matter: first by telephone, then in writing, then further until the last.

House defaults: no national time limits are known for a union's own line; an installation sets its own (Emergency
Response Law, art. 61, says only «at once», without delay or concealment).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handoff.kinds import SheetKind
from handoff.lights import Light, status_light


class ClockName(StrEnum):
    """What is due."""

    TELEPHONE = "telephone"
    WRITTEN = "written"
    UPDATE = "update"


@dataclass(frozen=True)
class ClockRules:
    """How long each may take."""

    telephone: timedelta
    written: timedelta
    update: timedelta


@dataclass(frozen=True)
class SheetStand:
    """How far a sheet has come. `told_at`: by telephone; `sent_at`: in writing."""

    kind: SheetKind
    told_at: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True)
class SheetClock:
    """One limit. `done_at` set: kept (or kept too late, when later than `due_at`)."""

    name: ClockName
    due_at: datetime
    done_at: datetime | None
    light: Light

    @property
    def late(self) -> bool:
        """Done after its limit, or not done and past it."""
        return self.light is Light.RED or (self.done_at is not None and self.done_at > self.due_at)


def sheet_clocks(
    raised_at: datetime, sheets: Sequence[SheetStand], rules: ClockRules, *, now: datetime
) -> tuple[SheetClock, ...]:
    """The clocks that run since the matter was raised. Pure."""
    first = next((sheet for sheet in sheets if sheet.kind == SheetKind.FIRST), SheetStand(SheetKind.FIRST))
    told_at = min((at for at in (first.told_at, first.sent_at) if at is not None), default=None)
    clocks = [
        _clock(ClockName.TELEPHONE, raised_at, rules.telephone, done_at=told_at, now=now),
        _clock(ClockName.WRITTEN, raised_at, rules.written, done_at=first.sent_at, now=now),
    ]
    sent = [sheet.sent_at for sheet in sheets if sheet.kind != SheetKind.POLICE and sheet.sent_at is not None]
    over = any(sheet.kind == SheetKind.FINAL and sheet.sent_at is not None for sheet in sheets)
    if sent and not over:
        clocks.append(_clock(ClockName.UPDATE, max(sent), rules.update, done_at=None, now=now))
    return tuple(clocks)


def _clock(
    name: ClockName, since: datetime, within: timedelta, *, done_at: datetime | None, now: datetime
) -> SheetClock:
    due_at = since + within
    light = Light.GREEN if done_at else status_light(due_at, now=now, warn_before=within / 3)
    return SheetClock(name, due_at, done_at, light)
