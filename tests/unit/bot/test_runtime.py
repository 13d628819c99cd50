"""The background threads: nobody waits for another's backlog, and no failure ends them."""

from __future__ import annotations

import threading

from django.db import InterfaceError

from bot.keyed_queue import KeyedQueue


def _done(queue: KeyedQueue) -> None:
    queue._pool.submit(lambda: None).result(5)  # the pool has one thread: what came before is over


def test_a_key_with_more_to_do_goes_to_the_end() -> None:
    order: list[int] = []
    begin = threading.Event()

    def work(key: int) -> bool:
        begin.wait(5)
        order.append(key)
        return key == 1 and order.count(1) < 3

    queue = KeyedQueue("test", work, threads=1)
    queue.put(1)
    queue.put(2)
    begin.set()
    for _ in range(3):
        _done(queue)
    assert order == [1, 2, 1, 1]
    queue.stop()


def test_a_failure_leaves_the_queue_working() -> None:
    seen: list[int] = []

    def work(key: int) -> bool:
        seen.append(key)
        if key == 1:
            raise InterfaceError("connection already closed")
        return False

    queue = KeyedQueue("test", work, threads=1)
    queue.put(1)
    queue.put(2)
    queue.put(1)
    _done(queue)
    _done(queue)
    assert seen[:2] == [1, 2]
    queue.stop()


def test_a_key_that_comes_while_it_runs_runs_again() -> None:
    begin, count = threading.Event(), []

    def work(key: int) -> bool:
        begin.wait(5)
        count.append(key)
        return False

    queue = KeyedQueue("test", work, threads=1)
    queue.put(1)
    queue.put(1)
    queue.put(1)
    begin.set()
    _done(queue)
    _done(queue)
    assert count == [1, 1]
    queue.stop()
