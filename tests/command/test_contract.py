"""The `niangjia` command as other programs use it: real processes over the built parts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

NASTY = [
    "",
    "   ",
    "\x00",
    "拖欠\x00工资",
    "😀😀😀",
    "老闆拖欠工資怎麼辦",
    "老板拖欠ＧＯＮＧ资１２３怎么办",
    "/restart",
    "/ask_human{\"a\": 1}",
    "<script>alert(1)</script>",
    "'; DROP TABLE handoff_message; --",
    "{" * 2000,
    "\ufffd\u200b\u202e",
    "工资" * 250_000,
]  # fmt: skip


def niangjia(home: Path, *arguments: str, timeout_s: float = 240) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NIANGJIA_", "DJANGO_"))}
    environment = kept | {"NIANGJIA_HOME": str(home), "NIANGJIA_BUILD_DIR": str(settings.NIANGJIA.build_dir)}
    command = [sys.executable, "-m", "bot.command.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout_s, check=False)


def _lines(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def _run_file(tmp_path: Path, name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    target = tmp_path / "out.jsonl"
    done = niangjia(tmp_path / "home", name, "--input", _lines(tmp_path / "in.jsonl", rows), "--output", str(target))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    written = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in written] == [row["id"] for row in rows]
    return written


def test_ask_answers_every_line_and_cites(tmp_path: Path) -> None:
    rows = [{"id": number, "question": text} for number, text in enumerate(["公司不签劳动合同怎么办", *NASTY])]
    written = _run_file(tmp_path, "ask", rows)
    first = written[0]
    assert first["outcome"] == "answered"
    assert set(first) == {"id", "question", "outcome", "answer", "citations", "entry", "score", "ms"}
    contract_law = [row for row in first["citations"] if row["law"] == "中华人民共和国劳动合同法"]
    assert contract_law
    assert set(contract_law[0]) == {"law", "article_no", "article", "version_date", "text", "status", "kind"}
    assert {row["outcome"] for row in written} <= {"answered", "clarify", "out_of_scope", "handoff"}
    assert all(row["answer"] for row in written)


def test_one_question_on_the_command_line(tmp_path: Path) -> None:
    done = niangjia(tmp_path, "ask", "试用期能不发工资吗", "--top", "2")
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert 1 <= len(row["citations"]) <= 2


def test_screen_gives_every_line_a_level(tmp_path: Path) -> None:
    texts = ["我不想活了", "年假有几天", *NASTY, "工资" * 100_000 + "我不想活了"]
    written = _run_file(tmp_path, "screen", [{"id": str(n), "text": text} for n, text in enumerate(texts)])
    assert written[0]["level"] == "crisis"
    assert written[1]["level"] == "ordinary"
    assert written[-1]["level"] == "crisis"
    assert all(set(row) == {"id", "level", "categories", "score"} for row in written)


def test_understand_names_an_intent(tmp_path: Path) -> None:
    written = _run_file(tmp_path, "understand", [{"id": n, "text": text} for n, text in enumerate(["转人工", *NASTY])])
    assert written[0]["intent"] == "request_human"
    assert all(set(row) == {"id", "intent", "confidence", "entities"} for row in written)


def test_talk_plays_whole_conversations(tmp_path: Path) -> None:
    join = ["我想加入工会", "同意", "张伟", "13800138000", "城南建筑公司", "城南区", "确认"]
    talks = [
        {"id": "join", "turns": join},
        {"id": "despair", "turns": ["我不想活了", "年假几天"]},
        {"id": "nobody", "turns": []},
        {"id": "nasty", "turns": NASTY},
    ]
    written = {row["id"]: row["replies"] for row in _run_file(tmp_path, "talk", talks)}
    assert "批准由基层工会作出" in written["join"][-1][-1]
    assert "12356" in written["despair"][0][0]
    assert written["nobody"] == []
    assert len(written["nasty"]) == len(NASTY)
    assert all(written["join"])
    assert not list((tmp_path / "home").glob("*.sqlite3")), "a talk leaves no database behind"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"id": 1, "text": "x"}\n' * 6 + b"{oops}\n", "第 7 行"),
        (b'{"id": 1}\n', "第 1 行"),
        (b"\xff\xfe\x00", "第 1 行"),
    ],
)
def test_a_bad_line_is_one_sentence_with_its_number(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "in.jsonl").write_bytes(content)
    done = niangjia(tmp_path / "home", "screen", "--input", str(tmp_path / "in.jsonl"))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    done = niangjia(tmp_path, "ask", "--input", str(tmp_path / "none.jsonl"))
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)


def test_wrong_settings_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "niangjia.toml").write_text('port = "x"\nprot = 1\n')
    done = niangjia(tmp_path, "check")
    assert done.returncode == 2
    assert "NIANGJIA_PORT" in done.stderr
    assert "prot" in done.stderr


def test_accounts_are_added_once_with_a_password_shown_once(tmp_path: Path) -> None:
    first = niangjia(tmp_path, "cadre", "add", "wangmin", "--display-name", "王敏")
    again = niangjia(tmp_path, "cadre", "add", "wangmin")
    assert (first.returncode, again.returncode) == (0, 2)
    assert "wangmin" in first.stdout
    assert "已经有" in again.stderr
    check = niangjia(tmp_path, "check")
    assert "没有能接待职工的账号" not in check.stdout


def test_the_version_is_printed(tmp_path: Path) -> None:
    assert niangjia(tmp_path, "version").stdout.strip().count(".") == 2
