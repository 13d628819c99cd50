"""Is this an answer to the field asked, a question in between, a correction, or nothing the form can use?

As in `actions.join.reading`, the text is held against the field first; the intent decides what the text leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import yaml

from actions.callback import texts
from actions.callback.state import GIVEN, SLOT, CallState, Field, Tone, slot_value
from actions.callback.times import PATTERNS, NotThen, slot_in, slot_of
from actions.heard import Heard
from actions.join import fields
from actions.join.reading import ASIDE, ASKING, COURTESY, QUITE_SURE, SURE
from handoff.call_times import Slot
from handoff.phones import phone_in

LEAVING: Final = ("request_human", "cancel", "already_member", "join_union")
STAYING: Final = ("repeat", "book_call")
LONGEST_NAME: Final = 20


@dataclass(frozen=True)
class Reading:
    """What the form makes of a message; `slots` by name. Neither slots nor tone: it is not for the form at all."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    tone: Tone | None = None

    @property
    def is_interruption(self) -> bool:
        """The message is for somebody else; the form asks again afterwards."""
        return not self.slots and self.tone is None


INTERRUPTION: Final = Reading()
_Read = Callable[[Heard, CallState, datetime], Reading]


def read(heard: Heard, state: CallState, *, now: datetime) -> Reading:
    """What `heard` means to the form in `state`. Pure."""
    if heard.pressed and "detail" in heard.details:
        return _chosen(heard, state, now)
    if heard.means("request_human", at_least=QUITE_SURE) and not _own_name(heard):
        return INTERRUPTION
    if heard.means("correct_answer", at_least=SURE) or _corrects(heard):
        return _correction(heard, state, now)
    if heard.means("cancel", at_least=SURE) and not _answers_voicemail(heard, state):
        return INTERRUPTION
    answer = _READERS[state.requested or Field.MOBILE](heard, state, now)
    if answer.slots or not heard.means(*STAYING, at_least=SURE):
        return answer
    return Reading(tone=Tone.RESUMED)


def _chosen(heard: Heard, state: CallState, now: datetime) -> Reading:
    """A button of ours: the number offered, a time, a way to be named, a field that is wrong."""
    detail = heard.details["detail"]
    if heard.means("correct_answer"):
        return _correction(heard, state, now)
    if detail == Field.MOBILE and state.offered:
        return _given({Field.MOBILE: state.offered})
    if detail in texts.TIMES:
        return _timed(slot_of(detail, now))
    if detail in ("union", "surname"):
        return _given({Field.SAID_AS: texts.UNION_CALLS if detail == "union" else texts.SURNAME_ONLY})
    if detail in ("voicemail", "no_voicemail"):
        return _given({Field.VOICEMAIL: detail == "voicemail"})
    return Reading(tone=Tone.RESUMED)


def _mobile(heard: Heard, state: CallState, now: datetime) -> Reading:
    if heard.pressed:
        return _pressed(heard)
    if phone := phone_in(heard.text):
        return _given({Field.MOBILE: phone, **_time_beside(heard.text, now)})
    if state.offered and _agrees(heard):
        return _given({Field.MOBILE: state.offered})
    if fields.has_no_mobile(heard.text):
        return Reading(tone=Tone.NO_PHONE)
    enough_digits = 5
    if fields.digits_in(heard.text) >= enough_digits and not fields.is_question(heard.text):
        return Reading(tone=Tone.UNCLEAR)
    return _neither(heard)


def _when(heard: Heard, state: CallState, now: datetime) -> Reading:
    if heard.pressed:
        return _pressed(heard)
    try:
        slot = slot_in(heard.text, now)
    except NotThen:
        return Reading(tone=Tone.NOT_THEN)
    return _timed(slot) if slot else _neither(heard)


def _said_as(heard: Heard, state: CallState, now: datetime) -> Reading:
    if heard.pressed:
        return _pressed(heard)
    known, plain = _words(), fields.narrow(heard.text).strip("。.!！，, ")
    if fields.is_question(plain):
        return _neither(heard)
    if known["surname_only"].search(plain):
        return _given({Field.SAID_AS: texts.SURNAME_ONLY})
    if known["union_calls"].search(plain):
        return _given({Field.SAID_AS: texts.UNION_CALLS})
    if name := _own_name(heard):
        return _given({Field.SAID_AS: texts.SHOWN_AS.format(name=name)})
    return _neither(heard)


def _voicemail(heard: Heard, state: CallState, now: datetime) -> Reading:
    if heard.pressed and heard.intent not in ("affirm", "deny"):
        return _pressed(heard)
    if heard.pressed:
        return _given({Field.VOICEMAIL: heard.intent == "affirm"})
    if fields.is_question(heard.text):
        return _neither(heard)
    if _words()["no_voicemail"].search(heard.text):
        return _given({Field.VOICEMAIL: False})
    if _answers_voicemail(heard, state):
        return _given({Field.VOICEMAIL: True})
    return _neither(heard)


def _confirmed(heard: Heard, state: CallState, now: datetime) -> Reading:
    if _submits(heard) or _agrees(heard):
        return Reading(slots={Field.CONFIRMED: True}, tone=Tone.PLAIN)
    if heard.means("deny", at_least=SURE):
        return Reading(tone=Tone.WHICH)
    if not heard.pressed and (phone := phone_in(heard.text)):
        return _given({Field.MOBILE: phone})
    if not heard.pressed and (target := _named_only(heard.text)):
        return Reading(slots=_without(target), tone=Tone.CORRECTED)
    return _neither(heard)


