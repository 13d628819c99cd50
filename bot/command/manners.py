"""How the desk dealt with a message, read off what it did and said."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from actions import texts as of_actions
from handoff.desk_texts import DESK
from knowledge import texts as of_knowledge
from nlu import texts as of_engine


class Manner(StrEnum):
    """TURNED_AWAY says what the desk can do instead; SMALL_TALK does not. CARED_FOR: approved words, and no answer."""

    ANSWERED = "answered"
    ASKED_BACK = "asked_back"
    TURNED_AWAY = "turned_away"
    SMALL_TALK = "small_talk"
    SERVED = "served"
    CARED_FOR = "cared_for"


_ASKS_KNOWLEDGE: Final = frozenset({"action_answer", "action_out_of_scope"})
_ASKS_BACK: Final = frozenset({of_knowledge.CLARIFY, of_actions.WHICH_ONE, of_knowledge.EMPTY, DESK["offered"]})
_SAYS_WHAT_IT_CAN: Final = frozenset(
    {
        of_knowledge.OUT_OF_SCOPE,
        of_knowledge.ABROAD,
        of_actions.OUT_OF_SCOPE,
        of_actions.DO_NOT_KNOW,
        DESK["nothing_to_offer"],
    }
)
_HELPLESS: Final = frozenset({of_engine.NOT_UNDERSTOOD, of_engine.NOTHING_SAID})
_INTRODUCES_ITSELF: Final = frozenset({"utter_chitchat", "utter_capabilities", "utter_identity", "utter_greet"})
_CIVIL: Final = frozenset(
    {
        "utter_insult",
        "utter_thanks",
        "utter_goodbye",
        "utter_all_right",
        "utter_no_problem",
        "utter_nothing_to_skip",
        "utter_nothing_to_cancel",
        "utter_correct_later",
        "action_repeat",
        "action_shorten",
    }
)


def manner_of(said: Sequence[str], actions: Sequence[str]) -> Manner:
    """`said`: the texts of one turn's replies; `actions`: what the dialogue did, none when it was not asked."""
    done = set(actions)
    if _SAYS_WHAT_IT_CAN & set(said) or done & _INTRODUCES_ITSELF:
        return Manner.TURNED_AWAY
    if _ASKS_BACK & set(said):
        return Manner.ASKED_BACK
    if done & _ASKS_KNOWLEDGE:
        return Manner.ANSWERED
    civil = done & _CIVIL or _HELPLESS & set(said)
    if civil:
        return Manner.SMALL_TALK
    return Manner.SERVED if done else Manner.CARED_FOR
