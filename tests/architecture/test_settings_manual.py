"""The manual of settings is complete and true."""

from __future__ import annotations

import re

import pytest

from bot.channel_settings import ACCOUNT_SETTINGS, TELEGRAM_SETTINGS, WECHAT_SETTINGS
from bot.configuration import SETTINGS
from bot.declared import Setting
from tests.architecture.source import ROOT


def _manual() -> dict[str, str]:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    return {name: line for line in text.splitlines() for name in re.findall(r"^\| `NIANGJIA_([A-Z_]+)`", line)}


def test_every_setting_is_in_the_manual_with_its_words_and_its_default() -> None:
    manual = _manual()
    for setting in SETTINGS:
        line = manual.get(setting.name.upper(), "")
        assert setting.help in line, f"NIANGJIA_{setting.name.upper()} is missing or its words differ"
        if isinstance(setting.default, str | int) and not isinstance(setting.default, bool) and setting.default:
            assert str(setting.default) in line, f"{setting.name}: the manual names another default"


def test_the_manual_names_no_setting_that_does_not_exist() -> None:
    known = {setting.name.upper() for setting in SETTINGS} | {"HOME"}
    assert set(_manual()) <= known


@pytest.mark.parametrize(
    ("table", "declared"),
    [("[wechat]", WECHAT_SETTINGS), ("[[wechat.accounts]]", ACCOUNT_SETTINGS), ("[telegram]", TELEGRAM_SETTINGS)],
)
def test_every_setting_of_a_channel_is_in_its_table(table: str, declared: tuple[Setting, ...]) -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = text.split(f"| `{table}`", 1)[1].split("\n\n", 1)[0]
    named = dict(re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", rows, re.MULTILINE))
    assert named == {setting.name: setting.help for setting in declared}
