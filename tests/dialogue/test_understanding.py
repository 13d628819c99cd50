"""What the classifier makes of sentences it has not seen: floors, so that new training sentences cannot break old ones."""

from __future__ import annotations

from pathlib import Path

import yaml

from nlu.engine import DialogueEngine

SENTENCES = Path(__file__).with_name("understanding.yml")
RIGHT_AT_LEAST = 0.93
# Both lead to the knowledge base, as does a message that is not understood.
ASKING = {"ask_question", "follow_up", "nlu_fallback"}


def _sentences() -> dict[str, list[str]]:
    read: dict[str, list[str]] = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    return read


def _is_right(intent: str, understood: str) -> bool:
    return understood in ASKING if intent in ASKING else understood == intent


def test_most_unseen_sentences_are_understood(engine: DialogueEngine) -> None:
    heard = [(intent, text, engine.understand(text).intent) for intent, texts in _sentences().items() for text in texts]
    wrong = [(text, understood) for intent, text, understood in heard if not _is_right(intent, understood)]
    assert 1 - len(wrong) / len(heard) >= RIGHT_AT_LEAST, wrong


def test_hardly_any_labour_question_is_taken_for_small_talk(engine: DialogueEngine) -> None:
    questions = _sentences()["ask_question"]
    swallowed = [
        text
        for text in questions
        if engine.understand(text).intent in ("chitchat", "greet", "affirm", "deny", "feel_low", "skip", "cancel")
    ]
    assert not swallowed


def test_traditional_and_full_width_mean_the_same(engine: DialogueEngine) -> None:
    for ours, theirs in (
        ("加班費怎麼算", "加班费怎么算"),
        ("Ｎ＋１怎么算", "N+1怎么算"),
        ("拖欠工資怎麼辦", "拖欠工资怎么办"),
    ):
        assert engine.understand(ours).intent == engine.understand(theirs).intent == "ask_question"


def test_details_are_found_in_their_one_form(engine: DialogueEngine) -> None:
    found = {
        entity.kind: entity.value for entity in engine.understand("我电话１３８ 0013 8000，2024年3月5日进厂").entities
    }
    assert found == {"mobile": "13800138000", "date": "2024-03-05"}
