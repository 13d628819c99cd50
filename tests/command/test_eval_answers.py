"""`niangjia eval answers`: answers are marked by rule, and a miss says what is to blame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.command.main import main
from tests.command.files import json_lines
from tests.command.test_contract import niangjia

ARREARS = {"topic": "wages", "question": "老板拖欠工资怎么办？", "entry": "wages-arrears-first-steps"}
ROWS = [
    {"id": "stated", **ARREARS, "must": ["12333", "国家规定.{0,20}劳动报酬"], "must_not": ["12329"]},
    {"id": "false", **ARREARS, "must": [], "must_not": ["仲裁不收费"]},
    {"id": "lacking", **ARREARS, "must": ["第一万条"], "must_not": []},
    {"id": "elsewhere", **ARREARS, "must": ["98天"], "must_not": [], "entry": "maternity-leave-days"},
    {"id": "anywhere", "topic": "leave", "question": ARREARS["question"], "must": ["98天"], "must_not": []},
    {"id": "refused", "topic": "other", "question": "明天会下雨吗", "must": ["雨"], "must_not": [], "entry": "none"},
    {"id": "button", "topic": "leave", "question": "产假", "must": ["98天"], "must_not": []},
]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("answers")
    file = json_lines(folder / "answers.jsonl", ROWS)
    done = niangjia(folder / "home", "eval", "answers", file, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_answer_is_right_when_it_and_its_articles_state_all_and_nothing_false(figures: dict[str, Any]) -> None:
    assert figures["n"] == len(ROWS)
    assert figures["verdicts"]["at_once"] >= 1
    assert "stated" not in {miss["id"] for miss in figures["misses"]}


def test_a_miss_says_what_is_missing_or_false_and_what_is_to_blame(figures: dict[str, Any]) -> None:
    misses = {miss["id"]: miss for miss in figures["misses"]}
    told = {
        name: tuple(misses[name][field] for field in ("verdict", "blame", "missing", "false"))
        for name in ("false", "lacking", "elsewhere", "anywhere", "refused")
    }
    assert told == {
        "false": ("wrong", "entry", [], ["仲裁不收费"]),
        "lacking": ("wrong", "entry", ["第一万条"], []),
        "elsewhere": ("wrong", "finding", ["98天"], []),
        "anywhere": ("wrong", "finding", ["98天"], []),
        "refused": ("refused", "entry", [], []),
    }


def test_a_question_back_counts_when_a_button_leads_to_the_facts(figures: dict[str, Any]) -> None:
    assert "button" not in {miss["id"] for miss in figures["misses"]}
    assert figures["topics"]["leave"] == {"n": 2, "right": 1}


@pytest.mark.parametrize("patterns", ["12333", [1], ["("], None])
def test_a_bad_line_is_one_sentence_with_its_number(
    patterns: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = {"id": 1, "topic": "wages", "question": "工资", "must": [], "must_not": patterns}
    assert main(["eval", "answers", json_lines(tmp_path / "f.jsonl", [ROWS[0], bad])]) == 2
    printed = capsys.readouterr().err
    assert "第 2 行" in printed
    assert "must_not" in printed
    assert len(printed.strip().splitlines()) == 1
