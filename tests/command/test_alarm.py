"""`niangjia alarm end`: the operator records who is called at the last."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command.test_contract import niangjia

GOOD = {"--name": "市心理援助热线", "--phone": "0531-12345678", "--mail": "a@b.test", "--agreed-on": "2026-01-05"}


def _arguments(**changed: str) -> list[str]:
    values = GOOD | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    return [part for pair in values.items() for part in pair]


def test_the_end_of_the_chain_is_recorded_and_check_is_content(tmp_path: Path) -> None:
    done = niangjia(tmp_path, "alarm", "end", *_arguments())
    assert done.returncode == 0, done.stderr
    assert "0531-12345678" in done.stdout
    assert "警报没有人应时最后找谁" not in niangjia(tmp_path, "check").stdout


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("phone", "打给老王"), ("mail", "nowhere"), ("agreed_on", "2999-01-01"), ("agreed_on", "昨天")],
)
def test_what_is_not_right_is_refused(tmp_path: Path, field: str, value: str) -> None:
    done = niangjia(tmp_path, "alarm", "end", *_arguments(**{field: value}))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "已经记下" not in done.stdout
