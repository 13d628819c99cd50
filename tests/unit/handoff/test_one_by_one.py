"""Work on many rows, one of which fails."""

import pytest

from handoff.one_by_one import one_by_one


def test_all_others_have_their_turn_before_the_failure_is_told() -> None:
    worked = []

    def work(key: int) -> bool:
        if key == 2:
            raise LookupError("two")
        worked.append(key)
        return True

    with pytest.raises(LookupError, match="two"):
        one_by_one([1, 2, 3], work)
    assert worked == [1, 3]
    assert one_by_one([1, 3], work) == 2
