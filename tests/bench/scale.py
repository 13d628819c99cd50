"""Vector search in a far larger knowledge base: 100,000 passages and more, held against exact search."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.artifact import VECTORS
from knowledge.encoder import Encoder
from knowledge.normalise import normalise
from knowledge.search import KnowledgeBase
from knowledge.vectors import AllCompared, read_vectors, write_vectors
from tests.bench.figures import summary
from tests.bench.finding import own_questions

PASSAGES = 100_000
_FOUND = 10
# Cosine and sine of 37°: as near to the passage as another wording of the same may be, nearer than most are.
_STAYS, _TURNS = 0.8, 0.6

Array = NDArray[np.float32]


def measure(base: KnowledgeBase, encoder: Encoder, folder: Path, *, passages: int) -> dict[str, Any]:
    """Built from perturbed vectors of real passages, asked with real questions."""
    real, path = _real_vectors(base), folder / "many.faiss"
    vectors = _perturbed(real, passages)
    began = time.perf_counter()
    write_vectors(vectors, path)
    built = time.perf_counter() - began
    questions = _encoded(base, encoder)
    exact = AllCompared(vectors)
    best = [_best(exact.likeness(question)) for question in questions]
    search, times, hits = read_vectors(path), [], 0
    for question, wanted in zip(questions, best, strict=True):
        began = time.perf_counter()
        likeness = search.likeness(question)
        times.append(time.perf_counter() - began)
        hits += len(wanted & _best(likeness))
    return {
        "passages": passages,
        "perturbed": "vectors",
        "kind": type(search).__name__,
        "build_per_s": round(passages / built),
        "size_mb": round(path.stat().st_size / 1e6, 1),
        "search": summary(times),
        f"recall_at_{_FOUND}": round(hits / (_FOUND * len(questions)), 4),
    }


def _real_vectors(base: KnowledgeBase) -> Array:
    search = read_vectors(base.folder / VECTORS)
    assert isinstance(search, AllCompared), "the shipped knowledge base has become large: perturbing is no use any more"
    return search._rows


def _perturbed(real: Array, count: int) -> Array:
    """(count, dimension): the real ones, then each again and again, turned by 37° towards a passage drawn by lot."""
    rng = np.random.default_rng(20261121)
    vectors = np.resize(real, (count, real.shape[1]))
    for start in range(len(real), count, 50_000):
        part = vectors[start : start + 50_000]
        part *= _STAYS
        part += _TURNS * real[rng.integers(0, len(real), len(part))]
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return vectors


def _encoded(base: KnowledgeBase, encoder: Encoder) -> Array:
    return base._centres.question(encoder.encode_questions([normalise(question) for question in own_questions()]))


def _best(likeness: Array) -> set[int]:
    return set(map(int, np.argpartition(-likeness, _FOUND)[:_FOUND]))
