"""Many workers at once against the real server: every message stored once, answered once, in its own talk."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

import pytest

from tests.figures import note_figure
from tests.served import Served, Worker

TOPICS = ("工资", "社保", "工伤", "年假", "加班", "辞退", "产假", "入会")


def _rush(address: str, *, workers: int, each: int) -> float:
    """All write at once, each message delivered twice; seconds until everybody has all answers."""
    heard: dict[int, list[dict[str, Any]]] = {}
    pages = [Worker(address) for _ in range(workers)]

    def one(number: int) -> None:
        page = pages[number]
        for turn in range(each):
            client_id = f"{number:08d}-0000-4000-8000-{turn:012d}"
            text = f"{TOPICS[(number + turn) % len(TOPICS)]}的规定是什么，第{number}号"
            assert {page.write(text, client_id=client_id).status_code for _ in range(2)} == {201, 200}
        heard[number] = page.hear(each, within_s=300)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(workers)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: len(messages) for number, messages in heard.items()} == dict.fromkeys(range(workers), each)
    positions = Counter(message["position"] for messages in heard.values() for message in messages)
    assert all(count <= workers for count in positions.values())
    assert all(page.hear(1, within_s=0.1) == [] for page in pages[:3]), "something was answered twice"
    return time.monotonic() - began


def test_a_rush_of_workers_is_answered_once_each(running_server: Served) -> None:
    _rush(running_server.address, workers=6, each=3)


@pytest.mark.prove
def test_a_great_rush_of_workers_is_answered_once_each(running_server: Served) -> None:
    seconds = _rush(running_server.address, workers=100, each=10)
    note_figure("rush_100_workers_10_messages_s", round(seconds, 1))
