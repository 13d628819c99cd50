"""Work on many rows, where one that cannot be worked on keeps none of the others waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def one_by_one(keys: Iterable[int], work: Callable[[int], bool]) -> int:
    """How many keys `work` did something for. The first failure is raised when all have had their turn."""
    done, failure = 0, None
    for key in keys:
        try:
            done += bool(work(key))
        except Exception as error:
            failure = failure or error
    if failure is not None:
        raise failure
    return done
