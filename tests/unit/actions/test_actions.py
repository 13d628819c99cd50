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
from actions.compose import build_actions
from actions.executor import ActionRunner
from actions.scope import Scopes, TurnScope, UnknownTurn
from tests.fakes.case_reader import FakeCaseReader
from tests.fakes.knowledge import FakeKnowledge

if TYPE_CHECKING:
    from knowledge.search import KnowledgeBase

ROOT = Path(__file__).parents[3]
# Whoever changes what a worker consents to gives the words a new version.
CONSENT_VERSIONS = {"join-consent-1": "3afb9ab76c542075"}


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
        asyncio.run(_runner(Scopes()).run(_call("action_answer", text="工资", intent="ask_question")))


def test_the_knowledge_base_is_asked_with_the_turns_own_day() -> None:
    scopes, _ = _opened()
    knowledge = FakeKnowledge()
    asyncio.run(_runner(scopes, knowledge).run(_call("action_answer", text="工资", intent="ask_question")))
    assert knowledge.asked == [("工资", date(2026, 11, 21), None)]


def test_only_the_articles_an_entry_rests_on_are_shown_with_it() -> None:
    scopes, _ = _opened()
    result = asyncio.run(_runner(scopes).run(_call("action_answer", text="工资", intent="ask_question")))
    [reply] = result["responses"]
    assert [citation["article_no"] for citation in reply["custom"]["citations"]] == ["第八十五条"]


def test_a_person_asked_for_through_the_knowledge_base_is_really_called() -> None:
    scopes, scope = _opened(on_duty=True)
    asyncio.run(_runner(scopes).run(_call("action_answer", text="找真人", intent="ask_question")))
    assert len(scope.effects) == 1


def test_the_words_of_consent_and_their_version_go_together() -> None:
    digest = sha256(texts.JOIN_CONSENT.encode()).hexdigest()[:16]
    assert CONSENT_VERSIONS[texts.JOIN_CONSENT_VERSION] == digest
