"""Writers of one process stand in line, and nobody keeps the place of somebody who failed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.db.utils import OperationalError

from bot.sqlite import base
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
    assert not base._LINE.locked()


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
