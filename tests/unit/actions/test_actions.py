"""Actions by themselves: names, failures, and the words that must not drift."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import yaml

from actions import texts
from actions.answer_view import offers_to_join
from actions.buttons import none_button, person_button, question_button
from actions.compose import build_actions
from actions.executor import ActionRunner
from actions.repeat import in_short
from actions.scope import Scopes, TurnScope, UnknownTurn
from knowledge.search import Answer, Outcome
from tests.fakes.case_reader import FakeCaseReader
from tests.fakes.knowledge import FakeKnowledge

if TYPE_CHECKING:
    from knowledge.search import KnowledgeBase

ROOT = Path(__file__).parents[3]
# Whoever changes what a worker consents to gives the words a new version.
CONSENT_VERSIONS = {"join-consent-1": "3afb9ab76c542075", "join-consent-2": "cd3919bc2ad4c403"}


def _runner(scopes: Scopes, knowledge: KnowledgeBase | None = None) -> ActionRunner:
    actions = build_actions(
        knowledge or FakeKnowledge(), scopes, case_reader=FakeCaseReader(), new_case_no=lambda: "261121000001"
    )
    return ActionRunner(actions)


def _call(action: str, *, text: str, intent: str, slots: dict[str, Any] | None = None) -> dict[str, Any]:
    message = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": []}
    user = {"event": "user", "text": text, "parse_data": message}
    tracker = {"sender_id": "turn", "slots": slots or {}, "latest_message": message, "events": [user]}
    return {"next_action": action, "sender_id": "turn", "tracker": {**tracker, "paused": False, "active_loop": {}}}


def _opened(**given: Any) -> tuple[Scopes, TurnScope]:
    scopes = Scopes()
    scope = TurnScope(datetime(2026, 11, 21, tzinfo=UTC), uuid4(), 1, "webchat", None, **given)
    scopes.open("turn", scope)
    return scopes, scope


def test_every_action_of_the_domain_can_run() -> None:
    wanted = set()
    for file in (ROOT / "nlu" / "domain").glob("*.yml"):
        wanted |= set(yaml.safe_load(file.read_text(encoding="utf-8")).get("actions", []))
    assert _runner(Scopes()).names == wanted


def test_a_failing_action_raises_instead_of_falling_silent() -> None:
    with pytest.raises(UnknownTurn):
        asyncio.run(_runner(Scopes()).run(_call("action_answer", text="老板不给工资", intent="ask_question")))


def test_the_knowledge_base_is_asked_with_the_turns_own_day() -> None:
    scopes, _ = _opened()
    knowledge = FakeKnowledge()
    asyncio.run(_runner(scopes, knowledge).run(_call("action_answer", text="老板不给工资", intent="ask_question")))
    assert knowledge.asked == [("老板不给工资", date(2026, 11, 21), None)]


def test_only_the_articles_an_entry_rests_on_are_shown_with_it() -> None:
    scopes, _ = _opened()
    result = asyncio.run(_runner(scopes).run(_call("action_answer", text="老板不给工资", intent="ask_question")))
    [reply] = result["responses"]
    assert [citation["article_no"] for citation in reply["custom"]["citations"]] == ["第八十五条"]


def test_a_person_asked_for_through_the_knowledge_base_is_really_called() -> None:
    scopes, scope = _opened()
    asyncio.run(_runner(scopes).run(_call("action_answer", text="找真人", intent="ask_question")))
    assert len(scope.effects) == 1


def test_a_bare_topic_word_is_asked_back_and_not_guessed() -> None:
    scopes, _ = _opened()
    knowledge = FakeKnowledge()
    result = asyncio.run(_runner(scopes, knowledge).run(_call("action_answer", text="工资", intent="ask_question")))
    [reply] = result["responses"]
    assert knowledge.asked == []
    assert [button["title"] for button in reply["buttons"]] == ["老板拖欠工资怎么办？", "转人工"]


@pytest.mark.parametrize(("likely", "buttons"), [(True, ["老板拖欠工资怎么办？", "都不是", "转人工"]), (False, [])])
def test_against_the_dialogues_opinion_only_what_is_likely_is_asked_back(
    likely: bool, buttons: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scopes, _ = _opened()
    knowledge = FakeKnowledge()
    back = Answer(Outcome.CLARIFY, "您是问？", (), None, "wages", 0.3, ("老板拖欠工资怎么办？",), likely)
    monkeypatch.setattr(knowledge, "answer", lambda *_, **__: back)
    call = _call("action_out_of_scope", text="钱没到", intent="out_of_scope")
    [reply] = asyncio.run(_runner(scopes, knowledge).run(call))["responses"]
    assert [button["title"] for button in reply["buttons"]] == buttons


def test_whoever_asks_for_a_person_is_heard_whatever_the_dialogue_takes_it_for() -> None:
    scopes, scope = _opened()
    call = _call("action_out_of_scope", text="转哪去了？两个月了，我要找真人", intent="out_of_scope")
    asyncio.run(_runner(scopes).run(call))
    assert [type(effect).__name__ for effect in scope.effects] == ["RequestHandoff"]


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("那要是公司欠了我两个月工资我才走的呢，也得赔这个钱？", True),
        ("可公司到现在一分工资没给，我该怎么跟他讲", True),
        ("那天加班到半夜，工资怎么算才对", False),
        ("可以不给工资就让人走吗，有这样的规定吗", False),
    ],
)
def test_who_begins_like_somebody_who_goes_on_does_so_however_long_the_rest_is(text: str, goes_on: bool) -> None:
    scopes, _ = _opened()
    knowledge = FakeKnowledge()
    slots = {"last_question": "没干满服务期要赔多少", "topic": "contract", "last_entry": "bond"}
    asyncio.run(_runner(scopes, knowledge).run(_call("action_answer", text=text, intent="ask_question", slots=slots)))
    assert any("服务期" in question for question, *_ in knowledge.asked) is goes_on


def test_none_of_these_goes_on_from_what_was_asked_without_what_was_offered() -> None:
    scopes, _ = _opened()
    knowledge = FakeKnowledge()
    call = _call("action_answer", text='/ask_question{"none_of_these": "yes"}', intent="ask_question")
    call["tracker"]["latest_message"]["entities"] = [{"entity": "none_of_these", "value": "yes"}]
    call["tracker"]["slots"] = {"last_question": "钱没到", "last_entry": None}
    offered = [question_button("工资晚发几天算拖欠？"), none_button(), person_button()]
    said = {"event": "bot", "text": "您问的是？", "data": {"buttons": offered}}
    call["tracker"]["events"] = [{"event": "user", "text": "钱没到"}, said, *call["tracker"]["events"]]
    [reply] = asyncio.run(_runner(scopes, knowledge).run(call))["responses"]
    assert knowledge.went_on_from == [("钱没到", frozenset({"工资晚发几天算拖欠？"}))]
    assert [button["title"] for button in reply["buttons"]] == ["老板拖欠工资怎么办？", "转人工"]


def test_none_of_these_after_the_question_was_forgotten_asks_for_it_anew() -> None:
    scopes, _ = _opened()
    knowledge = FakeKnowledge()
    call = _call("action_answer", text='/ask_question{"none_of_these": "yes"}', intent="ask_question")
    call["tracker"]["latest_message"]["entities"] = [{"entity": "none_of_these", "value": "yes"}]
    assert asyncio.run(_runner(scopes, knowledge).run(call))["responses"]
    assert [question for question, *_ in knowledge.asked] == [""]


def test_the_consent_names_the_union() -> None:
    actions = build_actions(
        FakeKnowledge(),
        Scopes(),
        case_reader=FakeCaseReader(),
        new_case_no=lambda: "261121000001",
        union_name="昆山市总工会",
    )
    call = _call("action_ask_join_consent", text="我要入会", intent="join_union")
    result = asyncio.run(ActionRunner(actions).run(call))
    assert "昆山市总工会" in result["responses"][0]["text"]


def test_of_a_tentative_answer_everything_else_that_may_be_meant_is_a_button(monkeypatch: pytest.MonkeyPatch) -> None:
    scopes, _ = _opened()
    knowledge, others = FakeKnowledge(), tuple(f"第{n}个问题？" for n in range(4))
    tentative = Answer(Outcome.ANSWERED, "最接近的。", (), "wages", "wages", 0.6, others, tentative=True)
    monkeypatch.setattr(knowledge, "answer", lambda *_, **__: tentative)
    call = _call("action_answer", text="钱一直没到账上怎么回事", intent="ask_question")
    [reply] = asyncio.run(_runner(scopes, knowledge).run(call))["responses"]
    assert [button["title"] for button in reply["buttons"]] == [*others, "都不是", "转人工"]


@pytest.mark.parametrize("entry", ["union-join-how", "rider-join-union"])
def test_joining_is_offered_after_answers_about_it(entry: str) -> None:
    answer = Answer(Outcome.ANSWERED, "可以入会。", (), entry, "union_membership", 0.9, ())
    assert offers_to_join(answer)


def test_a_long_answer_is_cut_to_its_first_sentences() -> None:
    assert in_short("可以。三天内说。还有很多。") == "可以。三天内说。"
    assert in_short("简单说：可以。三天内说。") == "可以。"


def test_the_words_of_consent_and_their_version_go_together() -> None:
    digest = sha256(texts.JOIN_CONSENT.encode()).hexdigest()[:16]
    assert CONSENT_VERSIONS[texts.JOIN_CONSENT_VERSION] == digest