def _correction(heard: Heard, state: CallState, now: datetime) -> Reading:
    target = _target(heard, state)
    if target is None or target not in state.values:
        return Reading(tone=Tone.WHICH if state.requested is Field.CONFIRMED else Tone.RESUMED)
    if not heard.pressed and target is Field.MOBILE and (phone := phone_in(heard.text)):
        return _given({Field.MOBILE: phone, Field.CONFIRMED: None})
    if not heard.pressed and target is Field.WHEN and (beside := _time_beside(heard.text, now)):
        return _given({**beside, Field.CONFIRMED: None})
    return Reading(slots=_without(target), tone=Tone.CORRECTED)


def _corrects(heard: Heard) -> bool:
    """Names a field and says that it is wrong, whatever the classifier thought."""
    said = not heard.pressed and not fields.is_question(heard.text)
    return said and bool(_correcting().search(heard.text)) and _named(heard.text) is not None


def _target(heard: Heard, state: CallState) -> Field | None:
    """The field a correction is about: by the button, by its name, else the last one given."""
    if "detail" in heard.details:
        return Field(heard.details["detail"]) if heard.details["detail"] in set(GIVEN) else None
    named = _named(heard.text)
    return named or (None if state.requested is Field.CONFIRMED else state.last_given)


def _time_beside(text: str, now: datetime) -> dict[str, Any]:
    """A time that was written beside something else; nothing when it cannot be used."""
    try:
        slot = slot_in(fields.without_mobile(text), now)
    except NotThen:
        return {}
    return dict(_timed(slot).slots) if slot else {}


def _timed(slot: Slot) -> Reading:
    words = texts.WHEN.format(
        month=slot.due_from.month,
        day=slot.due_from.day,
        starts=slot.due_from.strftime(texts.HOUR),
        ends=slot.due_until.strftime(texts.HOUR),
    )
    return _given({Field.WHEN: words, SLOT: slot_value(slot)})


def _given(slots: Mapping[str, Any]) -> Reading:
    return Reading(slots=slots, tone=Tone.PLAIN)


def _without(target: Field) -> dict[str, Any]:
    time = {SLOT: None} if target is Field.WHEN else {}
    return {target: None, Field.CONFIRMED: None, **time}


def _own_name(heard: Heard) -> str | None:
    found = None if heard.pressed else _words()["own_name"].search(fields.narrow(heard.text).strip("。.!！"))
    return found.group("name")[:LONGEST_NAME] if found else None


def _answers_voicemail(heard: Heard, state: CallState) -> bool:
    """In this question 「不要」 is an answer, and no wish to stop."""
    if state.requested is not Field.VOICEMAIL or heard.pressed or len(heard.text) > LONGEST_NAME:
        return False
    return any(_words()[name].search(heard.text) for name in ("no_voicemail", "yes_voicemail")) and not re.search(
        texts.BUTTONS["stop"], heard.text
    )


def _agrees(heard: Heard) -> bool:
    if heard.pressed:
        return heard.intent == "affirm"
    said = fields.agreement_in(heard.text)
    if said in fields.patterns().consent:
        return True
    if fields.patterns().negative.search(said) or fields.is_question(heard.text):
        return False
    return heard.means("affirm", at_least=SURE) and bool(fields.patterns().affirmative.search(said))


def _submits(heard: Heard) -> bool:
    if heard.pressed:
        return False
    said = fields.agreement_in(heard.text)
    return said in fields.patterns().submitting or bool(_words()["submits"].search(said))


def _pressed(heard: Heard) -> Reading:
    """An old button: a question of ours is answered, a stale yes or no only brings the field back."""
    return INTERRUPTION if heard.means(*ASKING, *LEAVING, *COURTESY) else Reading(tone=Tone.RESUMED)


def _neither(heard: Heard) -> Reading:
    """Not an answer: a question or an aside is let through, the rest is asked for again."""
    if heard.pressed:
        return _pressed(heard)
    if fields.is_question(heard.text) or heard.means(*ASKING, *COURTESY, *ASIDE, *LEAVING, at_least=SURE):
        return INTERRUPTION
    return Reading(tone=Tone.UNCLEAR)


def _named(text: str) -> Field | None:
    return next((Field(name) for name, named in _fields().items() if named.search(text)), None)


def _named_only(text: str) -> Field | None:
    """A bare field name, as an answer to which one is wrong."""
    longest = 5
    return _named(text) if len(text) <= longest else None


@lru_cache(maxsize=1)
def _read_patterns() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))
    return read


@lru_cache(maxsize=1)
def _words() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(text) for name, text in _read_patterns()["expressions"].items()}


@lru_cache(maxsize=1)
def _fields() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(text) for name, text in _read_patterns()["fields"].items()}


@lru_cache(maxsize=1)
def _correcting() -> re.Pattern[str]:
    return re.compile(_read_patterns()["correction"])


_READERS: Final[Mapping[Field, _Read]] = {
    Field.MOBILE: _mobile,
    Field.WHEN: _when,
    Field.SAID_AS: _said_as,
    Field.VOICEMAIL: _voicemail,
    Field.CONFIRMED: _confirmed,
}
