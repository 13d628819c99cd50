"""Whether a text is a mobile number, a name, an employer, a district. Pure rules; words in `patterns.yml`.

Mobiles: 11 digits, 1 and 3-9 first (Telecom Network Numbering Plan, 2017).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from knowledge.normalise import normalise

PATTERNS: Final = Path(__file__).with_name("patterns.yml")
SHORTEST_EMPLOYER, LONGEST_EMPLOYER = 2, 60
SHORTEST_DISTRICT, LONGEST_DISTRICT = 2, 40
LONGEST_NAME, LONGEST_UNKNOWN_NAME = 20, 15
LONGEST_BARE_NAME: Final = 15
_LONGEST_PLAIN_NAME: Final = 4
YOUNGEST_MEMBER: Final = 16
_MOBILE: Final = re.compile(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9})(?!\d)")
_DIGITS: Final = re.compile(r"\d")
_HAN: Final = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ebef"
# The dots that input methods put between the parts of a name; the first one is the right one.
_DOTS: Final = re.compile("[\u00b7\u2022\u2027\u30fb\uff0e.\ufe52\u2219]")
_HAN_NAME: Final = re.compile(rf"[{_HAN}]{{2,4}}")
_DOTTED_NAME: Final = re.compile(rf"[{_HAN}]{{1,10}}(?:·[{_HAN}]{{1,10}}){{1,3}}")
_LONG_NAME: Final = re.compile(rf"[{_HAN}]{{2,{LONGEST_UNKNOWN_NAME}}}")
_LATIN_NAME: Final = re.compile(r"[A-Za-z][A-Za-z'-]*(?: [A-Za-z][A-Za-z'-]*){1,4}")
_GAPS: Final = re.compile(r"(?<=\d)[\s\-\u2013\u2014.()]+(?=\d)")
_NUMBER: Final = re.compile(r"\+?\d[\d\s\-\u2013\u2014]{9,}\d")
_RESIDENT_ID: Final = re.compile(r"(?<!\d)[1-9]\d{16}[\dXx](?!\d)")


@dataclass(frozen=True)
class Patterns:
    """Word lists and expressions from `patterns.yml`."""

    surnames: frozenset[str]
    double_surnames: frozenset[str]
    not_names: frozenset[str]
    not_in_names: re.Pattern[str]
    never_in_names: re.Pattern[str]
    transliterated: re.Pattern[str]
    name_lead: re.Pattern[str]
    name_tail: re.Pattern[str]
    employer_lead: re.Pattern[str]
    employer_like: re.Pattern[str]
    no_employer: re.Pattern[str]
    district_lead: re.Pattern[str]
    district_like: re.Pattern[str]
    little_words: re.Pattern[str]
    question: re.Pattern[str]
    own_age: re.Pattern[str]
    somebody_elses_age: re.Pattern[str]
    too_young: re.Pattern[str]
    negative: re.Pattern[str]
    affirmative: re.Pattern[str]
    consent: frozenset[str]
    submitting: frozenset[str]
    no_fault: re.Pattern[str]
    no_mobile: re.Pattern[str]
    not_easy: re.Pattern[str]
    place: re.Pattern[str]
    unknown: re.Pattern[str]
    edges: str
    soft_endings: str
    fields: dict[str, re.Pattern[str]]
    correction: re.Pattern[str]
    brings: re.Pattern[str]


@lru_cache(maxsize=1)
def patterns() -> Patterns:
    """Read once, on first use."""
    read: dict[str, Any] = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))
    values: dict[str, Any] = {name: frozenset(read[name].split()) for name in ("not_names", "consent", "submitting")}
    values |= {name: frozenset(" ".join(read[name]).split()) for name in ("surnames", "double_surnames")}
    values |= {name: re.compile(text) for name, text in read["expressions"].items()}
    values["fields"] = {name: re.compile(text) for name, text in read["fields"].items()}
    return Patterns(**values, edges=read["edges"], soft_endings=read["soft_endings"])


def narrow(text: str) -> str:
    """Full-width letters and digits made half-width, blanks at the ends taken off."""
    return unicodedata.normalize("NFKC", text).strip()


def mobile_in(text: str) -> str | None:
    """The mobile number in a text: blanks, hyphens, full-width digits and +86 are forgiven."""
    found = _MOBILE.search(_GAPS.sub("", narrow(text)))
    return found.group(1) if found else None


def without_mobile(text: str) -> str:
    """The rest of a text that gives a mobile number as well."""
    return _stripped(_NUMBER.sub(" ", narrow(text)))


def digits_in(text: str) -> int:
    """How many digits there are."""
    return len(_DIGITS.findall(narrow(text)))


def holds_resident_id(text: str) -> bool:
    """Whether somebody typed what looks like a resident id: it is not wanted here."""
    return bool(_RESIDENT_ID.search(_GAPS.sub("", narrow(text))))


def name_in(text: str) -> str | None:
    """A plausible name, also inside a sentence that gives it; None when it reads like anything else."""
    bare = patterns().name_tail.sub("", patterns().name_lead.sub("", _stripped(text)))
    bare = _DOTS.sub("·", bare).strip("· ")
    if not bare or len(bare) > LONGEST_NAME or bare in patterns().not_names:
        return None
    if _LATIN_NAME.fullmatch(bare):
        return bare
    if _DOTTED_NAME.fullmatch(bare):
        return bare
    bare = bare.replace(" ", "")
    if _has_surname(bare) or patterns().transliterated.fullmatch(bare):
        return bare
    return bare if _LONG_NAME.fullmatch(bare) and not patterns().not_in_names.search(bare) else None


def is_surely_name(text: str) -> bool:
    """Whether it begins with a known surname and is as long as a name, or says itself that it is one."""
    bare = patterns().name_lead.sub("", _stripped(text))
    named = bare != _stripped(text)
    written = patterns().transliterated.fullmatch(bare) or "·" in _DOTS.sub("·", bare)
    return name_in(text) is not None and bool(named or _has_surname(bare) or written)


def employer_in(text: str) -> str | None:
    """A plausible employer or way of earning; too short or too long gives None."""
    bare = patterns().employer_lead.sub("", _stripped(text))
    return bare if SHORTEST_EMPLOYER <= len(bare) <= LONGEST_EMPLOYER else None


def says_no_employer(text: str) -> bool:
    """Having none is a good answer to where one works."""
    return bool(patterns().no_employer.fullmatch(_stripped(text)))


def looks_like_employer(text: str) -> bool:
    """Whether a text has the words of a firm or a trade in it."""
    return bool(patterns().employer_like.search(narrow(text)))


def looks_like_district(text: str) -> bool:
    """Whether a text ends like a place."""
    return bool(patterns().district_like.search(_stripped(text)))


def is_bare_name(text: str) -> bool:
    """Whether a text is short and has none of the little words that make a sentence."""
    return len(text) <= LONGEST_BARE_NAME and not patterns().little_words.search(text)


def district_in(text: str) -> str | None:
    """A plausible place."""
    bare = patterns().district_lead.sub("", _stripped(text))
    return bare if SHORTEST_DISTRICT <= len(bare) <= LONGEST_DISTRICT and not bare.isdigit() else None


def is_question(text: str) -> bool:
    """Whether a text asks something."""
    return bool(patterns().question.search(narrow(text)))


def is_unknown(text: str) -> bool:
    """Whether the person does not know."""
    return bool(patterns().unknown.fullmatch(_stripped(text)))


def agreement_in(text: str) -> str:
    """What is left to judge a yes by: Simplified, no stops or blanks; the 没 of 「没错」 is no refusal."""
    bare = "".join(character for character in normalise(text) if character.isalnum())
    if bare in patterns().consent | patterns().submitting:
        return bare
    return patterns().no_fault.sub("对", bare).rstrip(patterns().soft_endings)


def has_no_mobile(text: str) -> bool:
    """Whether there is none, or it is not going to be given."""
    return bool(patterns().no_mobile.search(narrow(text))) and not is_question(text)


def is_not_easy(text: str) -> bool:
    """Whether somebody is afraid, or speaks for an employer who is against it."""
    return bool(patterns().not_easy.search(normalise(text))) and not is_question(text)


def is_bare_place(text: str) -> bool:
    """Whether a text may be the name of a place without 「区」 or 「县」 behind it."""
    bare = _stripped(text)
    known = patterns().not_names | patterns().consent
    plain_words = bare not in known and not patterns().negative.search(bare)
    return plain_words and bool(patterns().place.fullmatch(bare)) and not patterns().not_in_names.search(bare)


def is_under_sixteen(text: str) -> bool:
    """Whether the writer says to be younger than sixteen. A child's age in a question about leave does not count."""
    plain = narrow(text)
    if patterns().too_young.search(plain):
        return not is_question(plain)
    found = patterns().own_age.search(plain)
    if found is None or patterns().somebody_elses_age.search(plain):
        return False
    return int(found.group("age")) < YOUNGEST_MEMBER


def _stripped(text: str) -> str:
    return narrow(text).strip(patterns().edges)


def _has_surname(bare: str) -> bool:
    if not _HAN_NAME.fullmatch(bare) or bare in patterns().not_names:
        return False
    if bare[:2] in patterns().double_surnames and len(bare) > 2:
        return True
    # One character and three more is rather a sentence than a name.
    unlikely = patterns().never_in_names if len(bare) < _LONGEST_PLAIN_NAME else patterns().not_in_names
    return bare[0] in patterns().surnames and not unlikely.search(bare[1:])
