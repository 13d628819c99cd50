"""The talk about joining a second channel: what a worker writes for it, and what the desk answers. Fixed words.

The two talks learn nothing of each other but that they were joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot import drafts
from handoff.desk_texts import DESK
from handoff.kinds import Channel, MessageKind
from handoff.link_codes import CODE_WORDS, code_in
from handoff.link_texts import AND, FORMS, LINK, NO, OR, PHRASES, QUOTED, YES
from handoff.linking import (
    CodeUnusable,
    NotJoined,
    OwnCode,
    Protected,
    TooLate,
    confirm,
    enter_code,
    give_code,
    part,
    refuse,
    to_confirm,
)
from handoff.models import Conversation, LinkCode, Message
from handoff.outbox import say
from knowledge.normalise import normalise

_LONGEST_PHRASE: Final = 40


def answered_by_link(conversation: Conversation, message: Message, body: str, *, now: datetime) -> bool:
    """Whether the message was about joining channels and has been answered; else drafts that wait move in here.

    The caller holds the conversation's lock and turn; screening has found nothing, and the desk is not silent.
    """
    if _is("ask", body):
        _give(conversation, message, now=now)
    elif _is("part", body):
        joined = part(conversation, now=now)
        _answer(conversation, message, LINK["parted" if joined else "nothing_to_part"], now=now)
    elif (_is("yes", body) or _is("no", body)) and (link := to_confirm(conversation, now=now)):
        _decide(conversation, message, link, is_theirs=_is("yes", body), now=now)
    elif (code := code_in(body)) is not None:
        _enter(conversation, message, code, now=now)
    else:
        drafts.take_waiting_drafts(conversation, now=now)
        return False
    return True


def _give(conversation: Conversation, message: Message, *, now: datetime) -> None:
    try:
        code = give_code(conversation, now=now)
    except Protected:
        _answer(conversation, message, LINK["protected"], now=now)
    else:
        words = LINK["code"].format(code=code)
        say(conversation, MessageKind.FIXED, words, now=now, in_reply_to=message, words_name=CODE_WORDS)


def _enter(conversation: Conversation, message: Message, code: str, *, now: datetime) -> None:
    try:
        link = enter_code(conversation, code, now=now)
    except Protected:
        words = "protected"
    except OwnCode:
        words = "own"
    except CodeUnusable:
        words = "unusable"
    else:
        words = "entered"
        question = LINK["question"].format(channel=_label(conversation))
        say(link.conversation, MessageKind.FIXED, question, now=now, extras=_buttons(YES, NO))
    _answer(conversation, message, LINK[words], now=now)


def _decide(conversation: Conversation, message: Message, link: LinkCode, *, is_theirs: bool, now: datetime) -> None:
    if not is_theirs:
        refuse(link, now=now)
        _answer(conversation, message, LINK["refused"], now=now)
        return
    try:
        second = confirm(link, conversation, now=now)
    except Protected:
        _answer(conversation, message, LINK["protected"], now=now)
    except TooLate:
        _answer(conversation, message, LINK["too_late"], now=now)
    except NotJoined:
        _answer(conversation, message, LINK["not_joined"], now=now)
    else:
        _tell_both(conversation, second, message, link, now=now)


def _tell_both(first: Conversation, second: Conversation, message: Message, link: LinkCode, *, now: datetime) -> None:
    words, there = [LINK["joined_first"].format(channel=_label(second))], [LINK["joined_second"]]
    names = drafts.drafts_in(first)
    forms, phrases = AND.join(FORMS[name][0] for name in names), [FORMS[name][1] for name in names]
    offered: Sequence[str] = ()
    if names and not drafts.takes_forms(second):
        words.append(LINK["draft_stays"].format(forms=forms))
    elif names:
        link.draft_waits = True
        link.save(update_fields=["draft_waits"])
        words.append(LINK["draft_first"].format(forms=forms))
        if drafts.is_filling_in(second):
            there.append(LINK["form_here"].format(forms=forms))
        else:
            quoted = OR.join(QUOTED.format(phrase=phrase) for phrase in phrases)
            there.append(LINK["draft_second"].format(forms=forms, phrases=quoted))
            offered = phrases
    _answer(first, message, "\n".join(words), now=now)
    say(second, MessageKind.FIXED, "\n".join(there), now=now, extras=_buttons(*offered))


def _answer(conversation: Conversation, message: Message, words: str, *, now: datetime) -> None:
    say(conversation, MessageKind.FIXED, words, now=now, in_reply_to=message)


def _buttons(*titles: str) -> dict[str, list[dict[str, str]]]:
    """A tapped title is as good as a typed one."""
    return {"buttons": [{"title": title} for title in titles]} if titles else {}


def _is(phrase: str, body: str) -> bool:
    return len(body) <= _LONGEST_PHRASE and normalise(body).strip(DESK["marks"]) in PHRASES[phrase].split("|")


def _label(conversation: Conversation) -> str:
    return str(Channel(conversation.channel).label)
