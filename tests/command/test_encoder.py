"""When the encoder of the settings is another than the one that built: every command says so, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as now_set

from bot import buildable, composition
from bot.builds import build_part
from bot.command import serve
from bot.command.main import main
from knowledge import build
from tests.unit.knowledge.conftest import small_sources
from tests.unit.knowledge.hashing_encoder import HashingEncoder

__all__ = ["small_sources"]

REFUSED = "知识库是用编码器“hashing”建的，现在设置的是“another”，不能混用。请把 NIANGJIA_ENCODER 改回原来的，或者运行 niangjia build 重新建。"


@pytest.fixture
def _another_is_set(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_sources: Path
) -> Iterator[None]:
    """`hashing` built the knowledge base; `another` stands in the settings now."""
    home = tmp_path / "home"
    before = replace(now_set.NIANGJIA, home=home, build_dir=home / "build", encoder="hashing")
    monkeypatch.setattr(build, "SOURCES", small_sources)
    monkeypatch.setattr(buildable, "encoder_of", lambda configuration: HashingEncoder())
    build_part(buildable.buildable_parts(before)["knowledge"], before.build_dir)
    settings.NIANGJIA = replace(before, encoder="another")
    composition.desk.cache_clear()
    yield
    composition.desk.cache_clear()


@pytest.mark.usefixtures("_another_is_set")
def test_ask_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "老板拖欠工资怎么办"]) == 1
    assert capsys.readouterr().err.strip() == REFUSED


@pytest.mark.usefixtures("_another_is_set")
@pytest.mark.django_db
def test_check_names_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 1
    said = capsys.readouterr().out
    assert said.count(REFUSED) == 1
    assert "要重做" not in said


@pytest.mark.usefixtures("_another_is_set")
def test_serve_says_so_before_it_builds_anew(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr(serve.subprocess, "run", lambda command, **how: begun.append(command))
    serve.build_if_stale(now_set.NIANGJIA)
    assert REFUSED + "现在就按设置重新建" in capsys.readouterr().err
    assert [command[-1] for command in begun] == ["build"]


@pytest.mark.usefixtures("_another_is_set")
def test_set_back_nothing_is_refused(settings: Any) -> None:
    settings.NIANGJIA = replace(now_set.NIANGJIA, encoder="hashing")
    assert buildable.other_encoder(now_set.NIANGJIA) is None
