"""`niangjia eval screening`: what comes in is checked, and no text comes out."""

import json
from pathlib import Path

import pytest

from bot.command.errors import CommandError
from bot.command.lines import read_rows
from bot.command.main import _parser
from bot.texts import COMMAND


def test_every_line_must_have_the_fields(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    rows = [{"text": "你好", "label": "ordinary", "strength": "weak"}, {"text": "你好", "label": "ordinary"}]
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    with pytest.raises(CommandError, match="strength"):
        read_rows(str(file), "text", "label", "strength")
    assert read_rows(str(file), "text", "label")[0] == {"text": "你好", "label": "ordinary"}


def test_masking_is_on_unless_it_is_turned_off() -> None:
    assert _parser().parse_args(["eval", "screening", "f"]).mask == COMMAND["eval_masked_words"]
    assert _parser().parse_args(["eval", "screening", "f", "--mask", ""]).mask == ""
