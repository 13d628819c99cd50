"""Which of the sentences are asked in a build."""

import pytest

from knowledge.practice_questions import strangers_every
from knowledge.subject import FOLDS


@pytest.mark.parametrize(("count", "every"), [(0, 1), (40, 1), (18_625, 3), (31_000, 6)])
def test_of_many_strangers_some_are_asked_from_every_fold(count: int, every: int) -> None:
    assert strangers_every(count) == every
    assert every % FOLDS
