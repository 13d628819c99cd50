"""What a turn wants changed. Whoever runs the turn commits effects together with the replies, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handoff.call_times import Slot
from handoff.callbacks import Agreed
from handoff.kinds import CaseKind


class HandoffReason(StrEnum):
    """Why a person is called."""

    ASKED = "asked"
    UNDER_SIXTEEN = "under_sixteen"


@dataclass(frozen=True)
class OpenCase:
    """Open a case under the number that the worker has been told."""

    case_no: str
    kind: CaseKind
    fields: Mapping[str, str]


@dataclass(frozen=True)
class RequestHandoff:
    """Put the conversation before a cadre."""

    reason: str


@dataclass(frozen=True)
class BookCallBack:
    """Book the telephone call that was agreed with the worker."""

    agreed: Agreed
    slot: Slot


Effect = OpenCase | RequestHandoff | BookCallBack
