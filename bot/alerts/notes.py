"""The words of an alert: the talk's number, a colour and a link. Never a name, a worker's word, or what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from bot.alerts import texts
from handoff.models import Alert
from handoff.screening.levels import Level

# Written out, not looked up: an alert must go out also while the console's own modules cannot be loaded.
TALK_PATH = "/console/talk/{pk}"
TRIAL_PATH = "/console/alerts"


@dataclass(frozen=True)
class Note:
    """What is sent: `subject` for mail; `body` is whole without it."""

    subject: str
    body: str


def note_of(alert: Alert, *, base: str) -> Note:
    """The note for an alert; `base` is the address of this installation without a slash at its end."""
    if alert.conversation is None:
        colour, number, link = texts.TRIAL, f"A{alert.pk:06d}", TRIAL_PATH
    else:
        colour = texts.RED if alert.conversation.level == Level.CRISIS.value else texts.ORANGE
        number, link = alert.conversation.number, TALK_PATH.format(pk=alert.conversation_id)
    return Note(
        texts.SUBJECT.format(colour=colour, number=number),
        texts.BODY.format(colour=colour, number=number, link=base + link),
    )
