"""`niangjia telegram`, and what the check of production says about it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as now_set

from bot.command import telegram as command
from bot.command.errors import CommandError
from bot.command.telegram_texts import TELEGRAM
from bot.simulate.telegram.simulator import RunningTelegram, running_telegram
from tests.channels.telegram.house import SECRET, TOKEN, telegram_settings

PAGE = "https://12351.example.cn"


@pytest.fixture
def platform() -> Iterator[RunningTelegram]:
    with running_telegram(TOKEN, patience_s=2.0, pause_s=0.1) as platform:
        yield platform


@pytest.fixture
def switched_on(settings: Any, platform: RunningTelegram) -> RunningTelegram:
    settings.NIANGJIA = replace(settings.NIANGJIA, telegram=telegram_settings(platform.api_base), public_url=PAGE)
    return platform


def _run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


def _with(settings: Any, **other: Any) -> None:
    settings.NIANGJIA = replace(settings.NIANGJIA, telegram=replace(settings.NIANGJIA.telegram, **other))


def test_while_it_is_off_the_command_says_how_to_turn_it_on() -> None:
    with pytest.raises(CommandError, match="没有打开"):
        _run("check")


def test_the_webhook_is_set_with_its_secret_and_loses_nothing(
    switched_on: RunningTelegram, capsys: pytest.CaptureFixture[str]
) -> None:
    switched_on.start_saying("小李", "在设好以前写的", within_s=0.1).result(10)
    assert _run("webhook", "set") == 0
    webhook = switched_on.platform.webhook
    assert (webhook.url, webhook.secret) == (f"{PAGE}/telegram", SECRET)
    assert "edited_message" in webhook.allowed
    assert len(switched_on.platform.queue) == 1
    assert _run("webhook", "delete") == 0
    assert switched_on.platform.webhook.url == ""
    assert len(switched_on.platform.queue) == 1
    assert SECRET not in capsys.readouterr().out


def test_the_check_finds_a_missing_and_a_foreign_webhook(
    switched_on: RunningTelegram, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("check") == 1
    assert TELEGRAM["no_webhook"] in capsys.readouterr().out
    switched_on.set_webhook("http://127.0.0.1:9/elsewhere", "x")
    assert _run("check") == 1
    assert TELEGRAM["other_webhook"] in capsys.readouterr().out


def test_the_check_is_content_with_what_it_has_set(
    switched_on: RunningTelegram, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("webhook", "set")
    capsys.readouterr()
    assert _run("check") == 0
    out = capsys.readouterr().out
    assert "@niangjia_bot" in out
    assert TELEGRAM["fine"] in out
    assert "第三十八至四十条" in out


def test_the_check_tells_a_webhook_that_polling_would_remove(
    switched_on: RunningTelegram, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    switched_on.set_webhook(f"{PAGE}/telegram", "x")
    _with(settings, mode="polling")
    assert _run("check") == 1
    assert TELEGRAM["polling_with_webhook"] in capsys.readouterr().out
    with pytest.raises(CommandError, match="polling"):
        _run("webhook", "set")


def test_a_wrong_token_and_a_platform_out_of_reach_get_one_sentence_each(
    switched_on: RunningTelegram, settings: Any
) -> None:
    _with(settings, token="111:wrong")
    with pytest.raises(CommandError, match="BotFather"):
        _run("check")
    _with(settings, token=TOKEN, api_base="http://127.0.0.1:9")
    with pytest.raises(CommandError, match=r"连不上 http://127\.0\.0\.1:9（ConnectError）"):
        _run("check")


def test_the_check_of_production_says_what_the_law_says() -> None:
    off = now_set.NIANGJIA
    on = replace(off, telegram=telegram_settings(), public_url=PAGE)
    assert list(command.telegram_problems(off)) == []
    assert list(command.telegram_problems(on)) == [TELEGRAM["on"]]
    with_forms = replace(on, telegram=telegram_settings(forms=True), public_url="")
    assert list(command.telegram_problems(with_forms)) == [
        TELEGRAM["on"], TELEGRAM["forms_on"], TELEGRAM["no_public_url"],
    ]  # fmt: skip
