"""What is loaded is not looked through again and again, and goes all the same when something else takes its place."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.interpreter import keep_what_is_loaded


class Loaded:
    """Refers to itself, as large parts do in some corner: only a search for garbage finds that nobody needs it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_loaded_is_not_looked_through_until_something_else_is_loaded() -> None:
    loaded = Loaded()
    held = weakref.ref(loaded)
    keep_what_is_loaded()
    del loaded
    gc.collect()
    assert held() is not None
    keep_what_is_loaded()
    assert held() is None
