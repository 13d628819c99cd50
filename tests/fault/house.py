"""A desk in a process of its own between a simulated platform and a test, killed and started again as often as needed."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from signal import SIGKILL, SIGTERM

from tests.fault.mortal import SHIFT, Orders
from tests.fault.points import Point
from tests.served import Served

ROOT = Path(__file__).parents[2]


class House(Served):
    """The process. `deaths`: the points at which it died; whoever kills it otherwise is not counted."""

    def __init__(self, home: Path, orders: Orders) -> None:
        super().__init__(home)
        self.orders = orders
        self.deaths: list[str] = []
        self.pid = 0
        self._to_come: list[tuple[Point, int]] = []
        self._is_over = False
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)

    @property
    def database(self) -> Path:
        """Its file."""
        return self.home / "niangjia.sqlite3"

    def settle_in(self, settings: str) -> None:
        """Write the settings, start, and start again whenever it dies from now on."""
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "niangjia.toml").write_text(settings, encoding="utf-8")
        self.start()
        self._keeper.start()
        self.wait_ready()

    def start(self) -> None:
        """Start what serves, again and again."""
        environment = self._environment() | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tests.fault.mortal"]
        with open(self.home / "output.txt", "ab") as output:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, cwd=ROOT
            )

    def kill(self) -> None:
        """kill -9 of what serves now; it starts again."""
        os.kill(self.pid, SIGKILL)

    def dies_at(self, points: Sequence[tuple[Point, int]]) -> None:
        """From the next start on: at these points, one after the other, each at its so-many-th call."""
        self._to_come = list(points)
        self.kill()

    def is_to_die(self) -> bool:
        """Whether a point has not been reached yet."""
        return bool(self._to_come) or bool(self.orders.point)

    def stop(self) -> int:
        """For good."""
        assert self.process is not None
        assert self.process.stdin is not None
        self._is_over = True
        os.kill(self.pid, SIGTERM)
        self._keeper.join(60)
        self.process.stdin.close()
        return self.process.wait(60)

    def shift_clock(self, seconds: float) -> None:
        """The desk's clock is off by so much from now on."""
        (self.home / SHIFT).write_text(str(seconds))

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        """Another process writes and does not come to an end."""
        other = sqlite3.connect(self.database, isolation_level=None, timeout=20)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Where the home lies on a small disk of its own, it is filled; else no file of the process may grow."""
        if os.path.ismount(self.home):
            with _filled(self.home):
                yield
            return
        before = resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        try:
            yield
        finally:
            resource.prlimit(self.pid, resource.RLIMIT_FSIZE, before)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What its database says."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20) as reading:
            return reading.execute(query).fetchall()

    def _keep(self) -> None:
        code = -SIGKILL
        while code == -SIGKILL and not self._is_over:
            code = self._serve_once()
            if code == -SIGKILL and self.orders.point:
                self.deaths.append(self.orders.point)
            point, call = self._to_come.pop(0) if self._to_come else (Point("", ""), 1)
            self.orders = replace(self.orders, point=point.name, call=call)

    def _serve_once(self) -> int:
        """Its exit code."""
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{self.orders.as_text()}\n".encode())
        self.process.stdin.flush()
        self.pid = int(self.process.stdout.readline())
        return int(self.process.stdout.readline())


@contextmanager
def _filled(folder: Path) -> Iterator[None]:
    ballast = folder / "ballast"
    with suppress(OSError), open(ballast, "wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """A disk of its own where the machine allows that, else the folder as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    try:
        yield folder
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def standing(house: House, settings: str) -> Iterator[House]:
    """Settled in, and stopped in the end."""
    try:
        house.settle_in(settings)
        yield house
    finally:
        house.stop()


def wait_until_quiet(house: House, *, within_s: float) -> None:
    """Until nothing waits on its way through the desk; an assertion fails when that takes too long."""
    until, quiet = time.monotonic() + within_s, 0
    while quiet < 3:
        left = _under_way(house)
        quiet = quiet + 1 if not any(left.values()) else 0
        assert time.monotonic() < until, f"still under way: {left}\n{house.output()[-3000:]}"
        time.sleep(0.2)


def _under_way(house: House) -> dict[str, object]:
    try:
        return {name: house.rows(query)[0][0] for name, query in _UNDER_WAY.items()}
    except sqlite3.Error as error:
        return {"database": type(error).__name__}


_UNDER_WAY = {
    "untaken": "SELECT COUNT(*) FROM handoff_push WHERE taken_at IS NULL",
    "unanswered": "SELECT COUNT(*) FROM handoff_message WHERE kind = 'worker' AND answered_at IS NULL",
    "unsent": "SELECT COUNT(*) FROM handoff_message WHERE delivery IN ('pending', 'sending')",
    "media": "SELECT COUNT(*) FROM handoff_pendingmedia WHERE next_at IS NOT NULL",
}
