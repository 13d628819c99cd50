"""The desk as its users meet it: over HTTP, with the answer read from the event stream."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from tests.bench.figures import early_and_late, peak_memory_mb
from tests.bench.questions import questions
from tests.served import Served, Worker

TALKS, TURNS = 3, 304
RUSH_WORKERS, RUSH_EACH = 20, 10


def measure(home: Path) -> dict[str, Any]:
    """Time to ready, turn latency early and late, a rush of workers, peak memory."""
    server = Served(home)
    server.start()
    try:
        alive, ready = server.wait_alive(), server.wait_ready()
        talks = [_talk(server.address) for _ in range(TALKS)]
        rush = _rush(server.address)
        assert server.process is not None
        return {
            "edges_answer_s": round(alive, 1),
            "ready_s": round(alive + ready, 1),
            "turn": early_and_late(talks),
            "rush": rush,
            "peak_memory_mb": peak_memory_mb(server.process.pid),
        }
    finally:
        server.stop()


def _talk(address: str) -> list[float]:
    """Seconds from posting a message to reading its answer, turn after turn of one conversation."""
    worker, times = Worker(address), []
    with worker.listening() as answers:
        for text, _ in zip(questions(), range(TURNS), strict=False):
            began = time.perf_counter()
            worker.write(text)
            next(answers)
            times.append(time.perf_counter() - began)
    return times


def _rush(address: str) -> dict[str, float]:
    """Many workers write at once; until all are answered."""
    workers = [Worker(address) for _ in range(RUSH_WORKERS)]
    texts = questions()
    batches = [[next(texts) for _ in range(RUSH_EACH)] for _ in workers]

    def rush(worker: Worker, batch: list[str]) -> None:
        for text in batch:
            assert worker.write(text).status_code == 201
        assert len(worker.hear(len(batch), within_s=180)) == len(batch)

    threads = [threading.Thread(target=rush, args=pair) for pair in zip(workers, batches, strict=True)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    total = RUSH_WORKERS * RUSH_EACH
    return {"messages": total, "seconds": round(seconds, 1), "messages_per_s": round(total / seconds, 1)}
