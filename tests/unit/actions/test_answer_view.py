"""How an answer is put to the worker."""

from __future__ import annotations

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.answer_view import View
from actions.sureness import SURENESS, Sureness
from knowledge.search import Answer, Outcome

QUESTION = "年假没休，能折成钱吗？"
VIEW = View({"leave": QUESTION})


def _answer(text: str, *, tentative: bool = False) -> Answer:
    return Answer(Outcome.ANSWERED, text, (), "leave", "leave", 0.9, (), tentative=tentative)


def _shown(answer: Answer) -> dict[str, object]:
    dispatcher = CollectingDispatcher()
    VIEW.show(answer, dispatcher, is_ours=True)
    (message,) = dispatcher.messages
    return dict(message)


def test_of_a_bare_yes_it_is_said_what_it_answers() -> None:
    assert (
        _shown(_answer("能。没休的每天另外给两天的钱。"))["text"] == f"「{QUESTION}」\n能。没休的每天另外给两天的钱。"
    )


@pytest.mark.parametrize("text", ["请节哀。家属可以申请。", "没休的可以折成钱。", "先留证据。"])
def test_what_says_something_by_itself_stands_as_it_is(text: str) -> None:
    assert _shown(_answer(text))["text"] == text


def test_the_nearest_answer_names_its_question_already() -> None:
    assert _shown(_answer("能。", tentative=True))["text"] == "能。"


@pytest.mark.parametrize(
    ("answer", "sureness"),
    [
        (_answer("没休的可以折成钱。"), Sureness.SURE),
        (_answer("没休的可以折成钱。", tentative=True), Sureness.TENTATIVE),
        (Answer(Outcome.CLARIFY, "哪一个？", (), None, "leave", 0.3, (QUESTION,), ours=True), Sureness.ASKED_BACK),
        (Answer(Outcome.CLARIFY, "哪一个？", (), None, "leave", 0.3, (QUESTION,)), Sureness.GUESSED),
        (Answer(Outcome.OUT_OF_SCOPE, "答不了。", (), None, None, 0.1, ()), Sureness.UNKNOWN),
        (Answer(Outcome.ABROAD, "外国的不懂。", (), None, None, 1.0, ()), Sureness.ELSEWHERE),
    ],
)
def test_how_sure_it_is_goes_along(answer: Answer, sureness: Sureness) -> None:
    data = _shown(answer)["custom"]
    assert isinstance(data, dict)
    assert data[SURENESS] == sureness


def test_a_quoted_sentence_keeps_its_own_quotes_apart() -> None:
    dispatcher = CollectingDispatcher()
    VIEW.show_no_more(_answer("能。"), "别写「个人原因」", dispatcher)
    assert "「别写『个人原因』」" in dispatcher.messages[0]["text"]
