"""How far a message of ours has come, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from handoff.console.delivery_texts import NOTICED, REASONS, STATES
from handoff.console.texts import DELIVERY
from handoff.console.times import clock
from handoff.kinds import Delivery, MessageKind
from handoff.models import Conversation, Message

# What the query of `Message.only` must name for `states_of`.
FIELDS: Final = (
    "pk",
    "kind",
    "cadre",
    "created_at",
    "delivery",
    "delivery_changed_at",
    "delivery_reason",
    "attempts",
    "parts_sent",
)
# From then on it is worth saying when it went out.
_LATER: Final = timedelta(minutes=1)
_TROUBLE: Final = (Delivery.FAILED, Delivery.UNCERTAIN, Delivery.WAITING)
# Numbers are WeChat's («全局返回码»), the other words the desk's own or names of its exceptions.
_MEANINGS: Final = {
    "window": {"45015", "over", "windowclosed"},
    "quota": {"45047", "used_up", "quotaused"},
    "permission": {"48001", "48004", "50001", "50002", "notpermitted"},
    "unverified": {"unverified", "passive"},
    "unfollowed": {"43004", "40003", "unfollowed", "notfollowing"},
    "blocked": {"blocked", "forbidden", "403"},
    "gone": {"identitygone", "chat"},
    "erased": {"contacterased"},
    "unreadable": {"unreadable"},
    "account": {"account"},
    "too_long": {"45002", "toolong"},
    "content": {"87014", "45166"},
    "token": {"40001", "40014", "42001", "tokenrejected", "token"},
    "set_up": {"40002", "40013", "40125", "40164", "41002", "41004", "50004", "50007", "61024", "89503", "notsetup"},
    "busy": {"-1", "409", "429", "45009", "45011", "500", "502", "503", "busy", "slow"},
    "unreached": {"notreached", "reached", "connecterror", "connecttimeout", "pooltimeout"},
    "unknown": {"outcomeunknown", "504", "readtimeout", "timeout", "timedout", "readerror", "died", "lost"},
}
# The sender's word that a notice went out for what waits.
_NOTICED: Final = "noticed"
_WORD: Final = re.compile(r"-?\d+|[a-z_]+")


@dataclass(frozen=True)
class State:
    """How far a message of ours has come, in words; `trouble` when a cadre should know."""

    pk: int
    words: str
    trouble: bool


def states_of(conversation: Conversation, messages: Sequence[Message], *, now: datetime) -> dict[int, State]:
    """By message id, for messages of one talk in their order."""
    joined, notice = _joined(messages), notice_kind_of(conversation)
    return {message.pk: _state(message, joined=message.pk in joined, notice=notice, now=now) for message in messages}


def notice_kind_of(conversation: Conversation) -> str:
    """With what the account tells workers that something waits: a name of words, "notice" where it is not known."""
    account = settings.NIANGJIA.wechat.account(conversation.account)
    return account.notice if account is not None and account.notice in NOTICED else "notice"


def meaning_of(reason: str) -> str:
    """What stands behind a reason, as a name of words; "other" for one that is not known, empty for none."""
    found = set(_WORD.findall(reason.lower()))
    for name, marks in _MEANINGS.items():
        if found & marks:
            return name
    return "other" if reason else ""


def _state(message: Message, *, joined: bool, notice: str, now: datetime) -> State:
    delivery = Delivery(message.delivery)
    words = _words(message, delivery, now=now)
    if joined:
        words = STATES["joined"].format(words=words)
    if delivery is Delivery.WAITING:
        was_noticed = message.delivery_reason.startswith(_NOTICED)
        words = STATES["waits"].format(words=words, then=NOTICED[notice] if was_noticed else STATES["call"])
    return State(message.pk, words, delivery in _TROUBLE)


def _words(message: Message, delivery: Delivery, *, now: datetime) -> str:
    said, reason = DELIVERY[delivery], REASONS.get(meaning_of(message.delivery_reason), "")
    if delivery is Delivery.FAILED:
        return _begun(message) + STATES["stands"].format(words=said, reason=reason or REASONS["other"])
    if delivery is Delivery.WAITING:
        return _begun(message) + _because(said, reason)
    if delivery is Delivery.PENDING and message.attempts:
        return _begun(message) + _because(STATES["retry"], reason)
    if delivery is Delivery.SENDING and message.parts_sent > 1:
        return STATES["parts_going"].format(parts=message.parts_sent)
    if delivery is Delivery.SENT:
        return _arrived(message, said, now=now)
    return said


def _arrived(message: Message, said: str, *, now: datetime) -> str:
    changed = message.delivery_changed_at
    if changed is not None and changed - message.created_at >= _LATER:
        said = STATES["sent_later"].format(clock=clock(changed, now=now))
    return STATES["in_parts"].format(words=said, parts=message.parts_sent) if message.parts_sent > 1 else said


def _begun(message: Message) -> str:
    """Of a long text the first parts have arrived, and then it stopped."""
    return STATES["parts_stopped"].format(parts=message.parts_sent) if message.parts_sent else ""


def _because(words: str, reason: str) -> str:
    return STATES["because"].format(words=words, reason=reason) if reason else words


def _joined(messages: Iterable[Message]) -> frozenset[int]:
    """Lines that went out in one text with the one before: what was settled together has one and the same time."""
    found, before = set(), None
    for message in messages:
        if before is not None and _went_together(before, message):
            found.add(message.pk)
        before = message
    return frozenset(found)


def _went_together(before: Message, message: Message) -> bool:
    return (
        message.kind == before.kind == MessageKind.CADRE
        and message.cadre_id == before.cadre_id
        and message.delivery == before.delivery
        and message.delivery in (Delivery.SENT, Delivery.UNCERTAIN)
        and message.delivery_changed_at is not None
        and message.delivery_changed_at == before.delivery_changed_at
    )
