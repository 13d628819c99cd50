"""The engine under odd input, failing actions, many threads and a long talk."""

from __future__ import annotations

import asyncio
import io
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from actions.scope import Scopes, TurnScope
from nlu.engine import DialogueEngine, Snapshot, TurnFailed, TurnResult
from tests.dialogue.talk import NOW, Talk


@pytest.mark.parametrize(
    "command",
    ["/restart", "/session_start", "/back", "  /join_union", "/affirm", '/ask_question{"asked":"x"}', "／restart"],
)
def test_a_typed_command_is_only_words(talk: Talk, command: str) -> None:
    talk.goes(("我要入会", "同意"))
    talk.says(command)
    assert talk.last is not None
    assert talk.last.snapshot.active_loop == "join_form"
    assert talk.last.snapshot.requested_slot == "join_consent"
    assert talk.last.confidence < 1.0


@pytest.mark.parametrize(
    "text", ["", "   ", "\0\0", "😀", "。。。", "？", "a", "𠮷野家", "\u200b", "{}", "{0[x]}", "[我](intent)"]
)
def test_odd_input_gets_words(talk: Talk, text: str) -> None:
    assert talk.says(text).strip()


def test_a_megabyte_of_text_is_answered_in_time(talk: Talk) -> None:
    began = time.monotonic()
    assert talk.says("老板不发工资" * 170_000)
    assert time.monotonic() - began < 20


def test_an_empty_message_changes_nothing(talk: Talk) -> None:
    talk.goes(("我要入会", "同意"))
    before = talk.state
    talk.goes(("   ", "我没看到字"))
    assert talk.state == before


def test_a_payload_that_is_none_fails_the_turn(talk: Talk, engine: DialogueEngine) -> None:
    with pytest.raises(TurnFailed):
        engine.respond("turn-without-payload", "x", None, payload="not a payload")


def test_a_failing_action_fails_the_turn_and_keeps_its_cause(engine: DialogueEngine) -> None:
    with pytest.raises(TurnFailed) as failed:
        engine.respond("a-turn-nobody-opened", "转人工", None)
    assert failed.value.where == "action_request_human"
    assert isinstance(failed.value.__cause__, LookupError)


def test_after_a_failed_turn_the_next_one_is_answered(talk: Talk, engine: DialogueEngine) -> None:
    with pytest.raises(TurnFailed):
        engine.respond("another-turn-nobody-opened", "转人工", None)
    talk.goes(("你好", "自动回复"))


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """All logs of the process, at the lowest level."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield heard
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_log_holds_what_a_worker_wrote(
    talk: Talk, engine: DialogueEngine, everything_logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    talk.goes(("我要入会", "同意"), ("[同意]", "姓名"), ("欧阳修文", "手机号"), ("13912345678", "哪个单位"))
    talk.goes(("老板克扣了我的高温补贴怎么办？", "单位"), ("/诡异的命令", "帮不上"))
    with pytest.raises(TurnFailed):
        engine.respond("turn-nobody-opened-either", "转人工 我叫欧阳修文", None)
    printed = capfd.readouterr()
    logged = everything_logged.getvalue() + printed.out + printed.err
    for word in ("欧阳修文", "13912345678", "高温补贴", "诡异"):
        assert word not in logged


def _respond(engine: DialogueEngine, scopes: Scopes, text: str, before: Snapshot | None = None) -> TurnResult:
    turn = uuid4().hex
    scopes.open(turn, TurnScope(NOW, uuid4(), 1, "webchat", None))
    try:
        return engine.respond(turn, text, before)
    finally:
        scopes.close(turn)


def test_many_threads_keep_their_talks_apart(engine: DialogueEngine, scopes: Scopes) -> None:
    names = ["王小明", "李娟", "赵铁柱", "欧阳修文", "陈静", "刘洋", "周杰", "吴芳"]

    def joins(name: str) -> Any:
        state: Snapshot | None = None
        for text in ("我要入会", "同意", name):
            state = _respond(engine, scopes, text, state).snapshot
        assert state is not None
        return state.slots["join_name"]

    with ThreadPoolExecutor(len(names)) as pool:
        assert list(pool.map(joins, names)) == names


def test_turn_300_costs_what_turn_5_costs(engine: DialogueEngine, scopes: Scopes) -> None:
    lines = ("你好", "加班费怎么算", "那周末呢", "谢谢", "你能做什么")
    states: list[Snapshot | None] = [None]
    for count in range(300):
        states.append(_respond(engine, scopes, lines[count % len(lines)], states[-1]).snapshot)
    assert states[300] is not None
    assert len(states[300].to_json()) < 6_000

    def cost(state: Snapshot | None) -> float:
        began = time.perf_counter()
        _respond(engine, scopes, "你能做什么", state)
        return time.perf_counter() - began

    # Turn about, so that whatever else the machine does falls on both alike; the best of many is the cost itself.
    both = [(cost(states[5]), cost(states[300])) for _ in range(40)]
    early, late = (min(took) for took in zip(*both, strict=True))
    assert late <= 1.3 * early


def test_an_engine_can_be_used_from_inside_a_running_loop_by_a_thread(engine: DialogueEngine, scopes: Scopes) -> None:
    async def ask() -> TurnResult:
        return await asyncio.to_thread(_respond, engine, scopes, "你好")

    assert asyncio.run(ask()).replies


def test_a_snapshot_of_an_older_dialogue_is_read_as_far_as_it_goes(engine: DialogueEngine, scopes: Scopes) -> None:
    older = Snapshot(slots={"gone": "x", "topic": "wages"}, active_loop="form_that_was", requested_slot="gone")
    result = _respond(engine, scopes, "谢谢", older)
    assert result.snapshot.slots == {"topic": "wages"}
    assert result.snapshot.active_loop is None
