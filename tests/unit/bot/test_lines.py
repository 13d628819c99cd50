"""JSON Lines in and out."""

import json
from pathlib import Path

import pytest

from bot.command.errors import CommandError
from bot.command.lines import map_lines, read_lines


def _file(folder: Path, content: bytes) -> str:
    path = folder / "in.jsonl"
    path.write_bytes(content)
    return str(path)


def test_one_line_out_for_each_line_in_in_order(tmp_path: Path) -> None:
    rows = [{"id": n, "text": f"第{n}句", "unknown": True} for n in (3, "a", None, 1)]
    source = _file(tmp_path, "\n".join(json.dumps(row) for row in rows).encode())
    target = tmp_path / "out.jsonl"
    map_lines(source, str(target), field="text", of=str, work=lambda text: {"length": len(text)})
    written = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert written == [{"id": row["id"], "length": len(str(row["text"]))} for row in rows]


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"id": 1}',
        b'{"id": 1, "text": 5}',
        b'{"text": "x"}',
        b"[" * 100_000,
        b'"' + b"x" * 100,
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, bad: bytes) -> None:
    good = b'{"id": 1, "text": "x"}\n'
    with pytest.raises(CommandError, match="第 7 行"):
        read_lines(_file(tmp_path, good * 6 + bad + b"\n" + good), field="text", of=str)


def test_a_missing_file_is_one_sentence() -> None:
    with pytest.raises(CommandError, match="读不了"):
        read_lines("/nowhere/at/all.jsonl", field="text", of=str)


def test_an_unwritable_target_is_one_sentence(tmp_path: Path) -> None:
    source = _file(tmp_path, b'{"id": 1, "text": "x"}')
    with pytest.raises(CommandError, match="写不了"):
        map_lines(source, "/nowhere/out.jsonl", field="text", of=str, work=lambda text: {})


def test_half_a_character_pair_does_not_break_the_output(tmp_path: Path) -> None:
    source = _file(tmp_path, b'{"id": 1, "text": "\\ud83d"}')
    target = tmp_path / "out.jsonl"
    map_lines(source, str(target), field="text", of=str, work=lambda text: {"text": text})
    assert json.loads(target.read_text(encoding="utf-8"))["text"] == "\ufffd"


def test_a_run_that_breaks_off_leaves_no_half_file(tmp_path: Path) -> None:
    source = _file(tmp_path, b'{"id": 1, "text": "x"}\n{"id": 2, "text": "y"}')
    target = tmp_path / "out.jsonl"

    def work(text: str) -> dict[str, str]:
        if text == "y":
            raise RuntimeError
        return {}

    with pytest.raises(RuntimeError):
        map_lines(source, str(target), field="text", of=str, work=work)
    assert not target.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_lists_must_hold_words_only(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="turns"):
        read_lines(_file(tmp_path, b'{"id": 1, "turns": ["a", 5]}'), field="turns", of=list)
