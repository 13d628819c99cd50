"""The desk behind an official account: a rush of new workers, and a steady stream; the platform runs beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from tests.served import Served, free_port

RUSH = {"workers": 1000, "each": 1, "per_s": 100.0}
STEADY = {"workers": 300, "each": 6, "per_s": 15.0}
FASTER = {"workers": 300, "each": 6, "per_s": 30.0}
WARM_UP = {"workers": 4, "each": 5, "per_s": 5.0}


def measure(home: Path, **jobs: dict[str, float]) -> dict[str, Any]:
    """Each job's figures; resident memory before and after each."""
    jobs = jobs or {"rush": RUSH, "steady": STEADY, "faster": FASTER}
    server, api_port = Served(home), free_port()
    platform = _platform(api_port, server.address)
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "niangjia.toml").write_text(_answer(platform)["toml"], encoding="utf-8")
        server.start()
        server.wait_ready()
        assert server.process is not None
        _ask(platform, WARM_UP)
        figures = {}
        for name, job in jobs.items():
            desk = psutil.Process(server.process.pid)
            memory, cpu = _memory_mb(desk), _cpu_s(desk)
            figures[name] = _ask(platform, job)
            figures[name] |= {"memory_mb": [memory, _memory_mb(desk)], "desk_cpu_s": round(_cpu_s(desk) - cpu, 1)}
        return figures
    finally:
        platform.terminate()
        server.stop()


def _platform(port: int, desk: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.wechat_load", str(port), desk],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ask(platform: subprocess.Popen[str], job: dict[str, float]) -> dict[str, Any]:
    assert platform.stdin is not None
    platform.stdin.write(json.dumps(job) + "\n")
    platform.stdin.flush()
    return _answer(platform)


def _answer(platform: subprocess.Popen[str]) -> dict[str, Any]:
    assert platform.stdout is not None
    answer: dict[str, Any] = json.loads(platform.stdout.readline())
    return answer


def _memory_mb(server: psutil.Process) -> int:
    """Of all its processes, what they share counted once for each."""
    return round(sum(process.memory_info().rss for process in _processes(server)) / 1e6)


def _cpu_s(server: psutil.Process) -> float:
    used = [process.cpu_times() for process in _processes(server)]
    return float(sum(one.user + one.system for one in used))


def _processes(server: psutil.Process) -> list[psutil.Process]:
    return [server, *server.children(recursive=True)]
