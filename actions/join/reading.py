"""Is this an answer to the field asked, a question in between, a correction, or nothing the form can use?

The intent alone cannot tell: a name means nothing to a classifier, and a question typed where a name was asked must
not become a name. So the text is held against the field first, and the intent decides only what the text leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from actions import texts
from actions.heard import Heard
from actions.join import fields
from actions.join.state import GIVEN, Ending, Field, JoinState, Tone

LEAVING: Final = ("request_human", "cancel", "already_member", "book_call")
STAYING: Final = ("repeat", "join_union")
ASKING: Final = (
    "ask_question",
    "follow_up",
    "ask_capabilities",
    "ask_identity",
    "ask_privacy",
    "ask_contact",
    "case_status",
    "ask_shorter",
    "still_waiting",
    "join_for_other",
)
COURTESY: Final = ("greet", "thanks", "goodbye", "feel_low")
ASIDE: Final = ("chitchat", "out_of_scope", "insult")
NONE: Final = "none"
SURE: Final = 0.5
QUITE_SURE: Final = 0.75


@dataclass(frozen=True)
class Reading:
    """What the form makes of a message. Neither values nor tone nor ending: it is not for the form at all."""

    values: Mapping[Field, Any] = field(default_factory=dict)
    tone: Tone | None = None
    ending: Ending | None = None

    @property
    def is_interruption(self) -> bool:
        """The message is for somebody else; the form asks again afterwards."""
        return not self.values and self.tone is None and self.ending is None


INTERRUPTION: Final = Reading()


def read(heard: Heard, state: JoinState) -> Reading:
    """What `heard` means to the form in `state`. Pure."""
    if not heard.pressed and fields.is_under_sixteen(heard.text):
        return Reading(ending=Ending.UNDER_SIXTEEN)
    if not heard.pressed and (special := _special(heard, state)):
        return special
    if heard.means("correct_answer", at_least=SURE) or _corrects(heard):
        return _correction(heard, state)
    if _is_plain_name(heard, state):
        return _named(heard)
    if heard.means(*LEAVING, at_least=SURE):
        return INTERRUPTION
    if heard.means(*STAYING, at_least=SURE):
        return Reading(tone=Tone.RESUMED)
    return _READERS[state.requested or Field.CONSENT](heard, state)


def _special(heard: Heard, state: JoinState) -> Reading | None:
    """Two worries that are no refusal, whatever the classifier thinks: each is answered, and the field asked again."""
    if heard.means("request_human", at_least=QUITE_SURE):
        return None
    if state.requested is Field.CONSENT and fields.is_not_easy(heard.text):
        return Reading(tone=Tone.REASSURED)
    if state.requested is Field.MOBILE and fields.mobile_in(heard.text) is None and fields.has_no_mobile(heard.text):
        return Reading(tone=Tone.NO_MOBILE)
    return None


def _corrects(heard: Heard) -> bool:
    """Names a field and says that it is wrong, whatever the classifier thought."""
    patterns = fields.patterns()
    return (
        not heard.pressed
        and bool(patterns.correction.search(heard.text))
        and any(named.search(heard.text) for named in patterns.fields.values())
        and not fields.is_question(heard.text)
    )


def _correction(heard: Heard, state: JoinState) -> Reading:
    target = _target(heard, state)
    if target is None or target not in state.values:
        asked_which = state.requested is Field.CONFIRMED
        return Reading(tone=Tone.WHICH if asked_which else Tone.RESUMED)
    replacement = None if heard.pressed else _replacement(heard.text, target)
    tone = Tone.PLAIN if replacement else Tone.CORRECTED
    return Reading(values={target: replacement, Field.CONFIRMED: None}, tone=tone)


def _target(heard: Heard, state: JoinState) -> Field | None:
    """The field a correction is about: by the button, by its name, else the last one given."""
    if "detail" in heard.details:
        return Field(heard.details["detail"]) if heard.details["detail"] in set(GIVEN) else None
    for name, pattern in fields.patterns().fields.items():
        if pattern.search(heard.text):
            return Field(name)
    return None if state.requested is Field.CONFIRMED else state.last_given


def _replacement(text: str, target: Field) -> str | None:
    """The right value, if the correction brings it along."""
    if target is Field.MOBILE:
        return fields.mobile_in(text)
    brought = fields.patterns().brings.search(fields.narrow(text))
    if brought is None:
        return None
    value = brought.group("value")
    if target is Field.NAME:
        return fields.name_in(value)
    return fields.employer_in(value) if target is Field.EMPLOYER else fields.district_in(value)


def _is_plain_name(heard: Heard, state: JoinState) -> bool:
    return (
        state.requested is Field.NAME
        and not heard.pressed
        and fields.is_surely_name(fields.without_mobile(heard.text))
        and not heard.means(*LEAVING, *STAYING, at_least=QUITE_SURE)
    )


def _consent(heard: Heard, state: JoinState) -> Reading:
    if _agrees(heard):
        return Reading(values={Field.CONSENT: True}, tone=Tone.PLAIN)
    if heard.means("deny", at_least=SURE):
        return Reading(ending=Ending.DECLINED)
    return _neither(heard, state)


def _confirmed(heard: Heard, state: JoinState) -> Reading:
    submits = not heard.pressed and fields.agreement_in(heard.text) in fields.patterns().submitting
    if submits or _agrees(heard):
        return Reading(values={Field.CONFIRMED: True}, ending=Ending.CONFIRMED)
    if heard.means("deny", at_least=SURE):
        return Reading(tone=Tone.WHICH)
    if not heard.pressed and (mobile := fields.mobile_in(heard.text)):
        return Reading(values={Field.MOBILE: mobile}, tone=Tone.PLAIN)
    if not heard.pressed and (target := _named_only(heard.text)):
        return Reading(values={target: None}, tone=Tone.CORRECTED)
    return _neither(heard, state)


def _name(heard: Heard, state: JoinState) -> Reading:
    if heard.pressed:
        return _pressed(heard, state)
    name = fields.name_in(fields.without_mobile(heard.text))
    if fields.is_question(heard.text):
        return _neither(heard, state)
    if name is None and (mobile := fields.mobile_in(heard.text)):
        return Reading(values={Field.MOBILE: mobile}, tone=Tone.PLAIN)
    if name is None or heard.means(*COURTESY, *ASIDE, *ASKING, "affirm", "deny", "skip", at_least=QUITE_SURE):
        return _neither(heard, state)
    return _named(heard)


def _named(heard: Heard) -> Reading:
    """The name, and the mobile number if it came along."""
    values: dict[Field, Any] = {Field.NAME: fields.name_in(fields.without_mobile(heard.text))}
    if mobile := fields.mobile_in(heard.text):
        values[Field.MOBILE] = mobile
    return Reading(values=values, tone=Tone.PLAIN)


def _mobile(heard: Heard, state: JoinState) -> Reading:
    if heard.pressed:
        return _pressed(heard, state)
    if fields.holds_resident_id(heard.text):
        return Reading(tone=Tone.RESIDENT_ID)
    if mobile := fields.mobile_in(heard.text):
        return Reading(values={Field.MOBILE: mobile}, tone=Tone.PLAIN)
    enough_digits = 5
    if fields.digits_in(heard.text) >= enough_digits and not fields.is_question(heard.text):
        return Reading(tone=Tone.UNCLEAR)
    return _neither(heard, state)


def _employer(heard: Heard, state: JoinState) -> Reading:
    if heard.means("skip", at_least=SURE) or (not heard.pressed and fields.is_unknown(heard.text)):
        none = heard.details.get("detail") == NONE or fields.says_no_employer(heard.text)
        given = texts.JOIN_NO_EMPLOYER if none else texts.JOIN_NOT_GIVEN
        return Reading(values={Field.EMPLOYER: given}, tone=Tone.PLAIN)
    if heard.pressed:
        return _pressed(heard, state)
    if fields.says_no_employer(heard.text):
        return Reading(values={Field.EMPLOYER: texts.JOIN_NO_EMPLOYER}, tone=Tone.PLAIN)
    return _free_text(heard, state, Field.EMPLOYER, fields.employer_in(heard.text))


def _district(heard: Heard, state: JoinState) -> Reading:
    if heard.means("skip", at_least=SURE) or (not heard.pressed and fields.is_unknown(heard.text)):
        return Reading(values={Field.DISTRICT: texts.JOIN_NOT_GIVEN}, tone=Tone.PLAIN)
    if heard.pressed:
        return _pressed(heard, state)
    return _free_text(heard, state, Field.DISTRICT, fields.district_in(heard.text))


def _free_text(heard: Heard, state: JoinState, item: Field, value: str | None) -> Reading:
    if fields.holds_resident_id(heard.text):
        return Reading(tone=Tone.RESIDENT_ID)
    if value is None or fields.is_question(heard.text) or not _names_something(heard, item):
        return _neither(heard, state)
    return Reading(values={item: value}, tone=Tone.PLAIN)


def _names_something(heard: Heard, item: Field) -> bool:
    """Whether a text is the name of a firm, a trade or a place, and not a remark or a grievance."""
    looks_right = fields.looks_like_employer if item is Field.EMPLOYER else fields.looks_like_district
    if looks_right(heard.text):
        return True
    if (
        item is Field.DISTRICT
        and fields.is_bare_place(heard.text)
        and not heard.means(*ASKING, *COURTESY, at_least=SURE)
    ):
        return True
    if heard.means(*COURTESY, "affirm", "deny", at_least=SURE):
        return False
    limit = QUITE_SURE if fields.is_bare_name(heard.text) else SURE
    return not heard.means(*ASKING, *ASIDE, at_least=limit)


def _agrees(heard: Heard) -> bool:
    """Consent is never taken from a likeness alone: a word of agreement must stand there, and none of refusal."""
    if heard.pressed:
        return heard.intent == "affirm"
    said = fields.agreement_in(heard.text)
    if said in fields.patterns().consent:
        return True
    if fields.patterns().negative.search(said) or fields.is_question(heard.text):
        return False
    return heard.means("affirm", at_least=SURE) and bool(fields.patterns().affirmative.search(said))


def _pressed(heard: Heard, state: JoinState) -> Reading:
    """An old button: a question of ours is answered, a stale yes or no only brings the field back."""
    return INTERRUPTION if heard.means(*ASKING, *LEAVING, *COURTESY) else Reading(tone=Tone.RESUMED)


def _neither(heard: Heard, state: JoinState) -> Reading:
    """Not an answer: a question or an aside is let through, the rest is asked for again."""
    if heard.pressed:
        return _pressed(heard, state)
    if fields.is_question(heard.text) or heard.means(*ASKING, *COURTESY, at_least=SURE):
        return INTERRUPTION
    if heard.means(*ASIDE, at_least=SURE) and not fields.is_bare_name(heard.text):
        return INTERRUPTION
    refuses = heard.means("deny", "skip", at_least=SURE)
    return Reading(tone=Tone.NEEDED if refuses and state.requested in (Field.NAME, Field.MOBILE) else Tone.UNCLEAR)


def _named_only(text: str) -> Field | None:
    """A bare field name, as an answer to which one is wrong."""
    longest = 5
    if len(text) > longest:
        return None
    return next((Field(name) for name, named in fields.patterns().fields.items() if named.search(text)), None)


_READERS: Final = {
    Field.CONSENT: _consent,
    Field.NAME: _name,
    Field.MOBILE: _mobile,
    Field.EMPLOYER: _employer,
    Field.DISTRICT: _district,
    Field.CONFIRMED: _confirmed,
}
