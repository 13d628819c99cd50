"""Which passages mean nearly what a question means: all compared while they are few, found by a graph when many.

The graph is HNSW (Malkov and Yashunin 2016): each vector knows its neighbours, and a search walks towards the question.
"""

from pathlib import Path
from typing import Final, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

EXACT_UP_TO: Final = 50_000
# Of so many the graph gives the likeness; the entries that come into question stand among the first hundred.
NEAREST: Final = 500
_NEIGHBOURS: Final = 32
_LOOKED_AT_TO_BUILD: Final = 100


def highest(values: Array, count: int) -> Array:
    """(count,) or as many as there are, the highest first; sorting them all takes longer than finding the entry."""
    if len(values) > count:
        values = np.partition(values, -count)[-count:]
    return np.sort(values)[::-1]


class Vectors(Protocol):
    """Threads may share it."""

    def likeness(self, question: Array) -> Array:
        """``question``: (dimension,), of length one. (rows,) inner products with it, -1..1."""


class AllCompared:
    """Exact: one product of a matrix."""

    def __init__(self, rows: Array) -> None:
        """``rows``: (rows, dimension), of length one."""
        self._rows = rows

    def likeness(self, question: Array) -> Array:
        product: Array = self._rows @ question
        return product


class Graph:
    """The likeness of the nearest rows; of every other row that of the last of them, which it hardly exceeds."""

    def __init__(self, index: faiss.IndexHNSWFlat) -> None:
        self._index = index
        self._nearest = min(NEAREST, index.ntotal)
        index.hnsw.efSearch = self._nearest

    def likeness(self, question: Array) -> Array:
        products, rows = self._index.search(question[None, :], self._nearest)
        found = rows[0] >= 0  # the walk may end before it has met so many
        near = products[0][found]
        filled = np.full(self._index.ntotal, near.min(initial=1.0), dtype=np.float32)
        filled[rows[0][found]] = near
        return filled


def write_vectors(vectors: Array, path: Path) -> None:
    """``vectors``: (rows, dimension), of length one. The same ones give the same file."""
    if len(vectors) <= EXACT_UP_TO:
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
    else:
        index = _graph(vectors)
    faiss.write_index(index, str(path))


def read_vectors(path: Path) -> Vectors:
    """What `write_vectors` wrote; the file says of which kind it is."""
    index = faiss.read_index(str(path))
    if isinstance(index, faiss.IndexHNSWFlat):
        return Graph(index)
    return AllCompared(index.reconstruct_n(0, index.ntotal))


def _graph(vectors: Array) -> faiss.IndexHNSWFlat:
    index = faiss.IndexHNSWFlat(vectors.shape[1], _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = _LOOKED_AT_TO_BUILD
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)  # several would link in an order that is never the same twice
    try:
        index.add(vectors)
    finally:
        faiss.omp_set_num_threads(threads)
    return index
