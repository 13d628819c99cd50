"""The log over days and processes: nothing lost, nothing torn, half a year kept, nobody else reads it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.daily_log import KEPT_FOR, DailyLog
from tests.environment import ROOT

TODAY = date(2026, 11, 22)
_WRITER = """
import logging, sys
from pathlib import Path
from bot.daily_log import DailyLog
log = logging.getLogger("writer")
log.addHandler(DailyLog(Path(sys.argv[1]), most_bytes=20_000))
for number in range(1500):
    log.warning("%s %s", sys.argv[2], number)
"""


def _written(path: Path, *, today: date = TODAY) -> None:
    handler = DailyLog(path, today=lambda: today)
    handler.emit(logging.LogRecord("test", logging.INFO, "", 0, f"on {today}", None, None))
    handler.close()


def _aged(path: Path, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12).astimezone().timestamp()
    os.utime(path, (noon, noon))


def test_each_day_has_a_file_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "niangjia.log"
    _written(log, today=TODAY - timedelta(days=1))
    _aged(log, TODAY - timedelta(days=1))
    _written(log)
    assert log.read_text() == "on 2026-11-22\n"
    assert (tmp_path / "niangjia.2026-11-21.log").read_text() == "on 2026-11-21\n"
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_six_months_are_kept_and_not_for_ever(tmp_path: Path) -> None:
    six_months_ago, long_ago = TODAY - timedelta(days=184), TODAY - KEPT_FOR - timedelta(days=1)
    for day in (six_months_ago, long_ago):
        (tmp_path / f"niangjia.{day}.log").write_text("old")
        (tmp_path / f"niangjia.{day}.1.log").write_text("old")
    (tmp_path / "niangjia.notes.log").write_text("an operator's own")
    _written(tmp_path / "niangjia.log")
    _aged(tmp_path / "niangjia.log", TODAY - timedelta(days=1))
    _written(tmp_path / "niangjia.log")
    left = {path.name for path in tmp_path.glob("*.log")}
    kept = {f"niangjia.{six_months_ago}.log", f"niangjia.{six_months_ago}.1.log"}
    assert left == kept | {"niangjia.log", "niangjia.2026-11-21.log", "niangjia.notes.log"}


def test_processes_that_write_at_once_lose_no_line_when_the_file_moves(tmp_path: Path) -> None:
    log = tmp_path / "niangjia.log"
    command = [sys.executable, "-c", _WRITER, str(log)]
    writers = [subprocess.Popen([*command, name], cwd=ROOT) for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    lines = [line for path in tmp_path.glob("*.log") for line in path.read_text().splitlines()]
    assert sorted(lines) == sorted(f"{name} {number}" for name in "abc" for number in range(1500))
    assert len(list(tmp_path.glob("*.log"))) > 1, "the file never moved"


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    _written(tmp_path / "no" / "such" / "folder.log")


def test_the_installation_writes_this_log() -> None:
    from django.conf import settings as installed

    assert installed.LOGGING["handlers"]["file"]["class"] == "bot.daily_log.DailyLog"
