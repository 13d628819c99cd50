"""`niangjia simulate`: a process of its own that plays a scenario and says by its exit code whether it held."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot.simulate.wechat.simulator import new_account, settings_table
from tests.served import free_port
from tests.simulate.desk import small_desk

NIANGJIA = (sys.executable, "-m", "bot.command.main", "simulate")


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"NIANGJIA_HOME": str(home)}
    return subprocess.run([*NIANGJIA, *arguments], env=environment, capture_output=True, text=True, timeout=120)


def scenario(folder: Path, expected: str) -> str:
    path = folder / "play.yml"
    expects = f"{{shown_contains: {expected}, within_s: 2}}"
    text = f"steps: [{{who: 小李, says: 你好}}, {{who: 小李, expects: {expects}}}]"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_exit_code_says_whether_the_expectations_held(tmp_path: Path) -> None:
    account, port = new_account(), free_port()
    (tmp_path / "niangjia.toml").write_text(settings_table(account, f"http://127.0.0.1:{port}"), encoding="utf-8")
    with small_desk(account) as desk:
        desk.answer = lambda message: "您好"
        called = ("wechat", "--desk", desk.address, "--port", str(port), "--json", "--scenario")
        done = run(tmp_path, *called, scenario(tmp_path, "您好"))
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout)
        assert result["good"]
        assert result["figures"]["pushes"] == 1
        assert result["expectations"][0]["holds"]
        assert account.app_secret not in done.stdout + done.stderr
        done = run(tmp_path, *called, scenario(tmp_path, "再见"))
        assert done.returncode == 1
        assert not json.loads(done.stdout)["good"]


def test_without_an_account_there_is_a_table_to_paste(tmp_path: Path) -> None:
    done = run(tmp_path, "wechat", "--kind", "subscription", "--unverified", "--port", "8199")
    assert done.returncode == 2
    table = done.stderr[done.stderr.index("[wechat]") :]
    assert 'api_base = "http://127.0.0.1:8199"' in table
    assert 'kind = "subscription"' in table
    assert "verified = false" in table
    (tmp_path / "niangjia.toml").write_text(table, encoding="utf-8")
    done = run(
        tmp_path, "wechat", "--scenario", scenario(tmp_path, "x"), "--desk", "http://127.0.0.1:9", "--patience", "0.1"
    )
    assert done.returncode == 1
    assert "api_base" in done.stderr  # this run listens elsewhere than the table says


def test_without_a_bot_there_is_a_table_to_paste(tmp_path: Path) -> None:
    done = run(tmp_path, "telegram")
    assert done.returncode == 2
    assert "[telegram]\nenabled = true" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("wechat", "--desk", "nowhere"), "前台的地址不对"),
        (("wechat", "--scenario", "nope"), "没有剧本 nope"),
        (("telegram", "--scenario", "first_day"), "这个剧本是给 wechat 的"),
    ],
)
def test_wrong_input_gets_one_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_it_stays_until_it_is_stopped_and_a_second_one_is_told_that_the_port_is_taken(tmp_path: Path) -> None:
    account, port = new_account(), free_port()
    address = f"http://127.0.0.1:{port}"
    (tmp_path / "niangjia.toml").write_text(settings_table(account, address), encoding="utf-8")
    called = ("wechat", "--port", str(port))
    environment = os.environ | {"NIANGJIA_HOME": str(tmp_path)}
    process = subprocess.Popen([*NIANGJIA, *called], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert address in process.stdout.readline()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                assert "小李" in httpx.get(address).text
                break
            except httpx.ConnectError:
                continue
        second = run(tmp_path, *called)
        assert second.returncode == 2
        assert "请换一个 --port" in second.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
