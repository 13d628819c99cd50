"""Writers stand in line, and nobody keeps the place of somebody who failed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from django.db.utils import OperationalError

from bot.sqlite import base
from bot.sqlite.line import Line
from handoff.models import Organisation

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite"),
]


def _in_thread(work):  # type: ignore[no-untyped-def]
    def run():  # type: ignore[no-untyped-def]
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(30)


def test_many_threads_write_and_none_is_turned_away() -> None:
    union = Organisation.objects.create(name="0", kind="federation")

    def add(_: int) -> None:
        for _ in range(10):
            with transaction.atomic():
                row = Organisation.objects.get(pk=union.pk)
                row.name = str(int(row.name) + 1)
                row.save()
        connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    assert Organisation.objects.get().name == "80"


def test_a_transaction_that_fails_lets_the_next_go() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    _in_thread(lambda: Organisation.objects.create(name="二", kind="federation"))
    assert not base.line_of(str(connection.settings_dict["NAME"])).is_held()


def test_a_connection_closed_in_the_middle_lets_the_next_go() -> None:
    def break_off() -> None:
        try:
            with transaction.atomic():
                Organisation.objects.create(name="一", kind="federation")
                connection.close()
        except Exception:  # whatever Django makes of it
            return

    _in_thread(break_off)
    _in_thread(lambda: Organisation.objects.create(name="二", kind="federation"))
    assert list(Organisation.objects.values_list("name", flat=True)) == ["二"]


def test_who_waits_too_long_is_told_as_sqlite_would(monkeypatch: pytest.MonkeyPatch) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            held.set()
            done.wait(20)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(lambda: (hold(), connections.close_all()))
        held.wait(20)
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            pass
        done.set()
        holding.result(20)
    with transaction.atomic():
        assert Organisation.objects.count() == 0


_GREEDY = """
import sys, time
from pathlib import Path
from bot.sqlite.line import Line
line = Line(Path(sys.argv[1]))
while True:
    line.enter(within_s=20)
    time.sleep(0.003)
    print("written", flush=True)
    line.leave()
"""
_SEVERAL = 10


def _other_process(code: str, database: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, str(database)], stdout=subprocess.PIPE, text=True)


def test_a_process_that_writes_on_and_on_lets_others_in_between(tmp_path: Path) -> None:
    """Pushing in, as SQLite's own lock allows it, it would write hundreds of times meanwhile."""
    ours = Line(tmp_path / "a.sqlite3")
    greedy = _other_process(_GREEDY, tmp_path / "a.sqlite3")
    assert greedy.stdout is not None
    greedy.stdout.readline()
    written: list[str] = []
    threading.Thread(target=lambda out: written.extend(out), args=(greedy.stdout,), daemon=True).start()
    try:
        for _ in range(30):
            before = len(written)
            ours.enter(within_s=20)
            assert len(written) - before <= _SEVERAL
            time.sleep(0.003)
            ours.leave()
    finally:
        greedy.kill()
        greedy.wait()


_HOLDER = """
import sys, time
from pathlib import Path
from bot.sqlite.line import Line
Line(Path(sys.argv[1])).enter(within_s=20)
print("in", flush=True)
time.sleep(600)
"""


def _held_elsewhere(database: Path) -> subprocess.Popen[str]:
    """A process that stands at the head."""
    holder = _other_process(_HOLDER, database)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "in\n"
    return holder


def test_a_process_waits_for_another_and_not_for_a_dead_one(tmp_path: Path) -> None:
    line = Line(tmp_path / "a.sqlite3")
    holder = _held_elsewhere(tmp_path / "a.sqlite3")
    with pytest.raises(TimeoutError):
        line.enter(within_s=0.05)
    assert not line.is_held(), "who gave up has left the line"
    holder.kill()
    holder.wait()
    line.enter(within_s=20)
    line.leave()


def test_who_has_given_up_keeps_nobody_waiting(tmp_path: Path) -> None:
    line = Line(tmp_path / "a.sqlite3")
    holder = _held_elsewhere(tmp_path / "a.sqlite3")
    with pytest.raises(TimeoutError):
        line.enter(within_s=0.05)
    waiting = _other_process(_HOLDER, tmp_path / "a.sqlite3")
    holder.kill()
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == "in\n"
    for process in (holder, waiting):
        process.kill()
        process.wait()


def test_where_no_file_can_be_kept_the_threads_still_stand_in_line(tmp_path: Path) -> None:
    line = Line(tmp_path / "no such folder" / "a.sqlite3")
    line.enter(within_s=1)
    with pytest.raises(TimeoutError):
        line.enter(within_s=0.05)
    line.leave()
    line.enter(within_s=1)
    line.leave()
