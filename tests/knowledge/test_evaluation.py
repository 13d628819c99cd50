"""The questions that we measure with: there are enough, nothing learns from them, and the entries can answer them."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import yaml

from bot.command.answer_marking import Marker
from bot.command.eval_answers import question_of
from bot.command.eval_scope import sentence_of
from bot.command.lines import read_each
from knowledge import evaluation
from knowledge.build import SOURCES
from knowledge.entries import load_entries
from knowledge.search import KnowledgeBase
from knowledge.sentences import HALF_SAID, STRANGERS, sentences_in

TODAY = date(2026, 11, 29)
NLU = Path(__file__).parent.parent.parent / "nlu" / "data" / "nlu"
QUESTIONS = read_each(str(evaluation.ANSWERS), question_of)
SENTENCES = read_each(str(evaluation.SCOPE), sentence_of)
SECOND = read_each(str(evaluation.SCOPE_SECOND), sentence_of)
THIRD = read_each(str(evaluation.SCOPE_THIRD), sentence_of)


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower() or text


def _learned_from() -> set[str]:
    entries = load_entries(SOURCES / "entries")
    intents = [intent for file in NLU.glob("*.yml") for intent in yaml.safe_load(file.read_text("utf-8"))["nlu"]]
    examples = [line.removeprefix("- ") for intent in intents for line in intent.get("examples", "").splitlines()]
    wordings = [asked for entry in entries for asked in entry.asked]
    others = [text for folder in (STRANGERS, HALF_SAID) for text in sentences_in(SOURCES / folder)]
    return {_plain(text) for text in (*wordings, *others, *examples)}


def test_there_are_as_many_as_we_say() -> None:
    assert len(QUESTIONS) == 100
    assert Counter(sentence.ours for sentence in SENTENCES) == {True: 300, False: 200}
    assert Counter(sentence.ours for sentence in SECOND) == {True: 299, False: 195}
    assert Counter(sentence.ours for sentence in THIRD) == {False: 212}
    texts = [one.text for one in (*QUESTIONS, *SENTENCES, *SECOND, *THIRD)]
    assert len(set(map(_plain, texts))) >= len(texts) - 1, "one is nothing but signs"
    for file in (evaluation.ANSWERS, evaluation.SCOPE, evaluation.SCOPE_SECOND, evaluation.SCOPE_THIRD):
        ids = [json.loads(line)["id"] for line in file.read_text("utf-8").splitlines()]
        assert len(set(ids)) == len(ids)


def test_nothing_is_learned_from_them() -> None:
    learned = _learned_from()
    assert not [one.text for one in (*QUESTIONS, *SENTENCES, *SECOND, *THIRD) if _plain(one.text) in learned]


def test_the_entry_that_should_answer_states_the_facts(knowledge_base: KnowledgeBase) -> None:
    marker = Marker(knowledge_base, today=TODAY)
    lacking = [
        (question.id, question.entry, question.facts.missing(seen), question.facts.false(seen))
        for question in QUESTIONS
        for seen in [marker.seen_of(question.entry or "")]
        if not question.facts.stated(seen)
    ]
    assert not lacking
