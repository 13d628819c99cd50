"""The state of a talk between two turns: small, bounded, and all that there is.

Rasa's own store keeps every event, so that a turn costs more the longer somebody talks (RasaHQ/rasa#6334). Here a turn
begins from slots, the active form and the last few turns, whatever the length of the talk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from nlu.errors import SnapshotUnreadable

VERSION: Final = 1
TURNS_KEPT: Final = 3
SAID_KEPT: Final = 4
LONGEST_SAID: Final = 2_000


@dataclass(frozen=True)
class Said:
    """What the desk said last, to be repeated on request."""

    text: str
    buttons: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class PastTurn:
    """A turn gone by: what was understood and done, none of the worker's words."""

    intent: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Snapshot:
    """Slots hold what a worker gave, so a snapshot is personal data: keep it encrypted."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    active_loop: str | None = None
    requested_slot: str | None = None
    recent: tuple[PastTurn, ...] = ()
    said: tuple[Said, ...] = ()
    version: int = VERSION

    def to_json(self) -> str:
        """See from_json."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Snapshot:
        """Raises SnapshotUnreadable when the text is damaged or of another version."""
        try:
            data = json.loads(text)
            if data["version"] != VERSION:
                raise SnapshotUnreadable(f"version {data['version']}, not {VERSION}")
            return cls(
                slots=dict(data["slots"]),
                active_loop=data["active_loop"],
                requested_slot=data["requested_slot"],
                recent=tuple(PastTurn(turn["intent"], tuple(turn["actions"])) for turn in data["recent"]),
                said=tuple(Said(said["text"], tuple(said["buttons"])) for said in data["said"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise SnapshotUnreadable("not a snapshot") from error
