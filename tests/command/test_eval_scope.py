"""`niangjia eval scope`: through the whole desk, in a database that is gone afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.command.main import main
from tests.command.files import json_lines
from tests.command.test_contract import niangjia

ROWS = [
    {"id": "ours", "topic": "wages", "question": "老板拖欠工资怎么办", "ours": True},
    {"id": "ours-refused", "topic": "weather", "question": "明天会下雨吗", "ours": True},
    {"id": "person", "topic": "person", "question": "转人工", "ours": True},
    {"id": "despair", "topic": "crisis", "question": "我不想活了", "ours": True},
    {"id": "not-ours", "topic": "weather", "question": "今天气温多少度", "ours": False},
    {"id": "not-ours-answered", "topic": "wages", "question": "工资被拖欠了去哪里告", "ours": False},
]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("scope")
    done = niangjia(folder / "home", "eval", "scope", json_lines(folder / "scope.jsonl", ROWS), "--json")
    assert done.returncode == 0, done.stderr
    assert not list((folder / "home").glob("*.sqlite3")), "no database is left behind"
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_ours_may_not_be_turned_away_and_others_must_be(figures: dict[str, Any]) -> None:
    assert (figures["outside"]["n"], figures["outside"]["turned_away_kindly"]) == (2, 0.5)
    assert (figures["inside"]["n"], figures["inside"]["turned_away"]) == (4, 0.25)
    assert {miss["id"] for miss in figures["misses"]} == {"ours-refused", "not-ours-answered"}


def test_a_question_that_leads_to_a_person_is_served(figures: dict[str, Any]) -> None:
    assert figures["inside"]["manners"]["served"] == 1
    assert figures["inside"]["manners"]["turned_away"] == 1


def test_words_of_care_are_no_refusal_and_are_counted_by_themselves(figures: dict[str, Any]) -> None:
    assert figures["inside"]["manners"]["cared_for"] == 1


def test_a_bad_line_is_one_sentence_with_its_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {"id": 1, "topic": "wages", "question": "工资", "ours": "yes"}
    assert main(["eval", "scope", json_lines(tmp_path / "f.jsonl", [ROWS[0], bad])]) == 2
    printed = capsys.readouterr().err
    assert "第 2 行" in printed
    assert "ours" in printed
    assert len(printed.strip().splitlines()) == 1
