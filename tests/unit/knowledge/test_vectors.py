"""Few vectors are all compared; many are found through a graph that misses hardly any of the nearest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge import vectors
from knowledge.build import build
from knowledge.search import KnowledgeBase
from knowledge.vectors import AllCompared, Graph, read_vectors, write_vectors
from tests.unit.knowledge.conftest import PROBATION, UNION, WAGES
from tests.unit.knowledge.hashing_encoder import HashingEncoder

MANY, WIDTH = 4_000, 24


def _some(count: int, *, seed: int) -> vectors.Array:
    drawn = np.random.default_rng(seed).normal(size=(count, WIDTH)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


@pytest.fixture
def _many_from_a_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 1_000)
    monkeypatch.setattr(vectors, "NEAREST", 100)


@pytest.mark.usefixtures("_many_from_a_thousand")
def test_up_to_the_limit_every_likeness_is_exact(tmp_path: Path) -> None:
    rows, question = _some(1_000, seed=1), _some(1, seed=2)[0]
    write_vectors(rows, tmp_path / "few")
    few = read_vectors(tmp_path / "few")
    assert isinstance(few, AllCompared)
    assert np.array_equal(few.likeness(question), rows @ question)


@pytest.mark.usefixtures("_many_from_a_thousand")
def test_beyond_it_the_nearest_are_found_with_their_true_likeness_and_no_other_row_seems_nearer(tmp_path: Path) -> None:
    rows, questions = _some(MANY, seed=1), _some(50, seed=2)
    write_vectors(rows, tmp_path / "many")
    many = read_vectors(tmp_path / "many")
    assert isinstance(many, Graph)
    hits = 0
    for question in questions:
        exact, given = rows @ question, many.likeness(question)
        assert given.shape == (MANY,)
        nearest = np.argsort(-given)[:10]
        assert np.allclose(given[nearest], exact[nearest], atol=1e-5)
        assert np.sum(given > given.min()) < 100, "the rest is level with the last one found"
        hits += len(set(nearest) & set(np.argsort(-exact)[:10]))
    assert hits / 500 >= 0.97


@pytest.mark.usefixtures("_many_from_a_thousand")
def test_the_same_vectors_give_the_same_file_and_threads_the_same_likeness(tmp_path: Path) -> None:
    rows, questions = _some(MANY, seed=1), _some(40, seed=2)
    for name in ("one", "other"):
        write_vectors(rows, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    many = read_vectors(tmp_path / "one")
    alone = [many.likeness(question) for question in questions]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(many.likeness, questions))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_a_knowledge_base_over_a_graph_learns_and_answers(
    small_sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 50)
    monkeypatch.setattr(vectors, "NEAREST", 40)
    build(tmp_path / "built", HashingEncoder(), sources=small_sources)
    base = KnowledgeBase.open(tmp_path / "built", HashingEncoder())
    assert isinstance(base._rows._vectors, Graph)
    answers = [base.answer(wordings[2], today=date(2026, 11, 21)).entry for wordings in (WAGES, PROBATION, UNION)]
    assert answers == ["wages", "probation", "union"]
