"""What a reply is called when the desk's manners are measured."""

from __future__ import annotations

import pytest

from actions import texts as of_actions
from bot.command.manners import Manner, manner_of
from knowledge import texts as of_knowledge
from nlu import texts as of_engine


@pytest.mark.parametrize(
    ("said", "actions", "manner"),
    [
        ("先算清欠了多少。", "action_answer", Manner.ANSWERED),
        (of_knowledge.CLARIFY, "action_answer", Manner.ASKED_BACK),
        (of_knowledge.CLARIFY, "action_out_of_scope", Manner.ASKED_BACK),
        (of_knowledge.OUT_OF_SCOPE, "action_answer", Manner.TURNED_AWAY),
        (of_actions.OUT_OF_SCOPE, "action_out_of_scope", Manner.TURNED_AWAY),
        (of_actions.DO_NOT_KNOW, "action_answer", Manner.TURNED_AWAY),
        ("我是自动回复，不太会聊天。", "utter_chitchat", Manner.TURNED_AWAY),
        ("不客气。", "utter_thanks", Manner.SMALL_TALK),
        (of_engine.NOTHING_SAID, "", Manner.SMALL_TALK),
        ("听得出来您撑了很久。", "", Manner.CARED_FOR),
        ("好的，已经转给值班的工会干部。", "action_request_human", Manner.SERVED),
    ],
)
def test_each_reply_has_its_manner(said: str, actions: str, manner: Manner) -> None:
    assert manner_of([said], [actions] if actions else []) is manner


@pytest.mark.parametrize("refusal", [of_knowledge.OUT_OF_SCOPE, of_actions.OUT_OF_SCOPE, of_actions.DO_NOT_KNOW])
def test_whoever_is_turned_away_hears_what_the_desk_can_do(refusal: str) -> None:
    assert all(subject in refusal for subject in ("工资", "合同", "社保", "工伤", "入会"))
