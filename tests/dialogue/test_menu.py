"""A click on the official account's menu is understood as what its button says."""

from __future__ import annotations

from bot.channels.wechat import menu
from nlu.engine import DialogueEngine

# Both lead to the knowledge base.
ASKING = {"ask_question", "follow_up", "nlu_fallback"}
MEANT = {
    "join_union": "join_union",
    "book_call": "book_call",
    "capabilities": "ask_capabilities",
    "request_human": "request_human",
    "case_status": "case_status",
    "contact": "ask_contact",
    "privacy": "ask_privacy",
}


def test_each_button_means_what_it_says(engine: DialogueEngine) -> None:
    for button in menu.read_menu(menu.SHIPPED).buttons():
        understood = engine.understand(button.says).intent
        assert understood in ({MEANT[button.key]} if button.key in MEANT else ASKING), button.key
