"""What an entry's wordings share tells it from others, where the nearest single wording does not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from knowledge.affinity import NONE, Affinity, Array, learn_affinity, read_affinity, write_affinity

ENTRIES = np.repeat(np.arange(3), 4)
# The first number tells the entries apart, the others are how somebody talks; there is more of those.
MATTER = np.array([[1.0, 0, 0, 0], [0, 0, 0, 0], [-1.0, 0, 0, 0]], dtype=np.float32)
TALK = np.array([[0, 3, 1, 0], [0, -3, 0, 1], [0, 1, -3, 0], [0, -1, 2, -1]], dtype=np.float32)


def _wordings() -> Array:
    noise = np.random.default_rng(5).normal(scale=0.05, size=(len(ENTRIES), 4)).astype(np.float32)
    return np.concatenate([matter + TALK for matter in MATTER]) + noise


@pytest.fixture(scope="module")
def affinity() -> Affinity:
    return learn_affinity(_wordings(), entries=ENTRIES)


def test_what_is_said_otherwise_is_known_by_its_matter(affinity: Affinity) -> None:
    like_a_wording_of_another = MATTER[0] + TALK[1] * 1.2
    assert np.argmax(affinity.scores(like_a_wording_of_another)) == 0


def test_scores_are_cosines(affinity: Affinity) -> None:
    for vector in _wordings():
        scores = affinity.scores(vector)
        assert scores.shape == (3,)
        assert np.abs(scores).max() <= 1.0 + 1e-6


def test_without_its_own_wording_an_entry_reaches_what_the_others_give_it(affinity: Affinity) -> None:
    wordings = _wordings()
    left = affinity.score_without(wordings[0], entry=0, wordings=wordings[:1])
    stretched = ((wordings[1:4] - affinity.mean) @ affinity.stretch).sum(axis=0)
    asked = (wordings[0] - affinity.mean) @ affinity.stretch
    assert left == pytest.approx(float(stretched @ asked / np.linalg.norm(stretched) / np.linalg.norm(asked)), abs=1e-5)
    assert left < affinity.scores(wordings[0])[0]


def test_an_entry_that_loses_all_its_wordings_has_nothing(affinity: Affinity) -> None:
    wordings = _wordings()[:4]
    assert affinity.score_without(wordings[0], entry=0, wordings=wordings) == NONE


def test_entries_of_one_wording_are_compared_as_they_are() -> None:
    vectors = np.eye(3, dtype=np.float32)
    affinity = learn_affinity(vectors, entries=np.arange(3))
    assert [int(np.argmax(affinity.scores(vector))) for vector in vectors] == [0, 1, 2]


def test_what_is_written_reads_back_the_same(affinity: Affinity, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.sqlite3")) as connection, connection:
        write_affinity(connection, affinity)
    back = read_affinity(tmp_path / "a.sqlite3")
    for vector in _wordings():
        assert back.scores(vector) == pytest.approx(affinity.scores(vector))
