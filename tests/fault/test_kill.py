"""`kill -9` of the real server: nothing that a worker said is lost, nothing is answered twice."""

from __future__ import annotations

import random
import time
import uuid
from pathlib import Path

import pytest

from tests.served import Served, Worker

QUESTION = "老板拖欠工资怎么办"


@pytest.fixture
def server(tmp_path: Path) -> Served:
    return Served(tmp_path / "home")


def test_a_message_stored_before_a_kill_is_answered_after_the_restart(server: Served) -> None:
    server.start()
    try:
        server.wait_alive()  # the engine is still loading: stored, and surely not answered
        worker = Worker(server.address)
        client_id = str(uuid.uuid4())
        assert worker.write(QUESTION, client_id=client_id).status_code == 201
        server.kill()
        server.start()
        server.wait_alive()
        assert worker.write(QUESTION, client_id=client_id).status_code == 200
        server.wait_ready()
        heard = worker.hear(1)
        assert [message["kind"] for message in heard] == ["engine"]
        assert heard[0]["citations"]
    finally:
        server.stop()


def test_danger_is_answered_while_the_engine_is_still_loading(server: Served) -> None:
    server.start()
    try:
        server.wait_alive()
        worker = Worker(server.address)
        began = time.monotonic()
        worker.write("我不想活了")
        heard = worker.hear(1, within_s=20)
        assert "12356" in heard[0]["text"]
        assert heard[0]["kind"] == "fixed"
        assert time.monotonic() - began < 20
    finally:
        server.stop()


@pytest.mark.prove
def test_kills_at_random_moments_lose_nothing_and_double_nothing(server: Served) -> None:
    rng = random.Random(20261121)
    server.start()
    try:
        server.wait_ready()
        worker = Worker(server.address)
        asked = 0
        for _ in range(12):
            for _ in range(3):
                assert worker.write(f"{QUESTION}（第{asked}次）").status_code == 201
                asked += 1
            time.sleep(rng.random() * 0.4)
            server.kill()
            server.start()
            server.wait_ready()
        heard = worker.hear(asked, within_s=120)
        assert len(heard) == asked
        assert worker.hear(1, within_s=16) == []
    finally:
        server.stop()
