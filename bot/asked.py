"""What the engine is asked: the worker's words, or the payload of a button that the desk had offered."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from handoff.kinds import MessageKind
from handoff.models import Message

# The day and six digits (handoff.cases.new_case_no).
_CASE_NO: Final = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{6}")


@dataclass(frozen=True)
class Asked:
    """The words as typed, and the payload that they stand for, if any."""

    text: str
    payload: str | None


def asked_of(message: Message, body: str) -> Asked:
    """A tapped button, or the typed title of one that was offered last, stands for its payload."""
    choice = message.extras.get("choice")
    offered = _offered_before(message, reference=choice["message"] if choice else None)
    if choice and 0 <= choice["index"] < len(offered):
        return Asked(body, offered[choice["index"]]["payload"])
    for button in offered:
        if body.strip() == button["title"]:
            return Asked(body, button["payload"])
    return Asked(body, _about_case(body.strip()))


def _about_case(text: str) -> str | None:
    """A number of ours and nothing else asks how that case stands: understanding is no matter of its digits."""
    if not _CASE_NO.fullmatch(text):
        return None
    return "/case_status" + json.dumps({"case_no": text})


def _offered_before(message: Message, *, reference: str | None) -> Sequence[dict[str, Any]]:
    """The buttons of the named reply of this conversation, or of the last reply before the message."""
    replies = Message.objects.filter(conversation=message.conversation, kind=MessageKind.ENGINE).filter(
        Q(reference=reference) if reference else Q(pk__lt=message.pk)
    )
    last = replies.order_by("-id").first()
    if last is None:
        return []
    last.conversation = message.conversation
    buttons: Sequence[dict[str, Any]] = last.extras.get("buttons", [])
    return buttons
