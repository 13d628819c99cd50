"""How soon somebody in danger reads the words: from posting to reading them from the stream, in every state."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.figures import summary
from tests.bench.questions import questions
from tests.bench.rush import Offered, offer
from tests.served import Served, Worker

DANGER = "我不想活了"
TIMES = 20
RUSH_PER_S, RUSH_FOR_S, RUSH_WORKERS = 200.0, 10.0, 40


def measure(home: Path) -> dict[str, Any]:
    """Seconds to the words in a quiet desk, in a form, with a slow database, in a rush, and before any part is loaded."""
    server = Served(home)
    server.start()
    try:
        server.wait_alive()
        found: dict[str, Any] = {"while the parts load": _summed([_to_words(server.address)])}
        server.wait_ready()
        found["quiet"] = _summed([_to_words(server.address) for _ in range(TIMES)])
        found["in the joining form"] = _summed([_to_words(server.address, "我要入会", "刘建国") for _ in range(3)])
        with _slow_database(home):
            found["with a slow database"] = _summed([_to_words(server.address) for _ in range(TIMES)])
        found["rush"] = _in_a_rush(server.address)
        return found
    finally:
        server.stop()


def _to_words(address: str, *before: str) -> float:
    worker = Worker(address)
    for text in before:
        worker.write(text)
        worker.hear(1)
    with worker.listening() as heard:
        began = time.perf_counter()
        assert worker.write(DANGER).status_code == 201
        while next(heard)["kind"] != "fixed":
            pass
        return time.perf_counter() - began


def _in_a_rush(address: str) -> dict[str, Any]:
    workers = [Worker(address) for _ in range(RUSH_WORKERS)]
    texts = [text for text, _ in zip(questions(), range(int(RUSH_PER_S * RUSH_FOR_S)), strict=False)]
    outcome: list[Offered] = []
    rush = threading.Thread(target=lambda: outcome.append(offer(address, workers, texts, per_s=RUSH_PER_S)))
    times: list[float] = []
    in_danger = [Worker(address) for _ in range(TIMES)]
    rush.start()
    for worker in in_danger:
        if not rush.is_alive():
            break
        with worker.listening() as heard:
            began = time.perf_counter()
            assert worker.write(DANGER).status_code == 201
            while next(heard)["kind"] != "fixed":
                pass
            times.append(time.perf_counter() - began)
    rush.join()
    offered = outcome[0]
    return {
        "words": _summed(times),
        "offered_per_s": RUSH_PER_S,
        "stored": f"{offered.stored}/{offered.posted}",
        "stored_per_s": round(offered.stored / offered.seconds, 1),
        "post": summary(offered.waits_s),
    }


@contextmanager
def _slow_database(home: Path) -> Iterator[None]:
    """Another program writes all the time, a tenth of a second at a time."""
    stop = threading.Event()

    def write() -> None:
        with sqlite3.connect(home / "niangjia.sqlite3", timeout=30, isolation_level=None) as database:
            database.execute("CREATE TABLE IF NOT EXISTS bench_noise (at REAL)")
            while not stop.is_set():
                database.execute("BEGIN IMMEDIATE")
                database.execute("INSERT INTO bench_noise VALUES (1)")
                time.sleep(0.1)
                database.execute("COMMIT")
                time.sleep(0.05)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _summed(seconds: list[float]) -> dict[str, float]:
    return {"n": len(seconds), "max_ms": round(max(seconds) * 1000, 1)} | (summary(seconds) if len(seconds) > 1 else {})
